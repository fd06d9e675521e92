-- Application and product numbers keep their leading zeros: they are text. Dates read "Jul 13, 2026".
SELECT
  Appl_Type || Appl_No || '-' || Product_No AS product_id,
  Appl_Type AS application_type,
  Appl_No AS application_number,
  Product_No AS product_number,
  Ingredient AS ingredient,
  Trade_Name AS trade_name,
  split_part("DF;Route", ';', 1) AS dosage_form,
  split_part("DF;Route", ';', 2) AS route,
  Strength AS strength,
  CAST(try_strptime(Approval_Date, '%b %-d, %Y') AS DATE) AS approved_on,
  Approval_Date LIKE 'Approved Prior%' AS approved_before_1982,
  Type AS marketing_status,
  Applicant AS applicant
FROM raw.products
