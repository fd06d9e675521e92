import type { ColumnGuess } from '../../../../shared/contract/ingest.contract.ts'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { COLUMN_KINDS, type ColumnKind, dateSql } from './column-kinds.ts'
import type { ValueClass } from './value-classes.ts'

/** One class of a column's values: how many, and the first of them. */
export interface ClassCount {
  name: ValueClass
  count: number
  /** Of those, with blanks around the value. */
  padded: number
  first: { value: string; file: string; record: number }
}

export interface ColumnProfile {
  name: string
  renamedFrom: string | null
  /** As the raw dataset has it when nothing is declared. */
  storedType: string
  classes: ClassCount[]
  samples: string[]
  /** Words in it that stand for no value, as written; at most ten. */
  nullWords: string[]
  isUnique: boolean
  /** By format of strptime, the values that it does not fit; only for columns that look like dates. */
  dateMisfits: ReadonlyMap<string, number>
  /** Kinds of JSON values, where the column holds JSON. */
  shapes: { shape: string; count: number }[]
}

export type GuessedColumn = Omit<ColumnGuess, 'counterExample'> & { counterExample: ClassCount['first'] | null; nullWords: boolean }

/** Share of the values that must be of a kind before it is worth saying that the others are not. */
const NEARLY = 0.9

/** How a column is read: a kind that fits every value, else text, with what nearly fits as a doubt. */
export function guessColumn(profile: ColumnProfile): GuessedColumn {
  const { name, renamedFrom, storedType, classes, samples, isUnique } = profile
  const values = sum(classes)
  const nulls = sum(classes.filter((entry) => entry.name === 'null'))
  const base = { name, renamedFrom, values, nulls, samples, isUnique, nullWords: false, doubt: null, counterExample: null }
  const column = quoteIdentifier(name)
  if (storedType !== 'VARCHAR') return { ...base, type: storedType, becomes: storedType, sql: column, seen: seenOfStored(storedType), fits: values - nulls, doubt: shapeDoubt(profile) }
  const present = classes.filter((entry) => entry.name !== 'null')
  const asText = (seen: string, more: Partial<GuessedColumn> = {}): GuessedColumn => ({ ...base, type: 'VARCHAR', becomes: 'VARCHAR', sql: column, seen, fits: values - nulls, ...more })
  if (present.length === 0) return asText('no values', { doubt: values > 0 ? 'The column is empty, so its type is not known' : null })
  const digits = identifierReason(name, present)
  if (digits !== null) return asText(digits)
  const [best] = rank(present)
  const words = sum(present.filter((entry) => entry.name === 'null_word'))
  if (best === undefined || best.fits < NEARLY * (sum(present) - words) || best.fits < words) return asText('text')
  return guessOfKind({ profile, best, base, asText })
}

interface Ranked {
  kind: ColumnKind
  fits: number
  misfits: ClassCount[]
}

/** What stands for no value counts for no kind. */
function rank(present: readonly ClassCount[]): Ranked[] {
  const real = present.filter((entry) => entry.name !== 'null_word')
  return COLUMN_KINDS.filter(({ needs }) => needs === undefined || needs.some((need) => real.some((entry) => entry.name === need)))
    .map((kind) => ({ kind, fits: sum(real.filter((entry) => kind.classes.includes(entry.name))), misfits: present.filter((entry) => !kind.classes.includes(entry.name)) }))
    .filter(({ fits }) => fits > 0)
    .toSorted((a, b) => b.fits - a.fits)
}

interface Guessing {
  profile: ColumnProfile
  best: Ranked
  base: Omit<GuessedColumn, 'type' | 'becomes' | 'sql' | 'seen' | 'fits'>
  asText(seen: string, more?: Partial<GuessedColumn>): GuessedColumn
}

function guessOfKind(guessing: Guessing): GuessedColumn {
  const { profile, best, base, asText } = guessing
  const { kind, fits, misfits } = best
  const counterExample = firstOf(misfits)
  const others = sum(misfits.filter(({ name }) => name !== 'null_word'))
  if (kind.name === 'boolean' && !(has(profile, 'yes') && has(profile, 'no'))) {
    // One word alone is a flag, or a code among others.
    return asText(others > 0 ? 'text' : `only ${JSON.stringify(profile.samples[0] ?? '')}`)
  }
  if (others > 0) {
    return asText('text', { fits, counterExample, doubt: misfitText(best, others) })
  }
  const nullWords = misfits.length > 0
  const words = nullWords ? wordsText(counterExample) : ''
  const made = { ...base, fits, counterExample, nullWords }
  if (kind.formats !== undefined) return guessDate(guessing, made, words)
  const column = quoteIdentifier(profile.name)
  if (kind.raw === null || !isPadded(profile, kind)) return { ...made, type: kind.raw ?? 'VARCHAR', becomes: kind.becomes, sql: kind.sql(column), seen: `${kind.seen}${words}` }
  return { ...made, type: 'VARCHAR', becomes: kind.becomes, sql: kind.sql(`trim(${column})`), seen: `${kind.seen} with blanks around them${words}` }
}

