import { type CellRange, parseRange } from './cell-reference.ts'
import type { Cell } from './sheet-cells.ts'
import type { ZipParts } from './zip-parts.ts'

const MERGED = /<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']([A-Z]+\d+:[A-Z]+\d+)["'][^>]*>/g
const BEGIN = 'mergeCells'
/** Longer than any element of the list. */
const OVERLAP = 256

/** The merged cells of a sheet, by first row. They stand behind its rows, so a reader that streams must look for them first. */
export async function readMerges(parts: ZipParts, part: string, signal: AbortSignal): Promise<CellRange[]> {
  const merges: CellRange[] = []
  let tail = Buffer.alloc(0)
  let isInside = false
  for await (const chunk of parts.chunks(part, signal)) {
    // Most of a sheet is rows; only the seam to the chunk before is put together for them.
    isInside ||= chunk.includes(BEGIN) || Buffer.concat([tail, chunk.subarray(0, OVERLAP)]).includes(BEGIN)
    const bytes = isInside ? Buffer.concat([tail, chunk]) : chunk
    let end = 0
    if (isInside) {
      const text = bytes.toString('latin1')
      for (const match of text.matchAll(MERGED)) {
        const range = parseRange(match[1] ?? '')
        if (range !== null) merges.push(range)
        end = match.index + match[0].length
      }
    }
    tail = Buffer.from(bytes.subarray(Math.max(end, bytes.length - OVERLAP)))
  }
  return merges.toSorted((a, b) => a.firstRow - b.firstRow)
}

/** Gives every cell of a merged range the value of its first, row after row. */
export class MergeFiller {
  readonly #merges: readonly CellRange[]
  #next = 0
  #active: { range: CellRange; first: Cell | null }[] = []

  constructor(merges: readonly CellRange[]) {
    this.#merges = merges
  }

  /** Last row that a range with a value reaches, of those begun so far. */
  get lastRow(): number {
    return this.#active.reduce((last, { range, first }) => (first === null ? last : Math.max(last, range.lastRow)), 0)
  }

  /** @param lastColumn beyond it nothing is repeated */
  fill(line: number, cells: Cell[], lastColumn: number): Cell[] {
    for (let range = this.#merges[this.#next]; range !== undefined && range.firstRow <= line; range = this.#merges[++this.#next]) {
      // A range whose first row has no cells at all is empty.
      const first = range.firstRow === line ? (cells.find(({ column }) => column === range?.firstColumn) ?? null) : null
      this.#active.push({ range, first })
    }
    this.#active = this.#active.filter(({ range }) => range.lastRow >= line)
    if (this.#active.length === 0) return cells
    const present = new Set(cells.map(({ column }) => column))
    const filled = [...cells]
    for (const { range, first } of this.#active) {
      if (first === null) continue
      for (let column = range.firstColumn; column <= Math.min(range.lastColumn, lastColumn); column++) if (!present.has(column)) filled.push({ ...first, column })
    }
    return filled
  }
}
