import type { Tolerance } from '../../../shared/domain/quantity.ts'
import type { CheckSpec } from '../workspace/model.ts'

/** What came of rules about a table as a whole, in words with numbers. */

type RuleOf<Kind extends CheckSpec['kind']> = Extract<CheckSpec, { kind: Kind }>

export function nullShareMessage({ column, max }: RuleOf<'null_share'>, { failing, total }: { failing: number; total: number }): string {
  if (total === 0) return 'There are no rows'
  return `${number(failing)} of ${number(total)} rows (${percent(failing / total)}) have no ${column}, ${percent(max)} may`
}

/** Whether a count keeps to the bounds, of which shares are of `total`. */
export function withinAmounts({ min, max }: { min: Tolerance | null; max: Tolerance | null }, found: number, total: number): boolean {
  return (min === null || found >= amountOf(min, total)) && (max === null || found <= amountOf(max, total))
}

export function distinctMessage({ column, min, max }: RuleOf<'distinct'>, found: number, total: number): string {
  if (total === 0) return 'There are no rows'
  const what = `${number(found)} different ${found === 1 ? 'value' : 'values'} of ${column} in ${number(total)} ${total === 1 ? 'row' : 'rows'}`
  if (min !== null && found < amountOf(min, total)) return `${what}, fewer than the ${amountWords(min)} expected`
  if (max !== null && found > amountOf(max, total)) return `${what}, more than the ${amountWords(max)} allowed`
  return what
}

export function growthMessage({ min, max }: RuleOf<'growth'>, total: number, before: { version: number; rowCount: number } | null): string {
  if (before === null) return 'The first version: there is nothing to compare it with'
  if (before.rowCount === 0) return `${number(total)} rows, after none in v${before.version}`
  const change = total / before.rowCount - 1
  const what = `${number(total)} rows, ${changeWords(change)} v${before.version} (${number(before.rowCount)})`
  if (min !== null && change < min) return `${what}; ${signed(min)} is the least allowed`
  return max !== null && change > max ? `${what}; ${signed(max)} is the most allowed` : what
}

export function freshnessMessage({ column, maxAgeMs }: RuleOf<'freshness'>, newest: number | null, now: number): string {
  const what = column === null ? 'delivery' : column
  if (newest === null) return column === null ? 'No delivery is known that the data come from' : `No row has a ${column} that is a time`
  return `The newest ${what} is ${ageWords(now - newest)} old (${new Date(newest).toISOString().slice(0, 10)}), ${ageWords(maxAgeMs)} is allowed`
}

function amountOf(amount: Tolerance, total: number): number {
  return 'count' in amount ? amount.count : amount.share * total
}

function amountWords(amount: Tolerance): string {
  return 'count' in amount ? number(amount.count) : percent(amount.share)
}

function changeWords(change: number): string {
  if (change === 0) return 'as many as'
  return `${percent(Math.abs(change))} ${change > 0 ? 'more' : 'fewer'} than`
}

function signed(share: number): string {
  return `${share > 0 ? '+' : ''}${percent(share)}`
}

/** Two digits where they matter: 0.4%, 41%. */
function percent(share: number): string {
  const value = share * 100
  return `${Number(value.toFixed(Math.abs(value) < 10 ? 2 : 1)).toLocaleString('en-US')}%`
}

const HOUR_MS = 3_600_000
const DAY_HOURS = 24

function ageWords(ms: number): string {
  const hours = Math.max(0, ms) / HOUR_MS
  if (hours < 2 * DAY_HOURS) return `${Number(hours.toFixed(hours < 10 ? 1 : 0))} h`
  return `${Number((hours / DAY_HOURS).toFixed(hours < 10 * DAY_HOURS ? 1 : 0)).toLocaleString('en-US')} days`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
