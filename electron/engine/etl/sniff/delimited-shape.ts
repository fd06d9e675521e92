import type { CsvDialect } from '../connectors/csv-text.ts'
import { type CutRecord, cutRecords } from './cut-records.ts'
import { guessHeader, type HeaderGuess } from './header-guess.ts'

/** How a delimited text is built. */
export interface DelimitedShape {
  dialect: CsvDialect
  /** Fields of most records. */
  width: number
  /** Share of the records looked at that have that many. */
  share: number
  looked: number
  header: HeaderGuess
  /** Lines before the header or the first record. */
  preamble: string[]
  /** Character that begins every line of the preamble, where it is a comment. */
  comment: string | null
  hasQuotes: boolean
  /** Another reading that fits nearly as well. */
  rival: { dialect: CsvDialect; width: number; share: number } | null
}

const DELIMITERS = [',', '\t', ';', '|', '~', '^', '\u0001', '\u001f']
/** Found inside ordinary text so often that they separate only where nothing else does. */
const LAST_DELIMITERS = [':', ' ']
const LOOKED_RECORDS = 1_000
const MAX_PREAMBLE = 50
const CLOSE = 0.06

interface Reading {
  dialect: CsvDialect
  records: CutRecord[]
  width: number
  share: number
  score: number
}

/** @returns null where nothing separates: one column, or no table at all */
export function readDelimited(text: string, isWhole: boolean): DelimitedShape | null {
  const first = readingsOf(text, isWhole, DELIMITERS)
  const readings = first.some(({ width, share }) => width > 1 && share >= 0.5) ? first : [...first, ...readingsOf(text, isWhole, LAST_DELIMITERS).filter(({ share }) => share > 0.9)]
  const ranked = readings.filter(({ width }) => width > 1).toSorted((a, b) => b.score - a.score || b.width - a.width)
  const [best] = ranked
  if (best === undefined || best.share < 0.3) return null
  return shapeOf(text, best, ranked.find((other) => isRival(other, best)) ?? null)
}

/** As even as the best, from the first record on: a comma inside dates does not cut the header. */
function isRival(other: Reading, best: Reading): boolean {
  return other.dialect.delimiter !== best.dialect.delimiter && best.score - other.score < CLOSE && other.records[0]?.fields.length === other.width
}

/** A file of one column is no table that separates, but it can be one all the same. */
export function singleColumn(text: string, isWhole: boolean): DelimitedShape {
  const dialect = { delimiter: ',', quote: '"', escape: '"' }
  return shapeOf(text, reading(text, isWhole, dialect), null)
}

function readingsOf(text: string, isWhole: boolean, delimiters: readonly string[]): Reading[] {
  return delimiters.filter((delimiter) => text.includes(delimiter)).map((delimiter) => {
    const quoted = reading(text, isWhole, { delimiter, quote: '"', escape: escapeOf(text) })
    const others = text.includes('"') ? [reading(text, isWhole, { delimiter, quote: '', escape: '' })] : []
    if (text.includes(`'${delimiter}'`)) others.push(reading(text, isWhole, { delimiter, quote: "'", escape: "'" }))
    return others.reduce((best, other) => (other.score > best.score + 0.01 ? other : best), quoted)
  })
}

/** A backslash before a quote escapes it, where quotes are not doubled. */
function escapeOf(text: string): string {
  return text.includes('\\"') && !/[^\\,;\t|\r\n]""[^,;\t|\r\n]/.test(text) ? '\\' : '"'
}

function reading(text: string, isWhole: boolean, dialect: CsvDialect): Reading {
  const records = cutRecords(text, dialect, { limit: LOOKED_RECORDS, isWhole }).filter(({ fields }) => fields.length > 1 || fields[0]?.trim() !== '')
  const counts = new Map<number, number>()
  for (const { fields } of records) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1)
  const [width = 0, count = 0] = [...counts].toSorted(([a, n], [b, m]) => m - n || b - a)[0] ?? []
  const share = records.length === 0 ? 0 : count / records.length
  const torn = records.filter(({ isTorn }) => isTorn).length / Math.max(1, records.length)
  return { dialect, records, width, share, score: share - torn }
}

function shapeOf(text: string, best: Reading, rival: Reading | null): DelimitedShape {
  const { records, width, dialect } = best
  const start = firstOf(records, width)
  const lines = text.split(/\r\n|\n|\r/)
  const preamble = start === 0 ? [] : lines.slice(0, (records[start]?.line ?? 1) - 1)
  const comment = preamble.length > 0 && preamble.every((line) => /^[#%]/.test(line)) ? (preamble[0]?.[0] ?? null) : null
  const body = records.slice(start).filter(({ fields }) => fields.length === width).map(({ fields }) => fields)
  return {
    dialect,
    width,
    share: best.share,
    looked: records.length,
    header: guessHeader(body),
    preamble,
    comment,
    hasQuotes: dialect.quote !== '' && text.includes(dialect.quote),
    rival: rival === null ? null : { dialect: rival.dialect, width: rival.width, share: rival.share },
  }
}

/** The table begins where two records in a row are as wide as most, and the first of them is no title beside empty fields. */
function firstOf(records: readonly CutRecord[], width: number): number {
  const isTable = (index: number): boolean => {
    const fields = records[index]?.fields ?? []
    if (fields.length !== width) return false
    return width < 3 || fields.filter((field) => field.trim() !== '').length > 1
  }
  for (let index = 0; index < Math.min(records.length, MAX_PREAMBLE); index++) {
    if (isTable(index) && (index + 1 >= records.length || records[index + 1]?.fields.length === width)) return index
  }
  return 0
}
