-- One row a disorder over all three data types: how frequent, how much studied, which drugs.
SELECT
  disease.orpha_code,
  disease.name,
  disease.category,
  figure.per_100k,
  figure.reported_cases,
  coalesce(activity.trials, 0) AS trials,
  coalesce(activity.open_trials, 0) AS open_trials,
  activity.highest_phase,
  coalesce(activity.activity, 'none') AS activity,
  count(DISTINCT orphan.drugbank_id) AS designated_drugs,
  count(DISTINCT orphan.drugbank_id) FILTER (orphan.status = 'Designated/Approved' AND orphan.products > 0) AS approved_drugs
FROM prevalence.curated.diseases AS disease
JOIN prevalence.curated.disease_prevalence AS figure USING (orpha_code)
LEFT JOIN processed.disease_activity AS activity ON activity.orpha_code = disease.orpha_code
LEFT JOIN drugs.curated.orphan_drugs AS orphan ON orphan.orpha_code = disease.orpha_code
GROUP BY ALL
