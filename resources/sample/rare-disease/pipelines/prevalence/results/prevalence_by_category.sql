-- How the categories compare.
SELECT
  category,
  count(*) AS diseases,
  count(per_100k) AS with_figure,
  sum(per_100k) AS total_per_100k,
  max(per_100k) AS highest_per_100k,
  arg_max(name, per_100k) AS most_frequent,
  CAST(sum(reported_cases) AS BIGINT) AS reported_cases
FROM curated.disease_prevalence
GROUP BY category
