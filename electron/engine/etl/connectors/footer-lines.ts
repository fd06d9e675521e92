import type { LineEnd } from './line-cutter.ts'

/** Holds lines back until it is known that they are not among the last ones of the file. Blank lines at the end do not count. */
export class FooterLines {
  readonly #count: number
  readonly #pass: (line: Buffer, end: LineEnd) => void
  #held: { line: Buffer; end: LineEnd }[] = []
  #heldTexts = 0

  constructor(count: number, pass: (line: Buffer, end: LineEnd) => void) {
    this.#count = count
    this.#pass = pass
  }

  take(line: Buffer, end: LineEnd): void {
    if (this.#count === 0) return this.#pass(line, end)
    this.#held.push({ line: Buffer.from(line), end })
    if (!isBlank(line)) this.#heldTexts++
    while (this.#heldTexts > this.#count) {
      const first = this.#held.shift()
      if (first === undefined) return
      if (!isBlank(first.line)) this.#heldTexts--
      this.#pass(first.line, first.end)
    }
  }
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 32 || byte === 9)
}
