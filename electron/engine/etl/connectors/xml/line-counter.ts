import { CR, LF } from './xml-bytes.ts'

/** Counts lines up to a place in bytes that go past; LF, CR and CR LF end one. */
export class LineCounter {
  /** At the place counted to. */
  line = 1
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0
  /** The next LF from there on. */
  #next = 0
  #hasCarriageReturn = false

  /** The bytes lie elsewhere, with more behind them; what was counted to is at `at` now. */
  moved(bytes: Buffer, { at, end }: { at: number; end: number }): void {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
    this.#next = this.#lineFeed(at)
    const cr = bytes.indexOf(CR, at)
    this.#hasCarriageReturn = cr !== -1 && cr < end
  }

  countTo(place: number): void {
    this.line = this.lineAt(place)
    this.#at = place
    if (this.#next < place) this.#next = this.#lineFeed(place)
  }

  /** @param place not before the one counted to */
  lineAt(place: number): number {
    if (this.#hasCarriageReturn) return this.line + lineEnds(this.#bytes, this.#at, place)
    let line = this.line
    for (let next = this.#next; next < place; next = this.#lineFeed(next + 1)) line++
    return line
  }

  #lineFeed(from: number): number {
    const found = this.#bytes.indexOf(LF, from)
    return found === -1 ? this.#end : found
  }
}

function lineEnds(bytes: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte === LF || (byte === CR && bytes[at + 1] !== LF)) count++
  }
  return count
}
