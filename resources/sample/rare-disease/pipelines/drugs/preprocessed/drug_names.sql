-- Every name a substance goes by, in small letters, for matching.
SELECT DISTINCT drugbank_id, lower(name) AS name
FROM (
  SELECT drugbank_id, name FROM preprocessed.vocabulary
  UNION ALL
  SELECT drugbank_id, unnest(synonyms) FROM preprocessed.vocabulary
)
