import { join } from 'node:path'
import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Duck } from '../query/duckdb.ts'
import { parquetScan } from '../query/version-relation.ts'
import type { WrittenVersion } from '../workers/wire.ts'

/** The highest value of a column as text that a server understands: times in ISO 8601, those with a zone in UTC. Null: no row has one. */
export async function highestValue(duck: Duck, { written, dir, column, signal }: { written: Pick<WrittenVersion, 'parts' | 'columns'>; dir: string; column: string; signal: AbortSignal }): Promise<string | null> {
  const found = written.columns.find(({ name }) => name.toLowerCase() === column.toLowerCase())
  if (found === undefined) {
    throw new ProblemError('SOURCE_UNREADABLE', `The records have no column ${column}, so nobody can tell how far they go`, { details: { column }, hint: `Set incremental.column to one of ${written.columns.map(({ name }) => name).join(', ')}` })
  }
  const sql = `SELECT ${asText(`max(${quoteIdentifier(found.name)})`, found.type)} AS highest FROM ${parquetScan(written.parts.map(({ name }) => join(dir, name)))}`
  const [row] = await duck.rows(sql, signal)
  const highest = row?.['highest'] ?? null
  return highest === null ? null : String(highest)
}

function asText(value: string, type: string): string {
  if (type === 'TIMESTAMP WITH TIME ZONE') return `strftime(${value} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')`
  return type.startsWith('TIMESTAMP') ? `strftime(${value}, '%Y-%m-%dT%H:%M:%S.%f')` : `CAST(${value} AS VARCHAR)`
}
