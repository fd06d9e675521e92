import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { groupingName, MOST_PIVOT_COLUMNS, type PivotHead, type PivotSpec } from '../../../../shared/domain/pivot.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { Duck } from '../duckdb.ts'
import { groupSql, keySql } from './pivot-sql.ts'

interface HeadsRequest {
  spec: PivotSpec
  columns: readonly Column[]
  /** All rows that pass the filters, as a relation. */
  rows: string
  /** Name of the table to make: `h0`, `h1` for the values, `head` for their number. */
  table: string
  signal: AbortSignal
}

/**
 * Which values stand across, over all rows: the same on every level. Leaves them in a table that groups join with.
 * @throws BAD_INPUT where there are more than a table has room for, unless the rest become one column
 */
export async function findHeads(duck: Duck, { spec, columns, rows, table, signal }: HeadsRequest): Promise<PivotHead[]> {
  const { columns: pivoted, values, others } = spec
  const room = Math.max(1, Math.floor(MOST_PIVOT_COLUMNS / values.length))
  const names = pivoted.map((_, i) => quoteIdentifier(`h${i}`))
  const selected = pivoted.map((grouping, i) => `${groupSql(grouping, columns)} AS ${names[i]}`).join(', ')
  const found = `${table}_found`
  try {
    await duck.run(`CREATE TABLE ${found} AS SELECT ${selected}, count(*) AS n FROM ${rows} GROUP BY ALL`, signal)
    const [counted] = await duck.rows(`SELECT count(*)::DOUBLE AS n FROM ${found}`, signal)
    const count = Number(counted?.['n'] ?? 0)
    if (count > room && !others) throw tooMany(spec, count, room)
    const kept = count > room ? room - 1 : count
    await duck.run(
      `CREATE TABLE ${table} AS SELECT ${names.join(', ')}, row_number() OVER (ORDER BY ${names.map((name) => `${name} NULLS LAST`).join(', ')}) - 1 AS head
        FROM (FROM ${found} ORDER BY n DESC, ${names.join(', ')} LIMIT ${kept})`,
      signal,
    )
    const keys = await duck.rows(`SELECT ${names.map((name) => `${keySql(name)} AS ${name}`).join(', ')} FROM ${table} ORDER BY head`, signal)
    const heads = keys.map((row): PivotHead => ({ key: pivoted.map((_, i) => keyOf(row[`h${i}`])), isOthers: false }))
    return count > room ? [...heads, { key: [], isOthers: true }] : heads
  } finally {
    await duck.run(`DROP TABLE IF EXISTS ${found}`)
  }
}

function keyOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value)
}

function tooMany({ columns, values }: PivotSpec, count: number, room: number): ProblemError {
  const what = columns.map(groupingName).join(' and ')
  const each = values.length === 1 ? '' : `, ${values.length} columns each`
  return new ProblemError('BAD_INPUT', `${what} has ${count.toLocaleString('en')} different values; a table has room for ${room} of them across${each}`, {
    hint: `Filter the rows, pivot by a longer stretch of time or by wider steps, group by it instead, or show the ${room - 1} most frequent and the others together`,
    details: { count, room },
  })
}
