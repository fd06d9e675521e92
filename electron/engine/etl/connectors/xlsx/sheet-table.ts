import type { XlsxOptions } from '../../../workspace/model.ts'
import { uniqueColumnNames } from '../column-names.ts'
import { type CellRange, parseRange, WHOLE_SHEET } from './cell-reference.ts'
import { MergeFiller } from './merged-cells.ts'
import type { Cell } from './sheet-cells.ts'

export interface TableOutput {
  /** A column of the sheet and what it is called; `isNamed`: a header cell says so. Comes before the first row that has it. */
  column(column: number, name: string, isNamed: boolean): void
  row(line: number, cells: readonly Cell[]): void
}

/**
 * Cuts a table out of a sheet: the declared range, its header rows, then a record for every row that holds something. Names of header
 * rows that lie above one another are joined; a merged header cell names all of its columns.
 */
export class SheetTable {
  readonly #options: XlsxOptions
  readonly #range: CellRange
  readonly #merges: readonly CellRange[]
  readonly #filler: MergeFiller | null
  readonly #out: TableOutput
  /** Texts of the rows down to the last header row, by row and column. */
  readonly #headTexts = new Map<number, Map<number, string>>()
  /** Last column that was told. */
  #knownTo: number
  #headerRows: readonly number[] | null
  #lastColumn = 0
  #line = 0
  #isOpen = false

  constructor(options: XlsxOptions, merges: readonly CellRange[], out: TableOutput) {
    this.#options = options
    this.#range = options.range === null ? WHOLE_SHEET : (parseRange(options.range) ?? WHOLE_SHEET)
    this.#merges = merges
    this.#filler = options.merged === 'repeat' ? new MergeFiller(merges) : null
    this.#out = out
    this.#headerRows = options.headerRows === 'first' ? null : options.headerRows === 'none' ? [] : options.headerRows
    this.#lastColumn = this.#range.lastColumn
    this.#knownTo = this.#range.firstColumn - 1
  }

  /** Cells below this row are not of the table. */
  get lastRow(): number {
    return this.#range.lastRow
  }

  row(line: number, cells: Cell[]): void {
    // Rows that a merged cell covers need not be written in the sheet.
    if (this.#filler !== null) for (let covered = this.#line + 1; covered < line && covered <= this.#filler.lastRow; covered++) this.#take(covered, [])
    this.#take(line, cells)
  }

  #take(line: number, cells: Cell[]): void {
    this.#line = line
    const { firstRow, lastRow, firstColumn, lastColumn } = this.#range
    const filled = this.#filler === null ? cells : this.#filler.fill(line, cells, this.#lastColumn)
    const inside = line < firstRow || line > lastRow ? [] : filled.filter(({ column }) => column >= firstColumn && column <= lastColumn)
    if (this.#headerRows === null && inside.length > 0) this.#headerRows = [line]
    const last = this.#headerRows?.at(-1)
    if (last !== undefined && line <= last) {
      this.#headTexts.set(line, new Map(cells.map(({ column, text }) => [column, text])))
      return
    }
    if (inside.length === 0) return
    this.#open()
    const kept = inside.filter(({ text }) => !this.#options.nullText.includes(text))
    for (const { column } of kept) this.#know(column)
    this.#out.row(line, kept)
  }

  /** The sheet ends here. */
  end(): void {
    const last = Math.min(this.#filler?.lastRow ?? 0, this.#range.lastRow)
    for (let covered = this.#line + 1; covered <= last; covered++) this.#take(covered, [])
    this.#open()
  }

  /** The header is complete: columns as far as it names any. */
  #open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    const rows = this.#headerRows ?? []
    if (rows.length === 0) return
    const { firstColumn, lastColumn } = this.#range
    const named = rows.flatMap((row) => [...this.#columnsNamed(row)]).filter((column) => column >= firstColumn && column <= lastColumn)
    const end = named.reduce((max, column) => Math.max(max, column), 0)
    const columns = Array.from({ length: Math.max(0, end - firstColumn + 1) }, (_, index) => firstColumn + index)
    const texts = columns.map((column) => this.#headerOf(rows, column))
    const names = uniqueColumnNames(texts)
    for (const [index, column] of columns.entries()) {
      this.#out.column(column, names[index] ?? '', texts[index] !== '')
    }
    this.#lastColumn = end
    this.#knownTo = Math.max(this.#knownTo, end)
  }

  /** Columns without a name come in the order of the sheet, however its rows fill them; those that stay empty are left out in the end. */
  #know(column: number): void {
    for (let next = this.#knownTo + 1; next <= column; next++) this.#out.column(next, `column_${next - this.#range.firstColumn + 1}`, false)
    this.#knownTo = Math.max(this.#knownTo, column)
  }

  #columnsNamed(row: number): Set<number> {
    const columns = new Set(this.#headTexts.get(row)?.keys())
    for (const merge of this.#merges) {
      if (merge.firstRow > row || merge.lastRow < row || this.#headTexts.get(merge.firstRow)?.has(merge.firstColumn) !== true) continue
      for (let column = merge.firstColumn; column <= merge.lastColumn; column++) columns.add(column)
    }
    return columns
  }

  #headerOf(rows: readonly number[], column: number): string {
    const parts = rows.map((row) => this.#headTexts.get(row)?.get(column) ?? this.#mergedText(row, column) ?? '')
    const clean = parts.map((part) => part.replaceAll(/\s+/g, ' ').trim()).filter((part) => part !== '')
    return clean.filter((part, index) => part !== clean[index - 1]).join(' ')
  }

  #mergedText(row: number, column: number): string | undefined {
    const merge = this.#merges.find((one) => one.firstRow <= row && one.lastRow >= row && one.firstColumn <= column && one.lastColumn >= column)
    return merge === undefined ? undefined : this.#headTexts.get(merge.firstRow)?.get(merge.firstColumn)
  }
}
