import type { ValueClass } from './value-classes.ts'

/** Keys of a column in pipeline.yaml that say how its values are written. */
export interface WrittenKeys {
  format?: string | string[]
  decimal?: '.' | ','
  thousands?: string
  strip?: string[]
  percent?: boolean
}

/** One way in which all values of a column may be written, as its source declares it. */
export interface WayToWrite {
  type: string
  keys: WrittenKeys
  /** Ways of different meanings that fit alike are asked about. */
  meaning: string
}

/** A way in which all values of a column may be read. */
export interface ColumnKind {
  name: string
  classes: readonly ValueClass[]
  /** At least one value must be of these: whole numbers alone are no amounts of money. */
  needs?: readonly ValueClass[]
  /** Type of the column. */
  type: string
  /** A cast is not exact, or only possible in a step: what the step makes of the text. */
  becomes?: string
  seen: string
  /** Where a plain cast does not do: what of it fits all values is declared, the first that does. */
  ways?: readonly WayToWrite[]
  /** Why it may be something else after all, and what. */
  doubt?: { text: string; others: readonly { label: string; declared: string | null }[] }
}

const EXAMPLES: Partial<Record<ValueClass, string>> = { month_day_year: 'Jul 13, 2026', day_month_year: '13-Jul-2026', slash_date: '31/1/2026', dot_date: '31.1.2026', dash_date: '31-1-2026' }

/** Narrower kinds first: of two that fit alike, the first is taken. */
export const COLUMN_KINDS: readonly ColumnKind[] = [
  {
    ...dated('compact date', 'compact_date', [day('%Y%m%d', 'days')]),
    seen: 'eight digits that are all days',
    doubt: { text: 'Eight digits could also be a number', others: [{ label: 'whole numbers', declared: 'BIGINT' }, { label: 'text', declared: null }] },
  },
  { name: 'integer', type: 'BIGINT', seen: 'whole numbers', classes: ['integer', 'compact_date'] },
  { name: 'number', type: 'DOUBLE', seen: 'numbers', classes: ['integer', 'compact_date', 'decimal', 'scientific'], needs: ['decimal', 'scientific'] },
  { name: 'boolean', type: 'BOOLEAN', seen: 'yes and no', classes: ['yes', 'no'] },
  { name: 'date', type: 'DATE', seen: 'dates like 2026-01-31', classes: ['iso_date'] },
  { name: 'timestamp', type: 'TIMESTAMP', seen: 'times without a zone', classes: ['timestamp', 'iso_date'], needs: ['timestamp'] },
  { name: 'zoned', type: 'TIMESTAMP WITH TIME ZONE', seen: 'times with a zone', classes: ['zoned'] },
  { name: 'year slash date', type: 'DATE', seen: 'dates like 2026/01/31', classes: ['year_slash'] },
  { name: 'time', type: 'TIME', seen: 'times of day', classes: ['time'], ways: [time('%H:%M:%S'), time('%H:%M'), time(['%H:%M:%S', '%H:%M'])] },
  {
    name: 'comma', type: 'VARCHAR', seen: 'numbers with one comma, before three digits', classes: ['integer', 'compact_date', 'comma_three'], needs: ['comma_three'],
    ways: [number('BIGINT', { thousands: ',' }, 'commas between thousands'), number('DOUBLE', { decimal: ',' }, 'decimal commas')],
  },
  { name: 'decimal comma', type: 'DOUBLE', seen: 'numbers with a decimal comma', classes: ['integer', 'compact_date', 'decimal_comma', 'comma_three'], needs: ['decimal_comma'], ways: [number('DOUBLE', { decimal: ',' }), number('DOUBLE', { decimal: ',', thousands: '.' })] },
  { name: 'thousands', type: 'DOUBLE', seen: 'numbers with commas between thousands', classes: ['integer', 'compact_date', 'decimal', 'comma_thousands', 'comma_three'], needs: ['comma_thousands'], ways: [number('BIGINT', { thousands: ',' }), number('DOUBLE', { thousands: ',' })] },
  { name: 'grouped', type: 'DOUBLE', seen: 'numbers in groups of three digits', classes: ['integer', 'compact_date', 'decimal', 'decimal_comma', 'grouped', 'grouped_decimal'], needs: ['grouped_decimal'], ways: [' ', "'"].flatMap((thousands) => [number('DOUBLE', { decimal: ',', thousands }), number('DOUBLE', { thousands })]) },
  { name: 'percent', type: 'DOUBLE', seen: 'percentages', classes: ['percent'], ways: [number('DOUBLE', { percent: true }), number('DOUBLE', { percent: true, decimal: ',' })] },
  { name: 'money', type: 'DOUBLE', seen: 'amounts with a currency', classes: ['money'], ways: ['$', '€', '£', '¥', 'EUR', 'USD', 'GBP', 'CHF', 'JPY'].flatMap(amounts) },
  dated('month day year', 'month_day_year', [day('%b %d, %Y'), day('%B %d, %Y')]),
  dated('day month year', 'day_month_year', [day('%d-%b-%Y'), day('%d %b %Y'), day('%d %B %Y'), day('%d-%B-%Y')]),
  dated('slash date', 'slash_date', [day('%d/%m/%Y', 'day first'), day('%m/%d/%Y', 'month first'), day('%d/%m/%y', 'day first'), day('%m/%d/%y', 'month first')]),
  dated('dot date', 'dot_date', [day('%d.%m.%Y', 'day first'), day('%m.%d.%Y', 'month first'), day('%d.%m.%y', 'day first')]),
  dated('dash date', 'dash_date', [day('%d-%m-%Y', 'day first'), day('%m-%d-%Y', 'month first')]),
  { name: 'slash time', type: 'TIMESTAMP', seen: 'days with slashes, and times', classes: ['slash_time'], ways: [...clocks('%d/%m/%Y', 'day first'), ...clocks('%m/%d/%Y', 'month first')] },
  { name: 'dot time', type: 'TIMESTAMP', seen: 'days like 31.1.2026, and times', classes: ['dot_time'], ways: [...clocks('%d.%m.%Y', 'day first'), ...clocks('%m.%d.%Y', 'month first')] },
  { name: 'month', type: 'VARCHAR', seen: 'months, or dates of which only the month is known', classes: ['year_month', 'iso_date'], needs: ['year_month'] },
  { name: 'json', type: 'VARCHAR', becomes: 'JSON', seen: 'JSON in text', classes: ['json'] },
]

