import type { ColumnGuess } from '../../../../shared/contract/ingest.contract.ts'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { COLUMN_KINDS, type ColumnKind, type WayToWrite } from './column-kinds.ts'
import type { ValueClass } from './value-classes.ts'
import { declaredAs, wayText } from './written-columns.ts'

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
  /** Values that a way to write does not fit; only the ways of the kinds that the column may be of. */
  misfits: ReadonlyMap<WayToWrite, number>
  /** Kinds of JSON values, where the column holds JSON. */
  shapes: { shape: string; count: number }[]
}

export type GuessedColumn = Omit<ColumnGuess, 'counterExample'> & { counterExample: ClassCount['first'] | null; nullWords: boolean; way: WayToWrite | null }

/** Share of the values that must be of a kind before it is worth saying that the others are not. */
const NEARLY = 0.9

/** How a column is read: a kind that fits every value, else text, with what nearly fits as a doubt. */
export function guessColumn(profile: ColumnProfile): GuessedColumn {
  const { name, renamedFrom, storedType, classes, samples, isUnique } = profile
  const values = sum(classes)
  const nulls = sum(classes.filter((entry) => entry.name === 'null'))
  const base = { name, renamedFrom, values, nulls, samples, isUnique, nullWords: false, doubt: null, choices: [], counterExample: null, declared: null, way: null }
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

/** The ways that are worth a look at every value: those of kinds that all values may be of. */
export function waysToTry(classes: readonly ClassCount[]): WayToWrite[] {
  const present = classes.filter(({ name }) => name !== 'null')
  const real = present.filter(({ name }) => name !== 'null_word')
  return rank(present).filter(({ fits }) => fits === sum(real)).flatMap(({ kind }) => kind.ways ?? [])
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
  if (isOneWord(profile, kind)) return asText(others > 0 ? 'text' : `only ${JSON.stringify(profile.samples[0] ?? '')}`)
  if (others > 0) return asText('text', { fits, counterExample, doubt: misfitText(best, others), choices: canBeTaken(kind) ? [TEXT, { label: kind.seen, declared: kind.type }] : [] })
  const nullWords = misfits.length > 0
  const words = nullWords ? wordsText(counterExample) : ''
  const made = { ...base, fits, counterExample, nullWords }
  if (kind.ways !== undefined) return guessWay(guessing, made, words)
  const column = quoteIdentifier(profile.name)
  if (kind.type === 'VARCHAR' || !isPadded(profile, kind)) return guessPlain(kind, column, { ...made, seen: `${kind.seen}${words}` })
  return { ...made, type: 'VARCHAR', becomes: kind.type, sql: `CAST(trim(${column}) AS ${kind.type})`, seen: `${kind.seen} with blanks around them${words}` }
}

/** A type takes no blanks, so such a column stays text until the step takes them away. */
function isPadded({ classes }: ColumnProfile, kind: ColumnKind): boolean {
  return classes.some(({ name, padded }) => padded > 0 && kind.classes.includes(name))
}

/** One word alone is a flag, or a code among others. */
function isOneWord(profile: ColumnProfile, { name }: ColumnKind): boolean {
  return name === 'boolean' && !(has(profile, 'yes') && has(profile, 'no'))
}

/** Where a type alone says how values are written, it can be taken although not all fit. */
function canBeTaken({ ways, type }: ColumnKind): boolean {
  return ways === undefined && type !== 'VARCHAR'
}

function guessPlain({ type, becomes = type }: ColumnKind, column: string, made: Omit<GuessedColumn, 'type' | 'becomes' | 'sql'>): GuessedColumn {
  return { ...made, type, declared: type === 'VARCHAR' ? null : type, becomes, sql: becomes === type ? column : `CAST(${column} AS ${becomes})` }
}

const TEXT = { label: 'text', declared: null }

function firstOf(misfits: readonly ClassCount[]): ClassCount['first'] | null {
  return misfits.map(({ first }) => first).toSorted(byPlace)[0] ?? null
}

function misfitText({ kind, fits }: Ranked, others: number): string {
  const [are, records] = others === 1 ? ['is', 'that record'] : ['are', 'those records']
  return `${fits.toLocaleString('en')} values are ${kind.seen}, ${others.toLocaleString('en')} ${are} not. As ${kind.type}, ${records} would go to quarantine`
}

function wordsText(example: ClassCount['first'] | null): string {
  return `, and words for no value such as ${JSON.stringify(example?.value ?? '')}`
}

/** A column has one way to write that fits every value; where two of other meaning do, the file alone does not say which is meant. */
function guessWay({ profile, best: { kind }, asText }: Guessing, made: Guessing['base'] & { fits: number }, words: string): GuessedColumn {
  const fitting = (kind.ways ?? []).filter((way) => profile.misfits.get(way) === 0)
  const [way] = fitting
  if (way === undefined) return asText(`text that looks like ${kind.seen}, in no one way`, { doubt: `No one way of writing fits all values: they look like ${kind.seen}` })
  const meanings = [...new Map(fitting.map((one) => [one.meaning, one])).keys()].flatMap((meaning) => fitting.find((one) => one.meaning === meaning) ?? [])
  const choices = meanings.map((one) => ({ label: `${one.meaning}${one.keys.format === undefined ? '' : `, ${wayText(one)}`}`, declared: declaredAs(one) }))
  if (choices.length > 1) {
    return asText(`${kind.seen}, ${meanings.map(({ meaning }) => meaning).join(' or ')}`, { doubt: `Both ${meanings.map(wayText).join(' and ')} fit every value, so the column stays text`, choices: [TEXT, ...choices] })
  }
  const column = quoteIdentifier(profile.name)
  const { doubt } = kind
  const format = way.keys.format === undefined ? '' : ` (${wayText(way)})`
  return {
    ...made, way, type: way.type, declared: declaredAs(way), becomes: way.type, sql: column, seen: `${kind.seen}${format}${words}`,
    ...(doubt === undefined ? {} : { doubt: doubt.text, choices: [{ label: kind.seen, declared: declaredAs(way) }, ...doubt.others] }),
  }
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
