const LF = 10
const CR = 13

/** Measures the lines of one file that goes past, chunk by chunk; lines that begin and end in one chunk are at most counted. */
export class LineGauge {
  readonly #countsLines: boolean
  #lineFeeds = 0
  #longestBytes = 0
  #openBytes = 0
  #hasZeroByte = false
  #hasCarriageReturn = false

  constructor({ countsLines = false } = {}) {
    this.#countsLines = countsLines
  }

  /** Where lines are counted, those that LF ends and a last one without. */
  get lineCount(): number {
    return this.#lineFeeds + (this.#openBytes > 0 ? 1 : 0)
  }

  get longestBytes(): number {
    return this.#longestBytes
  }

  get hasZeroByte(): boolean {
    return this.#hasZeroByte
  }

  get hasCarriageReturn(): boolean {
    return this.#hasCarriageReturn
  }

  write(chunk: Buffer): void {
    this.#hasZeroByte ||= chunk.includes(0)
    this.#hasCarriageReturn ||= chunk.includes(CR)
    if (this.#countsLines) for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) this.#lineFeeds++
    // CR ends lines only where there is no LF; to look for both costs twice.
    const end = chunk.includes(LF) ? LF : CR
    const first = chunk.indexOf(end)
    this.#longestBytes = Math.max(this.#longestBytes, this.#openBytes + (first === -1 ? chunk.length : first))
    this.#openBytes = first === -1 ? this.#openBytes + chunk.length : chunk.length - chunk.lastIndexOf(end) - 1
  }
}
