import { quoting } from '../../query/csv-records.ts'
import type { CsvOptions } from '../../workspace/model.ts'
import { type CsvDialect, readFields, sniffDelimiter } from './csv-text.ts'

/** What the first lines of a delimited text say. */
export interface CsvShape {
  dialect: CsvDialect
  /** False when another delimiter would fit as well. */
  isClear: boolean
  /** Fields of the first record, or of the header. Null: the text ends before its first record does. */
  fields: string[] | null
  /** Lines before the first record: skipped ones, blank and comment lines before the header, the header. */
  skip: number
  /** The same as DuckDB counts: without comment lines. */
  readerSkip: number
}

const BOM = '\uFEFF'

/** @returns null for a text without any line of data */
export function readShape(head: string, isWhole: boolean, csv: CsvOptions): CsvShape | null {
  const { quote, escape } = quoting(csv)
  const hasMark = head.startsWith(BOM)
  const text = hasMark ? head.slice(BOM.length) : head
  const preamble = preambleOf(text, hasMark, csv)
  const body = text.slice(preamble.end)
  if (body === '') return null
  const { delimiter, isClear } = csv.delimiter === null ? sniffDelimiter(body, { quote, escape, isWhole }) : { delimiter: csv.delimiter, isClear: true }
  const dialect = { delimiter, quote, escape }
  const [fields] = readFields(body, dialect, { limit: 1, isWhole })
  const header = csv.header ? 1 : 0
  return { dialect, isClear, fields: fields ?? null, skip: preamble.count + header, readerSkip: preamble.count - preamble.comments + header }
}

/** Skipped lines, then blank and comment lines: how many, how many of them comments to DuckDB, and where they end. */
function preambleOf(text: string, hasMark: boolean, csv: CsvOptions): { count: number; comments: number; end: number } {
  const pattern = /[^\r\n]*(?:\r\n|\r|\n)/y
  let count = 0
  let comments = 0
  let end = 0
  for (;;) {
    pattern.lastIndex = end
    const line = pattern.exec(text)?.[0]
    if (line === undefined) return { count, comments, end }
    const isComment = csv.comment !== null && line.startsWith(csv.comment)
    if (count >= csv.skipLines && line.trim() !== '' && !isComment) return { count, comments, end }
    // A byte order mark before it hides a comment from DuckDB.
    if (isComment && !(hasMark && count === 0)) comments++
    count++
    end += line.length
  }
}
