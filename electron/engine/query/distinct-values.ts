import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import { columnOf } from './column-of.ts'
import type { Duck } from './duckdb.ts'
import { comparableSql } from './filter-sql.ts'
import { filterWhere } from './filter-where.ts'
import { refuseMasked } from './mask-sql.ts'
import { versionRelation } from './version-relation.ts'

/** The values that a filter on a column can choose from, with how many rows have each. */
export async function distinctValues(duck: Duck, { source, column: name, filter, containing, limit }: OpInput<'reader', 'values'>, signal: AbortSignal): Promise<OpOutput<'reader', 'values'>> {
  const column = columnOf(source.columns, name)
  refuseMasked(column, 'be listed by value')
  const where = await filterWhere(duck, filter, { columns: source.columns, signal })
  const value = comparableSql(column, quoteIdentifier(column.name))
  const contains = containing === '' ? 'true' : `contains(lower(value::VARCHAR), lower(${quoteLiteral(containing)}))`
  const rows = await duck.rows(
    `WITH counted AS (SELECT ${value} AS value, count(*) AS n FROM (${versionRelation(source)}) WHERE ${where} GROUP BY 1),
      wanted AS (SELECT value, n FROM counted WHERE value IS NOT NULL AND ${contains})
    SELECT value::VARCHAR AS value, n::VARCHAR AS n, (SELECT count(*) FROM wanted)::VARCHAR AS "distinct", coalesce((SELECT n FROM counted WHERE value IS NULL), 0)::VARCHAR AS nulls
    FROM (SELECT NULL AS unused) LEFT JOIN (FROM wanted ORDER BY n DESC, value LIMIT ${limit}) ON true`,
    signal,
  )
  const values = rows.flatMap(({ value: text, n }) => (text === null || text === undefined ? [] : [{ value: String(text), count: Number(n) }]))
  return { values, distinct: Number(rows[0]?.['distinct'] ?? 0), nulls: Number(rows[0]?.['nulls'] ?? 0) }
}
