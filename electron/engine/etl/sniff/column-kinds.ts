import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { ValueClass } from './value-classes.ts'

/** A way in which all values of a column may be read. */
export interface ColumnKind {
  name: string
  classes: readonly ValueClass[]
  /** At least one value must be of these: whole numbers alone are no amounts of money. */
  needs?: readonly ValueClass[]
  /** Type that the raw dataset can have, where a plain cast is exact; null: text, and the step converts. */
  raw: string | null
  becomes: string
  /** @param column quoted name */
  sql(column: string): string
  seen: string
  /** Formats of strptime of which one must fit all values; the step uses it. */
  formats?: readonly string[]
}

const cast = (type: string) => (column: string): string => `CAST(${column} AS ${type})`
const plain = (type: string, seen: string, classes: readonly ValueClass[]): Omit<ColumnKind, 'name'> => ({ classes, raw: type, becomes: type, sql: cast(type), seen })
const without = (pattern: string) => (column: string): string => `CAST(regexp_replace(${column}, ${quoteLiteral(pattern)}, '', 'g') AS DOUBLE)`

/** Narrower kinds first: of two that fit alike, the first is taken. */
export const COLUMN_KINDS: readonly ColumnKind[] = [
  dated('compact date', 'compact_date', { formats: ['%Y%m%d'], seen: 'eight digits that are all days' }),
  { name: 'integer', ...plain('BIGINT', 'whole numbers', ['integer', 'compact_date']) },
  { name: 'number', ...plain('DOUBLE', 'numbers', ['integer', 'compact_date', 'decimal', 'scientific']), needs: ['decimal', 'scientific'] },
  { name: 'boolean', ...plain('BOOLEAN', 'yes and no', ['yes', 'no']) },
  { name: 'date', ...plain('DATE', 'dates like 2026-01-31', ['iso_date']) },
  { name: 'timestamp', ...plain('TIMESTAMP', 'times without a zone', ['timestamp', 'iso_date']), needs: ['timestamp'] },
  { name: 'zoned', ...plain('TIMESTAMP WITH TIME ZONE', 'times with a zone', ['zoned']) },
  { name: 'year slash date', ...plain('DATE', 'dates like 2026/01/31', ['year_slash']) },
  { name: 'time', ...plain('TIME', 'times of day', ['time']), raw: null },
  { name: 'decimal comma', classes: ['integer', 'compact_date', 'decimal_comma', 'comma_three'], needs: ['decimal_comma'], raw: null, becomes: 'DOUBLE', sql: (column) => `CAST(replace(replace(${column}, '.', ''), ',', '.') AS DOUBLE)`, seen: 'numbers with a decimal comma' },
  { name: 'thousands', classes: ['integer', 'compact_date', 'decimal', 'comma_thousands', 'comma_three'], needs: ['comma_thousands'], raw: null, becomes: 'DOUBLE', sql: (column) => `CAST(replace(${column}, ',', '') AS DOUBLE)`, seen: 'numbers with commas between thousands' },
  { name: 'percent', classes: ['percent'], raw: null, becomes: 'DOUBLE', sql: (column) => `CAST(replace(replace(${column}, '%', ''), ',', '.') AS DOUBLE) / 100`, seen: 'percentages' },
  { name: 'money', classes: ['money'], raw: null, becomes: 'DOUBLE', sql: without('[^0-9.+-]'), seen: 'amounts with a currency sign' },
  dated('month day year', 'month_day_year', { formats: ['%b %d, %Y', '%B %d, %Y'], seen: 'dates like Jul 13, 2026' }),
  dated('day month year', 'day_month_year', { formats: ['%d-%b-%Y', '%d %b %Y', '%d %B %Y', '%d-%B-%Y'], seen: 'dates like 13-Jul-2026' }),
  dated('slash date', 'slash_date', { formats: ['%d/%m/%Y', '%m/%d/%Y', '%d/%m/%y', '%m/%d/%y'], seen: 'dates with slashes' }),
  dated('dot date', 'dot_date', { formats: ['%d.%m.%Y', '%m.%d.%Y', '%d.%m.%y'], seen: 'dates like 31.1.2026' }),
  dated('dash date', 'dash_date', { formats: ['%d-%m-%Y', '%m-%d-%Y'], seen: 'dates with dashes' }),
  { name: 'month', classes: ['year_month', 'iso_date'], needs: ['year_month'], raw: null, becomes: 'VARCHAR', sql: (column) => column, seen: 'months, or dates of which only the month is known' },
  { name: 'json', classes: ['json'], raw: null, becomes: 'JSON', sql: cast('JSON'), seen: 'JSON in text' },
]

function dated(name: string, only: ValueClass, { formats, seen }: { formats: readonly string[]; seen: string }): ColumnKind {
  return { name, classes: [only], raw: null, becomes: 'DATE', sql: (column) => column, seen, formats }
}

export function dateSql(column: string, format: string): string {
  return `CAST(strptime(${column}, ${quoteLiteral(format)}) AS DATE)`
}
