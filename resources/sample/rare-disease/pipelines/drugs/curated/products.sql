SELECT
  product.product_id,
  link.drugbank_id,
  drug.name AS drug,
  product.trade_name,
  product.dosage_form,
  product.route,
  product.strength,
  product.application_number,
  product.approved_on,
  product.marketing_status,
  product.applicant,
  coalesce(protection.patents, 0) AS patents,
  coalesce(protection.exclusivities, 0) AS exclusivities,
  protection.protected_until,
  protection.protected_by
FROM preprocessed.products AS product
LEFT JOIN processed.product_drugs AS link USING (product_id)
LEFT JOIN preprocessed.vocabulary AS drug USING (drugbank_id)
LEFT JOIN processed.product_protection AS protection USING (product_id)
