-- The classification trees laid out flat: one row a node, with its depth and its path from the root.
WITH RECURSIVE nodes AS (
  SELECT
    CAST(NULL AS VARCHAR) AS parent_code,
    root ->> '$.Disorder.OrphaCode' AS orpha_code,
    coalesce(root ->> '$.Disorder.Name."#text"', root ->> '$.Disorder.Name') AS name,
    root ->> '$.Disorder.DisorderType' AS disorder_type,
    0 AS depth,
    [root ->> '$.Disorder.OrphaCode'] AS path,
    root -> '$.ClassificationNodeChildList.ClassificationNode' AS children
  FROM (
    SELECT unnest(json_extract(ClassificationNodeRootList, '$.ClassificationNode[*]')) AS root
    FROM raw.classification
  )
  UNION ALL
  SELECT
    orpha_code,
    child ->> '$.Disorder.OrphaCode',
    coalesce(child ->> '$.Disorder.Name."#text"', child ->> '$.Disorder.Name'),
    child ->> '$.Disorder.DisorderType',
    depth + 1,
    list_append(path, child ->> '$.Disorder.OrphaCode'),
    child -> '$.ClassificationNodeChildList.ClassificationNode'
  FROM (
    SELECT orpha_code, depth, path, unnest(json_extract(children, '$[*]')) AS child
    FROM nodes
  )
)
SELECT orpha_code, parent_code, name, disorder_type, depth, path, path[1] AS category_code
FROM nodes
