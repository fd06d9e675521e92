-- Where the need is greatest: frequent disorders with few open studies and few approved drugs come first.
WITH scored AS (
  SELECT
    orpha_code,
    name,
    category,
    per_100k,
    reported_cases,
    trials,
    open_trials,
    designated_drugs,
    approved_drugs,
    CAST(per_100k / (1 + open_trials + 2 * approved_drugs) AS DECIMAL(12, 3)) AS need
  FROM curated.disease_landscape
  WHERE per_100k IS NOT NULL
)
SELECT CAST(row_number() OVER (ORDER BY need DESC, orpha_code) AS INTEGER) AS place, *
FROM scored
