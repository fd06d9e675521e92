-- Studies by category and phase.
SELECT
  coalesce(category, 'Not matched') AS category,
  coalesce(phase, 'None') AS phase,
  count(*) AS trials,
  count(*) FILTER (status = 'RECRUITING') AS recruiting,
  CAST(sum(enrollment) AS BIGINT) AS enrollment
FROM curated.trials
GROUP BY ALL
