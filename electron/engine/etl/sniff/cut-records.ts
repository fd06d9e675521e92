import type { CsvDialect } from '../connectors/csv-text.ts'

export interface CutRecord {
  fields: string[]
  /** Physical line at which it begins, from 1. */
  line: number
  /** A quoted field goes on behind its closing quote. */
  isTorn: boolean
}

interface Cutting {
  text: string
  dialect: CsvDialect
  at: number
  isTorn: boolean
}

/**
 * The first records of a text by a dialect, as strictly as the reader of a run would take them. A last record that the end of what was
 * read may have cut is left out.
 */
export function cutRecords(text: string, dialect: CsvDialect, { limit, isWhole }: { limit: number; isWhole: boolean }): CutRecord[] {
  const records: CutRecord[] = []
  const cutting: Cutting = { text, dialect, at: text.startsWith('\uFEFF') ? 1 : 0, isTorn: false }
  let line = 1
  while (cutting.at < text.length && records.length < limit) {
    const start = cutting.at
    cutting.isTorn = false
    const { fields, isEnded } = cutRecord(cutting)
    if (!isEnded && !isWhole) break
    records.push({ fields, line, isTorn: cutting.isTorn })
    line += countLines(text, start, cutting.at)
  }
  return records
}

function cutRecord(cutting: Cutting): { fields: string[]; isEnded: boolean } {
  const { text, dialect } = cutting
  const fields: string[] = []
  for (;;) {
    fields.push(cutField(cutting))
    if (text.startsWith(dialect.delimiter, cutting.at)) {
      cutting.at += dialect.delimiter.length
      continue
    }
    const isEnded = cutting.at < text.length
    if (isEnded) cutting.at += text.startsWith('\r\n', cutting.at) ? 2 : 1
    return { fields, isEnded }
  }
}

function cutField(cutting: Cutting): string {
  const { text, dialect } = cutting
  if (dialect.quote === '' || !text.startsWith(dialect.quote, cutting.at)) return cutPlain(cutting)
  cutting.at++
  let value = ''
  for (;;) {
    const char = text[cutting.at]
    if (char === undefined) {
      cutting.isTorn = true
      return value
    }
    if (char === dialect.escape && text[cutting.at + 1] === dialect.quote) {
      value += dialect.quote
      cutting.at += 2
    } else if (char === dialect.quote) {
      cutting.at++
      const rest = cutPlain(cutting)
      if (rest !== '') cutting.isTorn = true
      return value + rest
    } else {
      value += char
      cutting.at++
    }
  }
}

function cutPlain(cutting: Cutting): string {
  const { text, dialect } = cutting
  const start = cutting.at
  while (cutting.at < text.length) {
    const char = text[cutting.at]
    if (char === '\n' || char === '\r' || text.startsWith(dialect.delimiter, cutting.at)) break
    cutting.at++
  }
  return text.slice(start, cutting.at)
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0
  for (let at = from; at < to; at++) {
    const char = text[at]
    if (char === '\n' || (char === '\r' && text[at + 1] !== '\n')) lines++
  }
  return lines
}
