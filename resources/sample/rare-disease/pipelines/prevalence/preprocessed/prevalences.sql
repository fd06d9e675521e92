-- Every prevalence of every packet. `Prevalences` is a list of objects, or an object of a list; both are read.
WITH entries AS (
  SELECT
    ORPHAcode AS orpha_code,
    unnest(list_concat(
      json_extract(Prevalences, '$[*].Prevalence'),
      json_extract(Prevalences, '$.Prevalence[*]')
    )) AS entry,
    _file AS packet
  FROM raw.packets
)
SELECT
  orpha_code,
  entry ->> '$.PrevalenceType' AS prevalence_type,
  entry ->> '$.PrevalenceQualification' AS qualification,
  nullif(entry ->> '$.PrevalenceClass', 'no data') AS prevalence_class,
  -- "no data" stands where a number belongs, and 0.0 means the same.
  nullif(try_cast(entry ->> '$.ValMoy' AS DECIMAL(12, 3)), 0) AS mean_per_100k,
  entry ->> '$.PrevalenceGeographic' AS geography,
  entry ->> '$.Source' AS source,
  packet
FROM entries
