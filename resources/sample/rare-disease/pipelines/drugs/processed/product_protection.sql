-- Until when a product is protected, and by what.
WITH protection AS (
  SELECT product_id, expires_on, 'patent' AS kind FROM preprocessed.patents
  UNION ALL
  SELECT product_id, expires_on, IF(is_orphan, 'orphan exclusivity', 'exclusivity') FROM preprocessed.exclusivities
)
SELECT
  product_id,
  count(*) FILTER (kind = 'patent') AS patents,
  count(*) FILTER (kind <> 'patent') AS exclusivities,
  max(expires_on) FILTER (kind = 'patent') AS last_patent,
  max(expires_on) FILTER (kind <> 'patent') AS last_exclusivity,
  max(expires_on) AS protected_until,
  arg_max(kind, expires_on) AS protected_by
FROM protection
GROUP BY product_id
