-- Codes of the same disorder elsewhere: one flat object, a list of wrapped objects, or an object of a list.
WITH entries AS (
  SELECT
    ORPHAcode AS orpha_code,
    unnest(list_concat(
      list_concat(
        list_filter(json_extract(ExternalReferences, '$[*]'), lambda one: json_exists(one, '$.Source')),
        json_extract(ExternalReferences, '$[*].ExternalReference')
      ),
      json_extract(ExternalReferences, '$.ExternalReference[*]')
    )) AS entry
  FROM raw.packets
)
SELECT
  orpha_code,
  entry ->> '$.Source' AS source,
  entry ->> '$.Reference' AS reference,
  split_part(entry ->> '$.DisorderMappingRelation', ' ', 1) AS relation
FROM entries
