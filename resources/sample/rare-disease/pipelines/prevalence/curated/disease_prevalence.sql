-- One figure a disorder. Point prevalence before prevalence at birth before incidence, worldwide before local, value before class.
WITH ranked AS (
  SELECT
    *,
    count(*) OVER (PARTITION BY orpha_code) AS estimates,
    row_number() OVER (
      PARTITION BY orpha_code
      ORDER BY
        basis = 'none',
        list_position(['Point prevalence', 'Prevalence at birth', 'Annual incidence'], prevalence_type),
        geography <> 'Worldwide',
        basis <> 'value',
        geography,
        source
    ) AS place
  FROM processed.prevalence_estimates
)
SELECT
  disease.orpha_code,
  disease.name,
  disease.category,
  best.per_100k,
  best.basis,
  best.prevalence_type,
  best.geography,
  best.prevalence_class,
  coalesce(best.estimates, 0) AS estimates,
  CAST(coalesce(sum(total.new_cases), 0) AS BIGINT) AS reported_cases,
  best.source
FROM curated.diseases AS disease
LEFT JOIN ranked AS best ON best.orpha_code = disease.orpha_code AND best.place = 1
LEFT JOIN processed.case_totals AS total ON total.orpha_code = disease.orpha_code
GROUP BY ALL