function dated(name: string, only: ValueClass, ways: readonly WayToWrite[]): ColumnKind {
  return { name, type: 'DATE', classes: [only], seen: `dates like ${EXAMPLES[only] ?? '31/01/2026'}`, ways }
}

function day(format: string, meaning = 'days'): WayToWrite {
  return { type: 'DATE', keys: { format }, meaning }
}

function time(format: string | string[]): WayToWrite {
  return { type: 'TIME', keys: { format }, meaning: 'times' }
}

function number(type: string, keys: WrittenKeys, meaning = 'numbers'): WayToWrite {
  return { type, keys, meaning }
}

/** Of one currency: of several, the number alone would no longer say which. */
function amounts(sign: string): WayToWrite[] {
  const strip = [sign]
  return [{ strip, thousands: ',' }, { strip, decimal: ',' as const, thousands: '.' }, { strip, decimal: ',' as const, thousands: ' ' }, { strip, thousands: "'" }].map((keys) => number('DOUBLE', keys, sign))
}

function clocks(days: string, meaning: string): WayToWrite[] {
  const formats = ['', ','].flatMap((comma) => [['%H:%M:%S'], ['%H:%M'], ['%H:%M:%S', '%H:%M'], ['%I:%M:%S %p'], ['%I:%M %p'], ['%I:%M:%S %p', '%I:%M %p']].map((times) => times.map((clock) => `${days}${comma} ${clock}`)))
  return formats.map((format) => ({ type: 'TIMESTAMP', keys: { format: format.length === 1 ? (format[0] ?? '') : format }, meaning }))
}
