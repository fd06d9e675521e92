WITH interventions AS (
  SELECT
    protocolSection ->> '$.identificationModule.nctId' AS nct_id,
    unnest(json_extract(protocolSection, '$.armsInterventionsModule.interventions[*]')) AS intervention
  FROM raw.studies
)
SELECT DISTINCT nct_id, intervention ->> '$.type' AS intervention_type, intervention ->> '$.name' AS intervention
FROM interventions
