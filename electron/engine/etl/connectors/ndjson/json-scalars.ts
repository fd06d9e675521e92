/** Not sure: somebody else looks. */
export const UNSURE = -1

const [QUOTE, BACKSLASH, MINUS, PLUS, DOT, ZERO, NINE, SPACE] = [0x22, 0x5c, 0x2d, 0x2b, 0x2e, 0x30, 0x39, 0x20]
const [LOWER_E, UPPER_E, LOWER_U, LOWER_D, UPPER_D] = [0x65, 0x45, 0x75, 0x64, 0x44]
const ESCAPED = byteSet('"\\/bfnrt')
const HEX = byteSet('0123456789abcdefABCDEF')
const HEX_DIGITS = 4

function byteSet(characters: string): Uint8Array {
  const set = new Uint8Array(256)
  for (const byte of Buffer.from(characters)) set[byte] = 1
  return set
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}

/** @param at behind the first quote @returns behind the last one, or UNSURE */
export function textEnd(bytes: Uint8Array, at: number): number {
  let next = at
  for (;;) {
    const byte = bytes[next++] ?? 0
    if (byte === QUOTE) return next
    if (byte < SPACE) return UNSURE
    if (byte !== BACKSLASH) continue
    const escape = bytes[next++] ?? 0
    if (ESCAPED[escape] === 1) continue
    if (escape !== LOWER_U || !isHexCharacter(bytes, next)) return UNSURE
    next += HEX_DIGITS
  }
}

/** Four digits that are no half of a surrogate pair. */
function isHexCharacter(bytes: Uint8Array, at: number): boolean {
  for (let index = at; index < at + HEX_DIGITS; index++) if (HEX[bytes[index] ?? 0] !== 1) return false
  const [first, second] = [bytes[at], bytes[at + 1] ?? 0]
  return (first !== LOWER_D && first !== UPPER_D) || second < ZERO + 8
}

/** A number as JSON writes it. */
export class NumberScanner {
  isNegative = false
  wholeDigits = 0
  fractionDigits = 0
  exponentDigits = 0
  /** There is a fraction, and it is more than zeros. */
  hasFraction = false
  /** Of the digits before the point; exact up to 15 of them. */
  whole = 0

  /** @returns behind the number, or UNSURE */
  scan(bytes: Uint8Array, at: number): number {
    let next = at
    this.isNegative = bytes[next] === MINUS
    if (this.isNegative) next++
    const start = next
    let whole = 0
    for (let byte = bytes[next] ?? 0; byte >= ZERO && byte <= NINE; byte = bytes[++next] ?? 0) whole = 10 * whole + byte - ZERO
    this.whole = whole
    this.wholeDigits = next - start
    this.fractionDigits = 0
    this.exponentDigits = 0
    this.hasFraction = false
    if (this.wholeDigits === 0 || (this.wholeDigits > 1 && bytes[start] === ZERO)) return UNSURE
    return this.#scanRest(bytes, next)
  }

  #scanRest(bytes: Uint8Array, at: number): number {
    const end = bytes[at] === DOT ? this.#scanFraction(bytes, at + 1) : at
    return end !== UNSURE && (bytes[end] === LOWER_E || bytes[end] === UPPER_E) ? this.#scanExponent(bytes, end + 1) : end
  }

  #scanFraction(bytes: Uint8Array, start: number): number {
    let next = start
    for (; isDigit(bytes[next]); next++) if (bytes[next] !== ZERO) this.hasFraction = true
    this.fractionDigits = next - start
    return this.fractionDigits === 0 ? UNSURE : next
  }

  #scanExponent(bytes: Uint8Array, at: number): number {
    const start = bytes[at] === MINUS || bytes[at] === PLUS ? at + 1 : at
    let next = start
    while (isDigit(bytes[next])) next++
    this.exponentDigits = next - start
    return this.exponentDigits === 0 ? UNSURE : next
  }
}
