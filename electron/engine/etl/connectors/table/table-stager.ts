import { refuseTooWide } from '../column-limit.ts'
import type { RecordStager } from '../record-stager.ts'
import type { Kind } from './value-kinds.ts'

export interface TableColumn {
  name: string
  /** Bits of KIND. */
  seen: number
  /** Types that the files themselves give it; a value that does not fit is rejected. */
  types: Set<string>
  /** There only if it holds a value. */
  isOptional: boolean
}

/** Takes rows of delivered tables value by value. */
export interface TableSink {
  /** Position of a column; the same name, whatever its case, is the same column in all files. */
  column(name: string, facts?: { type?: string; isOptional?: boolean }): number
  /** The rows that follow lie in another place, whose cells have names of their own. */
  place(): void
  /** How the cells of a column are called there: this text, then the line. */
  nameCells(position: number, prefix: string): void
  /** @param text as DuckDB casts it; bytes as hexadecimal digits */
  set(position: number, text: string, kind: Kind): void
  /** A value of this row cannot be told, so the row is rejected. */
  refuse(position: number, reason: string): void
  /** The row is complete; `line` is its number in its container, from 1. */
  end(line: number | bigint): void
}

/**
 * Rows on their way to DuckDB, as JSON lists of texts: first the number of their place, then the values by position. Columns are found
 * on the way, so earlier rows have shorter lists.
 */
export class TableStager implements TableSink {
  readonly columns: TableColumn[] = []
  /** Texts that name cells, by place and position. */
  readonly places: { place: number; position: number; prefix: string }[] = []
  readonly #positions = new Map<string, number>()
  #stager: RecordStager | null = null
  #file = ''
  #place = -1
  readonly #prefixes = new Map<number, string>()
  #row: (string | null)[] = []
  #refused: { position: number; reason: string } | null = null

  /** Rows that follow go here. */
  into(stager: RecordStager, file: string): void {
    this.#stager = stager
    this.#file = file
    this.#reset()
  }

  column(name: string, { type, isOptional = false }: { type?: string; isOptional?: boolean } = {}): number {
    const key = name.toLowerCase()
    const position = this.#positions.get(key) ?? this.columns.length
    const column = this.columns[position] ?? { name, seen: 0, types: new Set<string>(), isOptional }
    if (position === this.columns.length) {
      refuseTooWide(position + 1, this.#file)
      this.columns.push(column)
      this.#positions.set(key, position)
      this.#row.push(null)
    }
    if (type !== undefined) column.types.add(type)
    if (!isOptional) column.isOptional = false
    return position
  }

  place(): void {
    this.#place++
    this.#prefixes.clear()
  }

  nameCells(position: number, prefix: string): void {
    this.#prefixes.set(position, prefix)
    this.places.push({ place: this.#place, position, prefix })
  }

  set(position: number, text: string, kind: Kind): void {
    this.#row[position] = text
    const column = this.columns[position]
    if (column !== undefined) column.seen |= kind
  }

  refuse(position: number, reason: string): void {
    this.#refused ??= { position, reason }
  }

  end(line: number | bigint): void {
    const refused = this.#refused
    const json = JSON.stringify([String(this.#place), ...this.#row])
    this.#stager?.add({ line, json, reason: refused === null ? null : this.#refusal(refused, line) })
    this.#reset()
  }

  #refusal({ position, reason }: { position: number; reason: string }, line: number | bigint): string {
    const prefix = this.#prefixes.get(position)
    return JSON.stringify({ column: this.columns[position]?.name ?? null, text: prefix === undefined ? reason : `${prefix}${line}: ${reason}` })
  }

  #reset(): void {
    this.#row = new Array<string | null>(this.columns.length).fill(null)
    this.#refused = null
  }
}
