import type { CsvOptions, FixedColumn } from '../../workspace/model.ts'
import { FooterLines } from './footer-lines.ts'
import { LineCutter, type LineEnd } from './line-cutter.ts'
import { LineRecordWriter, lineText } from './line-records.ts'
import type { RecordSplitter, SplitterOptions } from './record-splitter.ts'

/**
 * Text in columns of fixed width, counted in characters. Blanks around a value go, a blank value is null. A line that ends before a
 * column begins is short; text behind the last column does not belong anywhere, and its record is rejected.
 */
export class FixedSplitter implements RecordSplitter {
  readonly #columns: readonly FixedColumn[]
  readonly #csv: CsvOptions
  readonly #nullText: ReadonlySet<string>
  readonly #writer: LineRecordWriter
  readonly #cutter: LineCutter
  readonly #lastStart: number
  readonly #end: number
  #line = 0

  constructor({ file, encoding, sink }: SplitterOptions, { columns, csv }: { columns: readonly FixedColumn[]; csv: CsvOptions }) {
    this.#columns = columns
    this.#csv = csv
    this.#nullText = new Set(['', ...csv.nullText])
    this.#lastStart = Math.max(...columns.map(({ start }) => start))
    this.#end = Math.max(...columns.map(({ start, width }) => start - 1 + width))
    this.#writer = new LineRecordWriter(sink, { columns: columns.map(({ name }) => name), encoding, ragged: csv.ragged ?? 'reject' })
    const footer = new FooterLines(csv.skipFooter ?? 0, (bytes, end) => this.#take(lineText(bytes), end))
    this.#cutter = new LineCutter(file, (bytes, end) => footer.take(bytes, end))
  }

  write(chunk: Buffer): void {
    this.#cutter.write(chunk)
  }

  end(): void {
    this.#cutter.end()
  }

  #take(text: string, end: LineEnd): void {
    this.#line++
    if (this.#isNoRecord(text)) return
    // Only text beyond the basic plane has characters of two units.
    const characters: string | string[] = /[\uD800-\uDFFF]/.test(text) ? [...text] : text
    const part = (from: number, to?: number): string => {
      const piece = characters.slice(from, to)
      return typeof piece === 'string' ? piece : piece.join('')
    }
    const fields = this.#columns.map(({ start, width }) => this.#value(part(start - 1, start - 1 + width)))
    const problem = part(this.#end).trim() === '' ? this.#shortness(characters.length, end) : `text behind the last column, which ends at character ${this.#end}`
    this.#writer.add({ line: this.#line, raw: text, fields, problem })
  }

  #isNoRecord(text: string): boolean {
    const { skipLines, comment } = this.#csv
    return this.#line <= skipLines || text.trim() === '' || (comment !== null && text.startsWith(comment))
  }

  #shortness(length: number, end: LineEnd): string | null {
    if (length >= this.#lastStart) return null
    if (end === '') return 'the file ends in the middle of this record'
    return this.#csv.ragged === 'fill' ? null : `${length} characters, but the last column begins at ${this.#lastStart}; with ragged: fill the rest is empty`
  }

  #value(text: string): string | null {
    const value = text.trim()
    return this.#nullText.has(value) ? null : value
  }
}
