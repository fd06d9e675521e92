/** Bytes of UTF-8 that mean something in XML. */
export const LT = 0x3c
export const GT = 0x3e
export const AMP = 0x26
export const SLASH = 0x2f
export const BANG = 0x21
export const QUESTION = 0x3f
export const EQUALS = 0x3d
export const QUOTE = 0x22
export const APOSTROPHE = 0x27
export const BACKSLASH = 0x5c
export const BRACKET = 0x5d
export const HYPHEN = 0x2d
export const SEMICOLON = 0x3b
export const TAB = 9
export const LF = 10
export const CR = 13
export const SPACE = 32
/** Leads the three bytes of U+FFFE and U+FFFF, which no document may hold. */
const LEAD_EF = 0xef
const DEL = 0x7f

/** What a byte is in text: copied as it is, or looked at. */
export const PLAIN = 0
export const LOOK = 1

function classOf(special: readonly number[]): Uint8Array {
  const table = new Uint8Array(256)
  for (let byte = 0; byte < SPACE; byte++) table[byte] = LOOK
  for (const byte of [...special, BACKSLASH, QUOTE, LEAD_EF]) table[byte] = LOOK
  return table
}

export const TEXT_BYTES = classOf([LT, AMP, GT])
export const ATTRIBUTE_BYTES = classOf([LT, AMP, APOSTROPHE])
export const CDATA_BYTES = classOf([BRACKET])

/** Bytes that a name may hold; of those above ASCII it has to be asked of the whole name. */
export const NAME_BYTES = new Uint8Array(256).map((_, byte) => Number(byte > DEL || /[\w.:-]/.test(String.fromCharCode(byte))))

export function isSpace(byte: number): boolean {
  return byte === SPACE || byte === LF || byte === TAB || byte === CR
}

export function isForbidden(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === LEAD_EF && bytes[at + 1] === 0xbf && (bytes[at + 2] ?? 0) >= 0xbe
}

const NO_BREAK_SPACE = 0xa0
const WIDE_BLANKS = new Set([...'\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF'].map((blank) => Buffer.from(blank).readUIntBE(0, 3)))

/** Length of the character beyond ASCII here that JavaScript counts as a blank; 0 where it does not. */
export function wideBlank(bytes: Uint8Array, at: number): number {
  const [first = 0, second = 0, third = 0] = [bytes[at], bytes[at + 1], bytes[at + 2]]
  if (first === 0xc2) return second === NO_BREAK_SPACE ? 2 : 0
  return WIDE_BLANKS.has((first << 16) | (second << 8) | third) ? 3 : 0
}
