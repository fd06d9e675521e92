SELECT
  "DrugBank ID" AS drugbank_id,
  "Common name" AS name,
  CAS AS cas,
  UNII AS unii,
  string_split("Accession Numbers", ' | ') AS accession_numbers,
  coalesce(string_split(Synonyms, ' | '), []) AS synonyms
FROM raw.vocabulary
