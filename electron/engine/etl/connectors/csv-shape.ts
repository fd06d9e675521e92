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
}

/** @returns null for a text without any line of data */
export function readShape(head: string, isWhole: boolean, csv: CsvOptions): CsvShape | null {
  const { quote, escape } = quoting(csv)
  const preamble = preambleOf(head, csv)
  const body = head.slice(preamble.end)
  if (body === '') return null
  const { delimiter, isClear } = csv.delimiter === null ? sniffDelimiter(body, { quote, escape, isWhole }) : { delimiter: csv.delimiter, isClear: true }
  const dialect = { delimiter, quote, escape }
  const [fields] = readFields(body, dialect, { limit: 1, isWhole })
  return { dialect, isClear, fields: fields ?? null, skip: preamble.count + (csv.header ? 1 : 0) }
}

/** Skipped lines, then blank and comment lines: how many, and where they end. */
function preambleOf(head: string, csv: CsvOptions): { count: number; end: number } {
  const line = /[^\r\n]*(?:\r\n|\r|\n)/y
  let count = 0
  let end = 0
  for (;;) {
    line.lastIndex = end
    const text = line.exec(head)?.[0]
    if (text === undefined) return { count, end }
    const isPassed = count < csv.skipLines || text.trim() === '' || (csv.comment !== null && text.startsWith(csv.comment))
    if (!isPassed) return { count, end }
    count++
    end += text.length
  }
}
