-- One row a packet: disorders, and the groups above them. Ages of onset come in both shapes.
SELECT
  ORPHAcode AS orpha_code,
  Label AS name,
  DisorderType ->> '$.value' AS disorder_type,
  TextSection ->> '$.Contents' AS definition,
  coalesce(json_extract_string(Synonyms, '$[*].Synonym'), []) AS synonyms,
  list_concat(
    json_extract_string(AverageAgeOfOnsets, '$[*].AverageAgeOfOnset.value'),
    json_extract_string(AverageAgeOfOnsets, '$.AverageAgeOfOnset[*].value')
  )[1] AS age_of_onset,
  json_extract_string(TypeOfInheritances, '$.TypeOfInheritance[0].value') AS inheritance,
  CAST(creationDate AS DATE) AS packet_date,
  _file AS packet
FROM prevalence.raw.packets
