import { NumberScanner, textEnd, UNSURE } from './json-scalars.ts'
import { dayEnd, momentEnd } from './moments.ts'
import { EXACT_DIGITS, type ValueForm } from './value-form.ts'

const [QUOTE, COMMA, COLON, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [0x22, 0x2c, 0x3a, 0x7b, 0x7d, 0x5b, 0x5d]
const [SPACE, TAB, CR, LF, LETTER_F, LETTER_N, LETTER_T] = [0x20, 0x09, 0x0d, 0x0a, 0x66, 0x6e, 0x74]
const [TRUE, FALSE, NULL] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')]
const MAX_DEPTH = 64
const WORD_BYTES = 4
/** Instead of a position. */
const EMPTY = -2
/** More than any writer of floating-point numbers gives. */
const MAX_DIGITS = 30
const MAX_EXPONENT_DIGITS = 2

export interface ScannedColumn {
  key: string
  form: ValueForm
}

/** Whether a key can be found in bytes as it is. */
export function isPlainKey(key: string): boolean {
  return JSON.stringify(key) === `"${key}"`
}

/** Bytes of whole lines, each of which ends in LF. */
export interface LineBlock {
  bytes: Uint8Array
  /** Of the same bytes. */
  view: DataView
}

/** What stands between two values: the comma, or before the first the brace, a key and its colon. */
interface Lead {
  words: Int32Array
  /** The last four bytes. */
  tail: number
  length: number
}

function leadOf(text: string): Lead {
  const bytes = Buffer.from(text)
  const words = Int32Array.from({ length: bytes.length >> 2 }, (_, index) => bytes.readInt32LE(WORD_BYTES * index))
  return { words, tail: bytes.readInt32LE(bytes.length - WORD_BYTES), length: bytes.length }
}

/**
 * Reads lines of JSON from bytes and makes nothing of them: tells whether a line is one object of declared keys, each at most once, whose values
 * are written so that DuckDB's own reader takes them as exactly what they say. It decides nothing that is doubtful.
 */
export class LineScanner {
  /** Keys that came for the first time in the line read last, in its order; whoever takes them empties it. */
  readonly firstSeen: string[] = []
  readonly #columns: readonly ScannedColumn[]
  readonly #keys: readonly Uint8Array[]
  readonly #forms: readonly ValueForm[]
  /** By column: as writers without blanks have it, and as those with blanks. */
  readonly #leads: readonly (readonly (Lead | undefined)[])[]
  #leadsNow: readonly (Lead | undefined)[]
  /** By column: the line in which its key came last. */
  readonly #seen: Float64Array
  /** By column: which key of its line it was. */
  readonly #nth: Int32Array
  /** Columns whose key did not come yet. */
  #unseen: Set<number>
  readonly #number = new NumberScanner()
  #line = 0
  /** The column whose key was looked for and found. */
  #found = 0

  /** @param columns best in the order in which records have them */
  constructor(columns: readonly ScannedColumn[]) {
    this.#columns = columns
    this.#unseen = new Set(columns.keys())
    this.#nth = new Int32Array(columns.length)
    this.#keys = columns.map(({ key }) => Buffer.from(`${key}"`))
    this.#forms = columns.map(({ form }) => form)
    const leads = ([comma, colon]: readonly [string, string]): (Lead | undefined)[] => [...columns.map(({ key }, index) => leadOf(`${index === 0 ? '{' : comma}"${key}"${colon}`)), undefined]
    const tight = leads([',', ':'])
    this.#leads = [tight, leads([', ', ': '])]
    this.#leadsNow = tight
    this.#seen = new Float64Array(columns.length)
  }

  /** @param from where the record begins, behind blanks @returns where its LF is, or UNSURE */
  scan({ bytes, view }: LineBlock, from: number): number {
    const line = ++this.#line
    let at = from
    let column = 0
    for (let nth = 0; ; nth++) {
      const lead = this.#leadsNow[column]
      if (lead !== undefined && isLead(view, at, lead)) at += lead.length
      else {
        if (nth > 0 && bytes[at] === CLOSE_BRACE) return this.#ended(lineEnd(bytes, at + 1))
        at = this.#otherLead(bytes, at, { isFirst: nth === 0, expected: column })
        if (at < 0) return at === EMPTY ? lineEnd(bytes, blanksEnd(bytes, from + 1) + 1) : UNSURE
        column = this.#found
      }
      if (this.#seen[column] === line) return UNSURE
      this.#seen[column] = line
      this.#nth[column] = nth
      at = this.#valueEnd(bytes, at, this.#forms[column])
      if (at === UNSURE) return UNSURE
      at = blanksEnd(bytes, at)
      column++
    }
  }

  #ended(end: number): number {
    if (this.#unseen.size === 0 || end === UNSURE) return end
    const first = [...this.#unseen].filter((column) => this.#seen[column] === this.#line).toSorted((a, b) => (this.#nth[a] ?? 0) - (this.#nth[b] ?? 0))
    for (const column of first) {
      this.firstSeen.push(this.#columns[column]?.key ?? '')
      this.#unseen.delete(column)
    }
    return end
  }

  /** Any of the keys with what is around it. @returns where the value begins, UNSURE, or EMPTY for an object without keys */
  #otherLead(bytes: Uint8Array, from: number, { isFirst, expected }: { isFirst: boolean; expected: number }): number {
    if (bytes[from] !== (isFirst ? OPEN_BRACE : COMMA)) return UNSURE
    const at = blanksEnd(bytes, from + 1)
    if (isFirst && bytes[at] === CLOSE_BRACE) return EMPTY
    const column = bytes[at] === QUOTE ? this.#columnAt(bytes, at + 1, expected) : UNSURE
    if (column === UNSURE) return UNSURE
    this.#found = column
    const colon = blanksEnd(bytes, at + 1 + (this.#keys[column]?.length ?? 0))
    if (bytes[colon] !== COLON) return UNSURE
    const end = blanksEnd(bytes, colon + 1)
    this.#leadsNow = this.#leads[end > colon + 1 ? 1 : 0] ?? this.#leadsNow
    return end
  }

  /** Of records that are alike, each key is where it was in the last one. */
  #columnAt(bytes: Uint8Array, at: number, expected: number): number {
    const { length } = this.#keys
    for (let turn = 0; turn < length; turn++) {
      const column = (expected + turn) % length
      if (isAt(bytes, at, this.#keys[column] ?? NULL)) return column
    }
    return UNSURE
  }

  #valueEnd(bytes: Uint8Array, at: number, form: ValueForm | undefined): number {
    if (form === undefined) return UNSURE
    if (bytes[at] === LETTER_N) return wordEnd(bytes, at, NULL)
    switch (form.kind) {
      case 'any':
        return bytes[at] === QUOTE ? textEnd(bytes, at + 1) : this.#anyEnd(bytes, at, 0)
      case 'boolean':
        return booleanEnd(bytes, at)
      case 'day':
        return bytes[at] === QUOTE ? quoteEnd(bytes, dayEnd(bytes, at + 1)) : UNSURE
      case 'moment':
        return bytes[at] === QUOTE ? quoteEnd(bytes, momentEnd(bytes, at + 1)) : UNSURE
      default:
        return this.#numberEnd(bytes, at, form)
    }
  }

  #numberEnd(bytes: Uint8Array, at: number, form: NumberForm): number {
    const isText = bytes[at] === QUOTE
    const end = this.#number.scan(bytes, isText ? at + 1 : at)
    if (end === UNSURE || !isSureNumber(this.#number, form, isText)) return UNSURE
    return isText ? quoteEnd(bytes, end) : end
  }

  #anyEnd(bytes: Uint8Array, at: number, depth: number): number {
    switch (bytes[at]) {
      case QUOTE:
        return textEnd(bytes, at + 1)
      case OPEN_BRACE:
      case OPEN_BRACKET:
        return depth === MAX_DEPTH ? UNSURE : this.#nestedEnd(bytes, at, depth + 1)
      case LETTER_T:
      case LETTER_F:
        return booleanEnd(bytes, at)
      case LETTER_N:
        return wordEnd(bytes, at, NULL)
      default: {
        const end = this.#number.scan(bytes, at)
        return end === UNSURE || this.#number.exponentDigits > MAX_EXPONENT_DIGITS ? UNSURE : end
      }
    }
  }

  #nestedEnd(bytes: Uint8Array, open: number, depth: number): number {
    const isObject = bytes[open] === OPEN_BRACE
    const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET
    let at = blanksEnd(bytes, open + 1)
    if (bytes[at] === close) return at + 1
    for (;;) {
      if (isObject) at = nestedKeyEnd(bytes, at)
      if (at !== UNSURE) at = this.#anyEnd(bytes, at, depth)
      if (at === UNSURE) return UNSURE
      at = blanksEnd(bytes, at)
      if (bytes[at] === close) return at + 1
      if (bytes[at] !== COMMA) return UNSURE
      at = blanksEnd(bytes, at + 1)
    }
  }
}

type NumberForm = Extract<ValueForm, { kind: 'whole' | 'decimal' | 'real' }>

function isSureNumber(number: NumberScanner, form: NumberForm, isText: boolean): boolean {
  if (form.kind === 'real') return isSureReal(number)
  if (number.exponentDigits > 0 || (isText && isMinusZero(number))) return false
  if (form.kind === 'whole') return isSureWhole(number, form, isText)
  const { wholeDigits, fractionDigits } = number
  return wholeDigits <= form.wholeDigits && fractionDigits <= form.scale && wholeDigits + form.scale <= EXACT_DIGITS
}

function isSureReal(number: NumberScanner): boolean {
  const { wholeDigits, fractionDigits, exponentDigits } = number
  if (isMinusZero(number) || exponentDigits > MAX_EXPONENT_DIGITS) return false
  return wholeDigits + fractionDigits <= (fractionDigits + exponentDigits === 0 ? EXACT_DIGITS : MAX_DIGITS)
}

function isSureWhole({ isNegative, whole, wholeDigits, fractionDigits, hasFraction }: NumberScanner, form: Extract<ValueForm, { kind: 'whole' }>, isText: boolean): boolean {
  // 12.0 is the number 12, as long as a double has room for it; as a text DuckDB's reader refuses it.
  if (fractionDigits > 0 && (hasFraction || isText || wholeDigits + fractionDigits > EXACT_DIGITS)) return false
  return wholeDigits <= form.maxDigits && whole <= form.max && (form.isSigned || !isNegative)
}

function isMinusZero({ isNegative, whole, hasFraction }: NumberScanner): boolean {
  return isNegative && whole === 0 && !hasFraction
}

/** Blanks between tokens of one line. */
export function blanksEnd(bytes: Uint8Array, from: number): number {
  let at = from
  while (bytes[at] === SPACE || bytes[at] === TAB) at++
  return at
}

/** @returns where the LF is that ends the line, if nothing but blanks is before it */
export function lineEnd(bytes: Uint8Array, from: number): number {
  let at = blanksEnd(bytes, from)
  if (bytes[at] === CR) at++
  return bytes[at] === LF ? at : UNSURE
}

function isLead(view: DataView, at: number, { words, tail, length }: Lead): boolean {
  if (at + length > view.byteLength) return false
  for (let index = 0; index < words.length; index++) if (view.getInt32(at + WORD_BYTES * index, true) !== words[index]) return false
  return view.getInt32(at + length - WORD_BYTES, true) === tail
}

function isAt(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word[index]) return false
  return true
}

function wordEnd(bytes: Uint8Array, at: number, word: Uint8Array): number {
  return isAt(bytes, at, word) ? at + word.length : UNSURE
}

function booleanEnd(bytes: Uint8Array, at: number): number {
  return wordEnd(bytes, at, bytes[at] === LETTER_T ? TRUE : FALSE)
}

function quoteEnd(bytes: Uint8Array, at: number): number {
  return at !== UNSURE && bytes[at] === QUOTE ? at + 1 : UNSURE
}

/** A key and its colon. @returns where the value begins */
function nestedKeyEnd(bytes: Uint8Array, at: number): number {
  const key = bytes[at] === QUOTE ? textEnd(bytes, at + 1) : UNSURE
  if (key === UNSURE) return UNSURE
  const colon = blanksEnd(bytes, key)
  return bytes[colon] === COLON ? blanksEnd(bytes, colon + 1) : UNSURE
}
