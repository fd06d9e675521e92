-- Some reports are dated to the month only: they count from its first day, and say so.
SELECT
  report_id,
  registry,
  orpha_code,
  country,
  CAST(IF(length(reported_on) = 7, reported_on || '-01', reported_on) AS DATE) AS reported_on,
  IF(length(reported_on) = 7, 'month', 'day') AS date_precision,
  new_cases
FROM raw.case_reports
