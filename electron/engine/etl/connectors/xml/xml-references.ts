import { SEMICOLON } from './xml-bytes.ts'

/** The longest that is looked at: `&#x10FFFF;`. */
export const MAX_REFERENCE_BYTES = 12
const NAMED = Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }).map(([name, text]) => ({ bytes: Buffer.from(`&${name};`), character: text.charCodeAt(0) }))

/** The character that a reference such as `&amp;` or `&#228;` stands for, and its length in bytes; null where there is none that is known here before `limit`. */
export function characterOf(bytes: Buffer, from: number, limit: number): { character: number; length: number } | null {
  for (const { bytes: name, character } of NAMED) {
    let length = 1
    while (length < name.length && name[length] === bytes[from + length]) length++
    if (length === name.length) return from + length > limit ? null : { character, length }
  }
  const last = Math.min(limit, from + MAX_REFERENCE_BYTES)
  let end = from + 1
  while (end < last && bytes[end] !== SEMICOLON) end++
  if (end >= last) return null
  const character = numbered(bytes.toString('latin1', from + 1, end))
  return character === null ? null : { character, length: end + 1 - from }
}

function numbered(name: string): number | null {
  const code = /^#x[0-9a-fA-F]+$/.test(name) ? Number.parseInt(name.slice(2), 16) : /^#\d+$/.test(name) ? Number(name.slice(1)) : null
  return code !== null && isCharacter(code) ? code : null
}

/** XML 1.0, production 2. */
function isCharacter(code: number): boolean {
  return code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}
