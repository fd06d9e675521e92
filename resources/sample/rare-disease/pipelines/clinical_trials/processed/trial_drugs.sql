-- Which study tries which substance, under whatever name.
SELECT DISTINCT tried.nct_id, named.drugbank_id
FROM preprocessed.trial_interventions AS tried
JOIN drugs.preprocessed.drug_names AS named ON named.name = lower(tried.intervention)
WHERE tried.intervention_type = 'DRUG'
