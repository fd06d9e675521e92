import { quoteIdentifier, quoteLiteral } from './naming.ts'
import { binEdge, type GroupKey, type Grouping, type PivotHead, type PivotSpec } from './pivot.ts'
import { isTemporal } from './chart.ts'
import type { Column, Filter } from './table-query.ts'

/**
 * The rows of a group as filters. Levels below a group, and the rows behind a cell, are found by the same ones, so that what is shown of a group is what it
 * counts.
 */
export function groupFilters(grouping: Grouping, key: GroupKey, columns: readonly Column[]): Filter[] {
  const { column, bucket, width } = grouping
  if (key === null) return [{ column, op: 'is_null' }]
  const found = columns.find(({ name }) => name === column)
  if (width !== undefined) return binFilters(column, key, width)
  if (bucket === 'none' || found === undefined || !isTemporal(found) || key.endsWith('infinity')) return [{ column, op: 'eq', value: key }]
  const unit = bucket === 'hour' && found.kind === 'date' ? 'day' : bucket
  const end = nextTime(key, unit)
  // Years before the first have no text that a filter takes.
  if (end === null) return [{ op: 'expression', sql: `CAST(date_trunc('${unit}', ${quoteIdentifier(column)}) AS DATE)::VARCHAR = ${quoteLiteral(key)}` }]
  return [{ column, op: 'ge', value: key }, { column, op: 'lt', value: end }]
}

/** What is no number is in a bin by itself; `inf` is none to JavaScript. */
function binFilters(column: string, key: string, width: number): Filter[] {
  const index = Number(key)
  if (!Number.isFinite(index)) return [{ column, op: 'eq', value: key }]
  return [{ column, op: 'ge', value: binEdge(index, width) }, { column, op: 'lt', value: binEdge(index + 1, width) }]
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(\+00)?)?$/

/** Where the stretch of time ends that begins at `from`. */
function nextTime(from: string, unit: Exclude<Grouping['bucket'], 'none'>): string | null {
  const parts = TIME.exec(from)
  if (parts === null) return null
  const [year, month, day, hour] = parts.slice(1, 5).map((part) => Number(part ?? 0))
  const at = new Date(0)
  at.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day)
  at.setUTCHours(hour ?? 0)
  const months = { year: 12, quarter: 3, month: 1 }
  if (unit === 'hour') at.setUTCHours(at.getUTCHours() + 1)
  else if (unit === 'day' || unit === 'week') at.setUTCDate(at.getUTCDate() + (unit === 'week' ? 7 : 1))
  else at.setUTCMonth(at.getUTCMonth() + months[unit])
  const text = at.toISOString()
  if (!/^\d{4}-/.test(text)) return null
  return unit === 'hour' ? `${text.slice(0, 19).replace('T', ' ')}${parts[7] ?? ''}` : text.slice(0, 10)
}

/** The rows of a group that `path` leads to, from the outermost grouping inwards. */
export function pathFilters({ rows }: Pick<PivotSpec, 'rows'>, path: readonly GroupKey[], columns: readonly Column[]): Filter[] {
  return path.flatMap((key, depth) => {
    const grouping = rows[depth]
    return grouping === undefined ? [] : groupFilters(grouping, key, columns)
  })
}

/** The rows under a head; null where filters cannot say which those are. */
export function headFilters({ columns: pivoted }: Pick<PivotSpec, 'columns'>, { head, heads }: { head: PivotHead; heads: readonly PivotHead[] }, columns: readonly Column[]): Filter[] | null {
  if (!head.isOthers) return pivoted.flatMap((grouping, i) => groupFilters(grouping, head.key[i] ?? null, columns))
  const [only] = pivoted
  if (only === undefined || pivoted.length > 1 || only.bucket !== 'none' || only.width !== undefined) return null
  const keys = heads.filter(({ isOthers }) => !isOthers).map(({ key }) => key[0] ?? null)
  const values = keys.filter((key) => key !== null)
  // Rows without a value pass not_in: they are among the others unless they have a column of their own.
  return [{ column: only.column, op: 'not_in', values }, ...(keys.includes(null) ? [{ column: only.column, op: 'not_null' } as const] : [])]
}
