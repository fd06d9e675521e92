WITH locations AS (
  SELECT
    protocolSection ->> '$.identificationModule.nctId' AS nct_id,
    unnest(json_extract(protocolSection, '$.contactsLocationsModule.locations[*]')) AS location
  FROM raw.studies
)
SELECT
  nct_id,
  location ->> '$.facility' AS facility,
  location ->> '$.city' AS city,
  location ->> '$.country' AS country,
  location ->> '$.status' AS site_status
FROM locations
