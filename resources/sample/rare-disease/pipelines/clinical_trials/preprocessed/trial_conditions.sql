SELECT
  protocolSection ->> '$.identificationModule.nctId' AS nct_id,
  unnest(json_extract_string(protocolSection, '$.conditionsModule.conditions[*]')) AS condition
FROM raw.studies
