import { datasetId, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Duck } from '../duckdb.ts'
import { type ColumnOrigin, columnLineage } from './column-lineage.ts'
import type { MadeBySql } from './made-by-sql.ts'
import type { KnownTable } from './walk.ts'

/** What the columns of each statement come from. Nothing is executed and no table has to exist. */
export async function columnLineages(duck: Duck, statements: readonly MadeBySql[], signal?: AbortSignal): Promise<{ id: string; columns: ColumnOrigin[] }[]> {
  const names = await duck.rows(`SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type = 'aggregate'`, signal)
  const aggregates = new Set(names.map((row) => String(row['name'])))
  const found: { id: string; columns: ColumnOrigin[] }[] = []
  for (const statement of statements) {
    // A NUL would end the text inside DuckDB; no SQL needs one.
    const [row] = await duck.rows(`SELECT json_serialize_sql(${quoteLiteral(statement.sql.replaceAll('\0', ' '))})::VARCHAR AS tree`, signal)
    const tree: unknown = JSON.parse(String(row?.['tree'] ?? '{}'))
    found.push({ id: statement.id, columns: columnLineage(tree, statement.outputs, { tableOf: tablesOf(statement), aggregates }) })
  }
  return found
}

function tablesOf({ dataType, reads }: MadeBySql): (parts: readonly string[]) => KnownTable | null {
  const tables = new Map(reads.map(({ dataset, columns }) => [datasetId(dataset), { dataset: datasetId(dataset), columns }]))
  return (parts) => tables.get((parts.length === 2 ? [dataType, ...parts] : parts).join('.').toLowerCase()) ?? null
}
