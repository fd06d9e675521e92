import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { VersionSource } from '../../workers/wire.ts'
import type { Duck } from '../duckdb.ts'
import { rangesOf } from '../read-page.ts'
import { numberedRanges, numberedRelation, versionRelation } from '../version-relation.ts'

/** Rows of which everything is counted: up to there it costs nothing that anybody notices. */
const COUNTED_ROWS = 200_000
/** Rows at the beginning, in the middle and at the end, from which it is told how often values come again. */
const LOOKED_AT_ROWS = 20_000
/** With more different values than this share of the rows, counting each costs more than estimates do. */
const MANY_DIFFERENT = 0.15
/** Rows of a sample, about. */
const SAMPLE_ROWS = 100_000

/** A version as profiling reads it: column by column, so that each query decodes one column and no more. */
export interface ProfileTable {
  readonly duck: Duck
  readonly rowCount: number
  readonly signal: AbortSignal
  /** One row in so many is in a sample. */
  readonly every: number
  /** SELECT of the column as `v`. */
  column(column: Column): string
  /** SELECT of about 100,000 of its values as `v`, taken evenly over all rows; read once for the column at hand. */
  sample(column: Column): Promise<string>
  /** Whether a table of all its values with their counts is small beside the column. */
  isCountable(column: Column): boolean
  /** The same over another connection, for a column that is looked at beside this one's. */
  beside(duck: Duck): ProfileTable
}

const SAMPLE = 'temp.main.value_sample'

export async function openProfileTable(duck: Duck, source: VersionSource, { columns, signal }: { columns: readonly Column[]; signal: AbortSignal }): Promise<ProfileTable> {
  const { rowCount } = source
  const every = Math.max(1, Math.round(rowCount / SAMPLE_ROWS))
  const countable = rowCount <= COUNTED_ROWS ? null : await countableColumns(duck, source, { columns, signal })
  const [relation, numbered] = [versionRelation(source), numberedRelation(source)]
  const from = ({ name }: Column, rows: string): string => `SELECT ${quoteIdentifier(name)} AS v FROM (${rows})`
  const over = (connection: Duck): ProfileTable => {
    let sampled: string | null = null
    return {
      duck: connection,
      rowCount,
      signal,
      every,
      column: (column) => from(column, relation),
      async sample(column) {
        if (every === 1) return from(column, relation)
        // By the hash of its place, because values may come back in any period.
        if (sampled !== column.name) await connection.run(`CREATE OR REPLACE TEMP TABLE value_sample AS ${from(column, numbered)} WHERE hash("__row") % ${every} = 0`, signal)
        sampled = column.name
        return `SELECT v FROM ${SAMPLE}`
      },
      isCountable: ({ name }) => countable === null || countable.has(name),
      beside: over,
    }
  }
  return over(duck)
}

/** Told from three places of the table. Where that is wrong, the profile takes longer; what it says stays right. */
async function countableColumns(duck: Duck, source: VersionSource, { columns, signal }: { columns: readonly Column[]; signal: AbortSignal }): Promise<Set<string>> {
  const middle = Math.floor(source.rowCount / 2)
  const starts = [0, middle, Math.max(0, source.rowCount - LOOKED_AT_ROWS)]
  const ranges = starts.flatMap((start) => rangesOf(source.parts, start, LOOKED_AT_ROWS))
  const looks = columns.flatMap(({ name }, i) => [`count(DISTINCT ${quoteIdentifier(name)})::VARCHAR AS d${i}`, `count(${quoteIdentifier(name)})::VARCHAR AS n${i}`])
  const [row] = await duck.rows(`SELECT ${looks.join(', ')} FROM (${numberedRanges(source, ranges)})`, signal)
  const isFew = (_: Column, i: number): boolean => differentInAll(Number(row?.[`d${i}`]), Number(row?.[`n${i}`])) <= MANY_DIFFERENT * source.rowCount
  return new Set(columns.filter(isFew).map(({ name }) => name))
}

/** How many different values there are when so many rows show so many of them, each value being as likely: `seen = all * (1 - e^(-rows / all))`. */
export function differentInAll(seen: number, rows: number): number {
  if (seen >= rows) return rows === 0 ? 0 : Number.POSITIVE_INFINITY
  let [low, high] = [seen, seen]
  const shown = (all: number): number => all * -Math.expm1(-rows / all)
  while (shown(high) < seen) high *= 2
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2
    if (shown(middle) < seen) low = middle
    else high = middle
  }
  return high
}
