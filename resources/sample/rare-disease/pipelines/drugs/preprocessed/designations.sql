SELECT designation_id, drugbank_id, orpha_code, exclusivity_code, designation_year, status
FROM raw.designations
