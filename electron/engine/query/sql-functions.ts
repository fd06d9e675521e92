import type { SqlFunction } from '../../../shared/contract/sql-pad.contract.ts'
import type { Duck } from './duckdb.ts'
import { isCallable } from './sql-tree.ts'

/** Overloads that are shown of a function. */
const SIGNATURES = 6

/** One row a function, its overloads as `(a INTEGER, b VARCHAR) → DATE`. Names of the catalog's own (`__x`, `pg_x`) are of no use in a SELECT. */
const SELECT_FUNCTIONS = `
WITH overloads AS (
  SELECT function_name AS name, CASE function_type WHEN 'table_macro' THEN 'table' ELSE function_type END AS kind, description, examples,
    '(' || array_to_string(list_transform(list_zip(parameters, parameter_types), lambda p: CASE WHEN p[2] IS NULL THEN p[1] WHEN p[1] LIKE 'col%' THEN p[2] ELSE p[1] || ' ' || p[2] END), ', ')
      || CASE WHEN varargs IS NULL THEN '' WHEN len(parameters) = 0 THEN varargs || ' …' ELSE ', ' || varargs || ' …' END || ')'
      || coalesce(' → ' || return_type, '') AS signature
  FROM duckdb_functions()
  WHERE function_type IN ('scalar', 'aggregate', 'table', 'macro', 'table_macro') AND regexp_full_match(function_name, '[a-z][a-z0-9_]*')
    AND NOT regexp_matches(function_name, '^(pg_|has_|inet_|current_setting$|txid_|in_search_path|nextval|currval)'))
SELECT name, kind, first(description) FILTER (description IS NOT NULL) AS description, first(examples[1]) FILTER (examples[1] IS NOT NULL) AS example,
  to_json(list_distinct(list(signature))[:${SIGNATURES}])::VARCHAR AS signatures
FROM overloads GROUP BY name, kind ORDER BY name, kind`

/** What DuckDB has to call, less what a SELECT of a person may not. */
export async function sqlFunctions(duck: Duck, signal: AbortSignal): Promise<SqlFunction[]> {
  const rows = await duck.rows(SELECT_FUNCTIONS, signal)
  return rows.flatMap((row): SqlFunction[] => {
    const [name, kind] = [String(row['name']), String(row['kind'])]
    if ((kind !== 'scalar' && kind !== 'aggregate' && kind !== 'table' && kind !== 'macro') || !isCallable(name, kind === 'table')) return []
    return [{ name, kind, signatures: JSON.parse(String(row['signatures'])), description: textOrNull(row['description']), example: textOrNull(row['example']) }]
  })
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
