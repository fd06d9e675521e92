import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { Duck } from '../../query/duckdb.ts'
import { versionRelation } from '../../query/version-relation.ts'
import type { VersionSource } from '../../workers/wire.ts'
import type { InputRow } from './processor-api.ts'

export interface EntityRows {
  entityId: string
  rows: InputRow[]
}

export interface EntityInput {
  readonly entityCount: number
  /** Entities with all their rows, in key order, a batch at a time; the file decides which entities. */
  batches(signal: AbortSignal): AsyncGenerator<EntityRows[]>
}

const BATCH_ENTITIES = 500
/** Whole numbers up to here are numbers in JavaScript; wider ones arrive as text. */
const MAX_SAFE = Number.MAX_SAFE_INTEGER

/**
 * Sorts the input by entity once (spilling where it is large), so that each batch reads one stretch of it, however the
 * dataset itself is ordered.
 */
export async function openEntityInput(
  duck: Duck,
  { source, key, entitiesFile, signal }: { source: VersionSource; key: string; entitiesFile: string; signal: AbortSignal },
): Promise<EntityInput> {
  const row = `json_object(${source.columns.flatMap((column) => [quoteLiteral(column.name), rowValue(column)]).join(', ')})`
  await duck.run(
    `CREATE TEMP TABLE todo AS
       SELECT k, ((row_number() OVER (ORDER BY k)) - 1) // ${BATCH_ENTITIES} AS batch
       FROM (SELECT DISTINCT json ->> '$' AS k FROM read_json_objects([${quoteLiteral(entitiesFile)}], format = 'newline_delimited'));
     CREATE TEMP TABLE input AS
       SELECT t.batch, t.k, s.row FROM todo t
       LEFT JOIN (SELECT ${quoteIdentifier(key)}::VARCHAR AS k, ${row}::VARCHAR AS row FROM (${versionRelation(source)})) s ON s.k = t.k
       ORDER BY t.batch, t.k`,
    signal,
  )
  const [counted] = await duck.rows('SELECT count(*)::DOUBLE AS entities, coalesce(max(batch) + 1, 0)::DOUBLE AS batches FROM todo')
  const batchCount = Number(counted?.['batches'] ?? 0)
  return {
    entityCount: Number(counted?.['entities'] ?? 0),
    async *batches(stop) {
      for (let batch = 0; batch < batchCount; batch += 1) {
        const found = await duck.rows(
          `SELECT k, '[' || coalesce(string_agg(row, ','), '') || ']' AS rows FROM input WHERE batch = ${batch} GROUP BY k ORDER BY k`,
          stop,
        )
        yield found.map((entry) => ({ entityId: String(entry['k']), rows: JSON.parse(String(entry['rows'])) as InputRow[] }))
      }
    },
  }
}

function rowValue({ name, type }: Column): string {
  const column = quoteIdentifier(name)
  if (/^(U?BIGINT)$/i.test(type)) return `CASE WHEN ${column} BETWEEN -${MAX_SAFE} AND ${MAX_SAFE} THEN to_json(${column}) ELSE to_json(${column}::VARCHAR) END`
  if (/^(U?HUGEINT|DECIMAL|NUMERIC|BIGNUM)/i.test(type)) return `${column}::VARCHAR`
  if (/^(FLOAT|DOUBLE)$/i.test(type)) return `CASE WHEN isfinite(${column}) THEN to_json(${column}) ELSE to_json(${column}::VARCHAR) END`
  return /^BLOB$/i.test(type) ? `hex(${column})` : column
}
