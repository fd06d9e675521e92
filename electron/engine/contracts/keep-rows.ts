import path from 'node:path'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import type { Duck } from '../query/duckdb.ts'
import type { KeepRows, KeptRows } from '../workers/checks.wire.ts'

/** Enough to see what they have in common; the count tells of all. */
export const MOST_KEPT_ROWS = 1_000

/** Writes rows that break a rule into a file of their own, the first of them where there are many. */
export async function keepRows(duck: Duck, { select, keep, name }: { select: string; keep: KeepRows; name: string }, signal: AbortSignal): Promise<KeptRows> {
  const file = `${keep.prefix}-${name}.parquet`
  const rows = `SELECT * FROM (${select}) LIMIT ${MOST_KEPT_ROWS}`
  const target = quoteLiteral(path.join(keep.dir, file))
  const [written] = await duck.rows(`COPY (${rows}) TO ${target} (FORMAT parquet, COMPRESSION zstd)`, signal)
  return { file, rowCount: Number(written?.['Count']), columns: await duck.describe(`SELECT * FROM read_parquet(${target})`) }
}
