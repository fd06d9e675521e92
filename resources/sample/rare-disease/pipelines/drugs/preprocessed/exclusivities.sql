SELECT
  Appl_Type || Appl_No || '-' || Product_No AS product_id,
  Exclusivity_Code AS exclusivity_code,
  starts_with(Exclusivity_Code, 'ODE-') AS is_orphan,
  CAST(strptime(Exclusivity_Date, '%b %-d, %Y') AS DATE) AS expires_on
FROM raw.exclusivities
