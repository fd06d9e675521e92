import type { Duck } from './duckdb.ts'
import { misfit, type TypedLiteral } from './filter-sql.ts'

/** Throws BAD_INPUT for the first value that DuckDB cannot read as its column's type, before a long query finds out. */
export async function checkCasts(duck: Duck, casts: readonly TypedLiteral[], signal?: AbortSignal): Promise<void> {
  if (casts.length === 0) return
  const [row] = await duck.rows(`SELECT ${casts.map(({ sql }, i) => `${sql} IS NULL AS "${i}"`).join(', ')}`, signal)
  const bad = casts.find((_, i) => row?.[String(i)] === true)
  if (bad !== undefined) throw misfit(bad.column, bad.value)
}