/** A type takes no blanks, so such a column stays text until the step takes them away. */
function isPadded({ classes }: ColumnProfile, kind: ColumnKind): boolean {
  return classes.some(({ name, padded }) => padded > 0 && kind.classes.includes(name))
}

function firstOf(misfits: readonly ClassCount[]): ClassCount['first'] | null {
  return misfits.map(({ first }) => first).toSorted(byPlace)[0] ?? null
}

function misfitText({ kind, fits }: Ranked, others: number): string {
  const [are, records] = others === 1 ? ['is', 'that record'] : ['are', 'those records']
  return `${fits.toLocaleString('en')} values are ${kind.seen}, ${others.toLocaleString('en')} ${are} not. As ${kind.becomes}, ${records} would go to quarantine`
}

function wordsText(example: ClassCount['first'] | null): string {
  return `, and words for no value such as ${JSON.stringify(example?.value ?? '')}`
}

/** A date needs one format that fits every value; where two do, the file alone does not say which day is meant. */
function guessDate({ profile, best: { kind }, asText }: Guessing, made: Guessing['base'] & { fits: number }, words: string): GuessedColumn {
  const column = quoteIdentifier(profile.name)
  const fitting = (kind.formats ?? []).filter((format) => profile.dateMisfits.get(format) === 0)
  const [format] = fitting
  if (format === undefined) return asText('text that looks like dates, in no one format', { doubt: 'No format of dates fits all values' })
  const other = fitting.find((candidate) => candidate.replace('%B', '%b') !== format.replace('%B', '%b'))
  if (other !== undefined) return asText(`${kind.seen}, day or month first`, { doubt: `Both ${format} and ${other} fit every value, so the column stays text. In SQL: ${dateSql(column, format)}, or the other` })
  const doubt = kind.name === 'compact date' ? 'Eight digits could also be a number; as days they become DATE in the step, and stay text in raw' : null
  return { ...made, doubt, type: 'VARCHAR', becomes: 'DATE', sql: dateSql(column, format), seen: `${kind.seen} (${format})${words}` }
}

const IDENTIFIER_NAME = /(^|[^a-z])(phone|fax|zip|zip_?code|post_?code|postal|isbn|issn|ssn|ean|upc|iban)([^a-z]|$)/i

/** Digits that are names of things lose something as numbers. */
function identifierReason(column: string, present: readonly ClassCount[]): string | null {
  const isDigits = present.every(({ name }) => name === 'leading_zero' || name === 'long_digits' || name === 'integer' || name === 'compact_date' || name === 'decimal' || name === 'null_word')
  if (!isDigits) return null
  if (present.some(({ name }) => name === 'leading_zero')) return 'digits with leading zeros, which a number would lose'
  if (present.some(({ name }) => name === 'long_digits')) return 'more than 15 digits, which are names rather than numbers'
  return IDENTIFIER_NAME.test(column) ? 'digits under a name that stands for identifiers' : null
}

function seenOfStored(type: string): string {
  return type === 'JSON' ? 'objects, lists or mixed values' : `${type} by content`
}

function shapeDoubt({ shapes }: ColumnProfile): string | null {
  const real = shapes.filter(({ shape }) => shape !== 'NULL')
  if (real.length < 2) return null
  return `It comes in ${real.length} shapes: ${real.map(({ shape, count }) => `${SHAPE_WORDS[shape] ?? shape.toLowerCase()} in ${count.toLocaleString('en')} records`).join(', ')}`
}

const SHAPE_WORDS: Readonly<Record<string, string>> = { OBJECT: 'an object', ARRAY: 'a list', VARCHAR: 'a text', UBIGINT: 'a number', BIGINT: 'a number', DOUBLE: 'a number', BOOLEAN: 'true or false' }

function has({ classes }: ColumnProfile, name: ValueClass): boolean {
  return classes.some((entry) => entry.name === name)
}

function sum(classes: readonly ClassCount[]): number {
  return classes.reduce((total, { count }) => total + count, 0)
}

function byPlace(a: ClassCount['first'], b: ClassCount['first']): number {
  return a.file === b.file ? a.record - b.record : a.file < b.file ? -1 : 1
}
