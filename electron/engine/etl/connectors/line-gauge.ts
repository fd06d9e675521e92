const LF = 10
const CR = 13

/** Measures the lines of one file that goes past, chunk by chunk; lines that begin and end in one chunk are not looked at. */
export class LineGauge {
  #longestBytes = 0
  #openBytes = 0
  #hasZeroByte = false
  #hasCarriageReturn = false

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
    // CR ends lines only where there is no LF; to look for both costs twice.
    const end = chunk.includes(LF) ? LF : CR
    const first = chunk.indexOf(end)
    this.#longestBytes = Math.max(this.#longestBytes, this.#openBytes + (first === -1 ? chunk.length : first))
    this.#openBytes = first === -1 ? this.#openBytes + chunk.length : chunk.length - chunk.lastIndexOf(end) - 1
  }
}
