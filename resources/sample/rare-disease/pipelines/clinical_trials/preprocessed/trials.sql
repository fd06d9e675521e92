-- One row a study. Dates such as 2023-05 count from the first of the month, and say so.
WITH studies AS (
  SELECT
    protocolSection AS protocol,
    hasResults AS has_results,
    protocolSection ->> '$.statusModule.startDateStruct.date' AS started,
    protocolSection ->> '$.statusModule.completionDateStruct.date' AS completed
  FROM raw.studies
)
SELECT
  protocol ->> '$.identificationModule.nctId' AS nct_id,
  protocol ->> '$.identificationModule.briefTitle' AS title,
  protocol ->> '$.statusModule.overallStatus' AS status,
  protocol ->> '$.designModule.studyType' AS study_type,
  list_aggregate(json_extract_string(protocol, '$.designModule.phases[*]'), 'max') AS phase,
  CAST(protocol ->> '$.designModule.enrollmentInfo.count' AS INTEGER) AS enrollment,
  CAST(IF(length(started) = 7, started || '-01', started) AS DATE) AS started_on,
  IF(length(started) = 7, 'month', 'day') AS start_precision,
  CAST(IF(length(completed) = 7, completed || '-01', completed) AS DATE) AS completed_on,
  protocol ->> '$.sponsorCollaboratorsModule.leadSponsor.name' AS sponsor,
  protocol ->> '$.sponsorCollaboratorsModule.leadSponsor.class' AS sponsor_class,
  CAST(has_results AS BOOLEAN) AS has_results
FROM studies
