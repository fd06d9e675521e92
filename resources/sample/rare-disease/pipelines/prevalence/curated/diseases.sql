-- The disorders themselves, without the groups above them, placed in the classification.
SELECT
  disorder.orpha_code,
  disorder.name,
  disorder.disorder_type,
  category.name AS category,
  parent.name AS clinical_group,
  disorder.synonyms,
  disorder.age_of_onset,
  disorder.inheritance,
  omim.reference AS omim,
  mondo.reference AS mondo
FROM preprocessed.disorders AS disorder
JOIN preprocessed.classification_nodes AS node USING (orpha_code)
JOIN preprocessed.disorders AS category ON category.orpha_code = node.category_code
LEFT JOIN preprocessed.disorders AS parent ON parent.orpha_code = node.parent_code
LEFT JOIN preprocessed.external_references AS omim ON omim.orpha_code = disorder.orpha_code AND omim.source = 'OMIM'
LEFT JOIN preprocessed.external_references AS mondo ON mondo.orpha_code = disorder.orpha_code AND mondo.source = 'MONDO'
WHERE disorder.disorder_type NOT IN ('Category', 'Clinical group')
