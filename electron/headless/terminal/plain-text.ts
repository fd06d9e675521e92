/** Control characters, line separators, and marks that reverse the writing direction. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Text from data, safe to show in a terminal and on one line: what could steer the terminal becomes a visible escape. */
export function plainText(text: string): string {
  return text.replace(UNSAFE, (char) => NAMED[char] ?? `\\u{${char.charCodeAt(0).toString(16)}}`)
}
