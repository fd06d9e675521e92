SELECT
  Appl_Type || Appl_No || '-' || Product_No AS product_id,
  split_part(Patent_No, '*', 1) AS patent_number,
  Patent_No LIKE '%*PED' AS pediatric_extension,
  CAST(strptime(Patent_Expire_Date_Text, '%b %-d, %Y') AS DATE) AS expires_on,
  coalesce(Drug_Substance_Flag = 'Y', false) AS covers_substance,
  coalesce(Drug_Product_Flag = 'Y', false) AS covers_product,
  Patent_Use_Code AS use_code,
  coalesce(Delist_Flag = 'Y', false) AS delisting_requested,
  CAST(strptime(Submission_Date, '%b %-d, %Y') AS DATE) AS submitted_on
FROM raw.patents
