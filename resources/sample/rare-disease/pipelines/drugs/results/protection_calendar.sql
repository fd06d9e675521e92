-- How many products lose their last protection in which year.
SELECT
  year(protected_until) AS year,
  count(*) AS products,
  count(DISTINCT drugbank_id) AS drugs,
  count(*) FILTER (protected_by = 'patent') AS by_patent,
  count(*) FILTER (protected_by <> 'patent') AS by_exclusivity
FROM curated.products
WHERE protected_until IS NOT NULL
GROUP BY ALL
