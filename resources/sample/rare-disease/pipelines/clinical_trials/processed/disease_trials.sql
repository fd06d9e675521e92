-- Which study is about which disorder: its conditions are compared with the names and synonyms of the disorders.
WITH names AS (
  SELECT orpha_code, lower(name) AS name FROM prevalence.curated.diseases
  UNION
  SELECT orpha_code, lower(unnest(synonyms)) FROM prevalence.curated.diseases
)
SELECT DISTINCT
  names.orpha_code,
  trial.nct_id,
  trial.status,
  trial.study_type,
  trial.phase,
  trial.enrollment,
  trial.started_on,
  trial.completed_on
FROM preprocessed.trial_conditions AS condition
JOIN names ON names.name = lower(condition.condition)
JOIN preprocessed.trials AS trial USING (nct_id)
