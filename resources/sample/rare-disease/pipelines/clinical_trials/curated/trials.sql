-- Studies with the disorder and the substances they are about: joins all three data types.
SELECT
  trial.nct_id,
  trial.title,
  trial.status,
  trial.study_type,
  trial.phase,
  trial.enrollment,
  trial.started_on,
  trial.completed_on,
  trial.sponsor,
  link.orpha_code,
  disease.name AS disease,
  disease.category,
  list(DISTINCT tried.drugbank_id ORDER BY tried.drugbank_id) FILTER (tried.drugbank_id IS NOT NULL) AS drugbank_ids,
  count(DISTINCT tried.drugbank_id) AS drugs,
  coalesce(any_value(site.countries), 0) AS countries,
  coalesce(any_value(site.sites), 0) AS sites
FROM preprocessed.trials AS trial
LEFT JOIN processed.disease_trials AS link USING (nct_id)
LEFT JOIN prevalence.curated.diseases AS disease ON disease.orpha_code = link.orpha_code
LEFT JOIN processed.trial_drugs AS tried ON tried.nct_id = trial.nct_id
LEFT JOIN (
  SELECT nct_id, count(*) AS sites, count(DISTINCT country) AS countries
  FROM preprocessed.trial_locations
  GROUP BY nct_id
) AS site ON site.nct_id = trial.nct_id
GROUP BY ALL
