-- New cases a disorder and year over all registries.
SELECT
  orpha_code,
  year(reported_on) AS year,
  count(*) AS reports,
  count(DISTINCT country) AS countries,
  CAST(sum(new_cases) AS BIGINT) AS new_cases
FROM preprocessed.case_reports
GROUP BY ALL
