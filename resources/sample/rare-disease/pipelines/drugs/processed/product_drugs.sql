-- The substance behind each product, found by its name.
SELECT product.product_id, named.drugbank_id
FROM preprocessed.products AS product
JOIN preprocessed.drug_names AS named ON named.name = lower(product.ingredient)
