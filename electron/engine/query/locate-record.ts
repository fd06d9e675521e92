import { basename } from 'node:path'
import { readShape } from '../etl/connectors/csv-shape.ts'
import { DelimitedSplitter } from '../etl/connectors/delimited-splitter.ts'
import { FixedSplitter } from '../etl/connectors/fixed-splitter.ts'
import { readsByRecords } from '../etl/connectors/reads-by-records.ts'
import type { RecordSplitter, SplitterOptions } from '../etl/connectors/record-splitter.ts'
import { locateRow } from '../etl/connectors/xlsx/locate-row.ts'
import { XLSX_DEFAULTS } from '../etl/connectors/xlsx/xlsx-options.ts'
import { readDelivered } from '../etl/read-delivered.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import type { CsvOptions } from '../workspace/model.ts'
import { CsvRecordScanner } from './csv-records.ts'

const LF = 10
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Physical line or row of a sheet, from 1, at which a record of a delivered file begins; null where a line means nothing (JSON, XML, Parquet) or the file
 * has fewer records.
 * @param input.member of the file, where that is an archive
 * @param input.record ordinal from 1, as in `_record`
 */
export async function locateRecord({ path, member, record, source }: OpInput<'reader', 'locate'>, signal: AbortSignal): Promise<OpOutput<'reader', 'locate'>> {
  if (source.format === 'xlsx') return locateRow({ path, member, record, options: source.xlsx ?? XLSX_DEFAULTS }, signal)
  const finder = finderFor(record, source)
  if (finder === null) return { line: null }
  await readDelivered({ path, name: basename(path), member, declared: source.encoding ?? null, signal }, (chunk) => {
    finder.write(chunk)
    return finder.line === null
  })
  if (finder.line === null) finder.end()
  return { line: finder.line }
}

function finderFor(record: number, { format, csv, fixed = [] }: OpInput<'reader', 'locate'>['source']): Finder | null {
  if (format === 'ndjson') return new LineFinder(record)
  if (format === 'fixed') return new SplitterFinder(record, (options) => new FixedSplitter(options, { columns: fixed, csv }))
  if (format !== 'csv') return null
  return readsByRecords(csv) ? new SplitterFinder(record, (options, head) => delimitedSplitter(options, head, csv)) : new CsvFinder(record, csv)
}

function delimitedSplitter(options: SplitterOptions, head: Buffer, csv: CsvOptions): RecordSplitter | null {
  const shape = readShape(head.toString('utf8'), true, csv)
  const columns = shape?.fields ?? []
  return shape === null ? null : new DelimitedSplitter(options, { head: { ...shape, columns }, columns, csv })
}

interface Finder {
  readonly line: number | null
  write(chunk: Buffer): void
  end(): void
}

/** Counts with the reader that cut the file into records. */
class SplitterFinder implements Finder {
  line: number | null = null
  readonly #make: (head: Buffer) => RecordSplitter | null
  #splitter: RecordSplitter | null = null

  constructor(record: number, make: (options: SplitterOptions, head: Buffer) => RecordSplitter | null) {
    let records = 0
    const add = ({ line }: { line: number | bigint }): boolean => {
      if (++records === record) this.line = Number(line)
      return true
    }
    this.#make = (head) => make({ file: '', encoding: '', sink: { add }, record: null, lists: [] }, head)
  }

  write(chunk: Buffer): void {
    this.#splitter ??= this.#make(chunk)
    this.#splitter?.write(chunk)
  }

  end(): void {
    this.#splitter?.end()
  }
}

/** Blank lines are no records. */
class LineFinder implements Finder {
  line: number | null = null
  readonly #record: number
  #records = 0
  #lines = 1
  #isBlank = true
  #isFirst = true

  constructor(record: number) {
    this.#record = record
  }

  write(chunk: Buffer): void {
    const from = this.#isFirst && chunk.subarray(0, 3).equals(BOM) ? BOM.length : 0
    this.#isFirst = false
    for (let at = from; at < chunk.length && this.line === null; at++) {
      const byte = chunk[at] ?? 0
      if (byte === LF) {
        this.#lines++
        this.#isBlank = true
      } else if (this.#isBlank && byte > 32) {
        this.#isBlank = false
        if (++this.#records === this.#record) this.line = this.#lines
      }
      if (!this.#isBlank && byte !== LF) at = lineEnd(chunk, at) - 1
    }
  }

  end(): void {}
}

function lineEnd(chunk: Buffer, from: number): number {
  const end = chunk.indexOf(LF, from)
  return end === -1 ? chunk.length : end
}

/** Counts as the reader does, once the head of the file has said how it is cut. */
class CsvFinder implements Finder {
  line: number | null = null
  readonly #record: number
  readonly #csv: CsvOptions
  #scanner: CsvRecordScanner | null = null
  #records = 0

  constructor(record: number, csv: CsvOptions) {
    this.#record = record
    this.#csv = csv
  }

  write(chunk: Buffer): void {
    this.#scanner ??= this.#scannerFor(chunk)
    this.#scanner?.write(chunk)
  }

  end(): void {
    this.#scanner?.end()
  }

  #scannerFor(chunk: Buffer): CsvRecordScanner | null {
    const shape = readShape(chunk.toString('utf8'), true, this.#csv)
    if (shape === null) return null
    const options = { ...shape.dialect, comment: this.#csv.comment, isOneColumn: shape.fields?.length === 1 }
    return new CsvRecordScanner(options, ({ entry, line, isRecord }) => {
      if (entry <= shape.skip || !isRecord || ++this.#records < this.#record) return true
      this.line = line
      return false
    })
  }
}
