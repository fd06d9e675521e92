import path from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { Duck } from '../query/duckdb.ts'
import type { KeepRows, KeptRows } from '../workers/checks.wire.ts'

/** Enough to see what they have in common; the count tells of all. */
export const MOST_KEPT_ROWS = 1_000

export interface RowsToKeep {
  select: string
  /** Columns that the rule is about; they come first. */
  about: readonly string[]
  keep: KeepRows
  name: string
}

/** Writes rows that break a rule into a file of their own, the first of them where there are many. */
export async function keepRows(duck: Duck, { select, about, keep, name }: RowsToKeep, signal: AbortSignal): Promise<KeptRows> {
  const file = `${keep.prefix}-${name}.parquet`
  // The rows of a rule that quarantines are records of the rejects, which have other columns.
  const given = new Set((await duck.describe(select)).map((column) => column.name.toLowerCase()))
  const present = about.filter((column) => given.has(column.toLowerCase()))
  const first = present.map(quoteIdentifier).join(', ')
  const columns = present.length === 0 ? '*' : `${first}, * EXCLUDE (${first})`
  const rows = `SELECT ${columns} FROM (${select}) LIMIT ${MOST_KEPT_ROWS}`
  const target = quoteLiteral(path.join(keep.dir, file))
  const [written] = await duck.rows(`COPY (${rows}) TO ${target} (FORMAT parquet, COMPRESSION zstd)`, signal)
  return { file, rowCount: Number(written?.['Count']), columns: await duck.describe(`SELECT * FROM read_parquet(${target})`) }
}
