import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'

/** Whole numbers up to this, either way, are exact as floating-point numbers. */
const MOST_EXACT = 2n ** 53n

/**
 * A SELECT whose columns of 128-bit whole numbers end it where one could not be kept: Parquet has no such type and holds them as DOUBLE. Every sum of
 * whole numbers is one, and nearly all of them are small enough.
 */
export function exactWholes(select: string, columns: readonly Column[]): string {
  const wide = columns.filter(({ type }) => /^U?HUGEINT$/.test(type))
  if (wide.length === 0) return select
  const kept = wide.map(({ name, type }) => {
    const ref = quoteIdentifier(name)
    const least = type === 'UHUGEINT' ? '0' : String(-MOST_EXACT)
    const message = `A whole number in "${name}" has more digits than a column of sums keeps exactly. Cast it: sum(…)::DECIMAL(38,0), or ::BIGINT where that is wide enough`
    return `CASE WHEN ${ref} IS NULL OR ${ref} BETWEEN ${least} AND ${MOST_EXACT} THEN ${ref} ELSE error(${quoteLiteral(message)}) END AS ${ref}`
  })
  return `SELECT * REPLACE (${kept.join(', ')}) FROM (${select})`
}
