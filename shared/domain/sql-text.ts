/** What can be said about SQL text without a parser: where its statements begin, and where a byte is. */

/** Comments, literals and quoted names, which may hold anything; then single characters. */
const TOKEN = /\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$(\w*)\$[\s\S]*?(?:\$\1\$|$)|[\p{L}_][\p{L}\p{N}_$]*|[\s\S]/gu

export interface SqlToken {
  kind: 'word' | 'quoted' | 'other'
  text: string
  offset: number
}

/** The tokens of a statement list, comments and white space left out. Nested comments and exotic literals are not needed here. */
export function* sqlTokens(sql: string): Generator<SqlToken> {
  for (const match of sql.matchAll(TOKEN)) {
    const [text] = match
    if (/^(\s|--|\/\*)/.test(text)) continue
    const kind = /^['"]|^\$\w*\$/.test(text) ? 'quoted' : /^[\p{L}_]/u.test(text) ? 'word' : 'other'
    yield { kind, text, offset: match.index }
  }
}

/** First token of each statement; statements are separated by semicolons. */
export function statementHeads(sql: string): SqlToken[] {
  const heads: SqlToken[] = []
  let isStart = true
  for (const token of sqlTokens(sql)) {
    if (token.text === ';') isStart = true
    else if (isStart) {
      heads.push(token)
      isStart = false
    }
  }
  return heads
}

/** A statement's place in its text, from its first token to its last, the semicolon left out. */
export interface StatementRange {
  from: number
  to: number
}

/** The statements of a text; none for one that holds only comments and semicolons. */
export function statementRanges(sql: string): StatementRange[] {
  const ranges: StatementRange[] = []
  let current: StatementRange | null = null
  for (const { text, offset } of sqlTokens(sql)) {
    if (text === ';') {
      current = null
      continue
    }
    if (current === null) ranges.push((current = { from: offset, to: offset }))
    current.to = offset + text.length
  }
  return ranges
}

/** Where DuckDB's binder and its trees place things: bytes of UTF-8. Editors and people count characters (UTF-16 units here). */
export function charOffset(sql: string, byteOffset: number): number {
  return advance(sql, byteOffset, (char) => utf8Length(char.codePointAt(0) ?? 0))
}

/** Where DuckDB's parser places a syntax error: it counts code points instead. */
export function charOffsetOfCodePoint(sql: string, codePoints: number): number {
  return advance(sql, codePoints, () => 1)
}

function advance(sql: string, until: number, size: (char: string) => number): number {
  let passed = 0
  let chars = 0
  for (const char of sql) {
    if (passed >= until) break
    passed += size(char)
    chars += char.length
  }
  return chars
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1
  if (codePoint < 0x800) return 2
  return codePoint < 0x10000 ? 3 : 4
}
