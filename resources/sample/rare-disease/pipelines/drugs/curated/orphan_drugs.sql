-- Substances designated for a disorder, with what became of them: joins the prevalence data.
SELECT
  designation.designation_id,
  designation.drugbank_id,
  drug.name AS drug,
  designation.orpha_code,
  disease.name AS disease,
  disease.category,
  figure.per_100k,
  designation.designation_year,
  designation.status,
  count(product.product_id) AS products,
  max(exclusivity.expires_on) AS exclusive_until
FROM preprocessed.designations AS designation
JOIN preprocessed.vocabulary AS drug USING (drugbank_id)
JOIN prevalence.curated.diseases AS disease USING (orpha_code)
JOIN prevalence.curated.disease_prevalence AS figure USING (orpha_code)
LEFT JOIN curated.products AS product ON product.drugbank_id = designation.drugbank_id
LEFT JOIN preprocessed.exclusivities AS exclusivity
  ON exclusivity.product_id = product.product_id AND exclusivity.exclusivity_code = designation.exclusivity_code
GROUP BY ALL
