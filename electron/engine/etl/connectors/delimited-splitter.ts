import { truncated, unreadable } from '../source-problem.ts'
import type { CsvOptions } from '../../workspace/model.ts'
import type { CsvHead } from './csv-head.ts'
import { FieldReader } from './field-reader.ts'
import { LineCutter, type LineEnd } from './line-cutter.ts'
import { LineRecordWriter, lineText } from './line-records.ts'
import { FooterLines } from './footer-lines.ts'
import { MAX_RECORD_BYTES, type RecordSplitter, type SplitterOptions } from './record-splitter.ts'

interface DelimitedText {
  head: CsvHead
  /** Names of the columns, as the dataset has them. */
  columns: readonly string[]
  csv: CsvOptions
}

/**
 * Delimited text, record by record: for what DuckDB's reader cannot do (ragged records, footers, long comment marks and delimiters, zero
 * bytes, rules on the text of a record). It reads everything else as the other reader does, at about a tenth of its speed.
 */
export class DelimitedSplitter implements RecordSplitter {
  readonly #file: string
  readonly #csv: CsvOptions
  readonly #reader: FieldReader
  readonly #writer: LineRecordWriter
  readonly #cutter: LineCutter
  readonly #footer: FooterLines
  readonly #width: number
  readonly #skip: number
  #line = 0
  #entries = 0
  #startLine = 1
  #raw = ''
  #lastEnd: LineEnd = ''

  constructor({ file, encoding, sink }: SplitterOptions, { head, columns, csv }: DelimitedText) {
    this.#file = file
    this.#csv = csv
    this.#skip = head.skip
    this.#width = head.columns.length
    this.#reader = new FieldReader(head.dialect, csv.nullText)
    this.#writer = new LineRecordWriter(sink, { columns, encoding, ragged: csv.ragged ?? 'reject' })
    this.#footer = new FooterLines(csv.skipFooter ?? 0, (bytes, end) => this.#take(lineText(bytes), end))
    this.#cutter = new LineCutter(file, (bytes, end) => this.#footer.take(bytes, end))
  }

  write(chunk: Buffer): void {
    this.#cutter.write(chunk)
  }

  end(): void {
    this.#cutter.end()
    if (this.#reader.isOpen) throw truncated('a quoted field that begins in this record is never closed', { file: this.#file, line: this.#startLine })
  }

  #take(text: string, end: LineEnd): void {
    this.#line++
    this.#lastEnd = end
    if (this.#reader.isOpen) this.#raw += text
    else if (this.#isNoRecord(text)) return
    else {
      this.#startLine = this.#line
      this.#raw = text
    }
    this.#reader.read(text)
    if (!this.#reader.isOpen) return this.#finish()
    this.#reader.goOn(end)
    this.#raw += end
    if (this.#raw.length > MAX_RECORD_BYTES) {
      throw unreadable(`a record is longer than ${MAX_RECORD_BYTES / 1024 / 1024} MB`, { file: this.#file, line: this.#startLine, hint: 'A quote may open and never close. Check quote and escape of the source' })
    }
  }

  /** Lines before the first record count one by one, a header of several lines as one. */
  #isNoRecord(text: string): boolean {
    const isHeader = this.#csv.header && this.#entries === this.#skip - 1
    if (this.#entries < this.#skip && !isHeader) {
      this.#entries++
      return true
    }
    if (this.#csv.comment !== null && text.startsWith(this.#csv.comment)) return true
    return text === '' && this.#width > 1
  }

  #finish(): void {
    const { fields, problem } = this.#reader.take()
    if (this.#entries++ < this.#skip) return
    const isCut = this.#lastEnd === '' && problem === null && fields.length < this.#width
    if (isCut && this.#csv.ragged !== 'fill') throw truncated('the last record is incomplete', { file: this.#file, line: this.#startLine })
    this.#writer.add({ line: this.#startLine, raw: this.#raw, fields, problem: isCut ? 'the file ends in the middle of this record' : problem })
  }
}
