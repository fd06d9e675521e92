/** Where in a YAML file something is being typed, found by indentation: the file is seldom whole while it is written. */
export interface YamlPlace {
  /** Keys that lead there; `*` for an item of a list. */
  path: string[]
  /** What is typed: a key, or the value of `key`. */
  kind: 'key' | 'value'
  key: string | null
  /** Where what is typed begins. */
  from: number
  /** Keys that the mapping has already. */
  siblings: string[]
}

interface Line {
  /** Of its first key or value, behind the dashes of list items. */
  indent: number
  /** Where its dashes stand. */
  dashes: number[]
  key: string | null
  /** Behind the colon, or all of it where there is no key. */
  text: string
}

const KEY = /^("[^"]*"|'[^']*'|[^\s:#'"[{][^:#]*?)\s*:(?=\s|$)/

/** Null inside comments, and in braces and brackets, which have no indentation. */
export function yamlPlace(text: string, at: number): YamlPlace | null {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const before = text.slice(start, at)
  if (/(^|\s)#/.test(before)) return null
  const line = readLine(before)
  const above = text.slice(0, Math.max(0, start - 1)).split('\n')
  const path = pathAbove(above, line)
  if (line.key !== null) return /[[{]/.test(line.text) ? null : { path, kind: 'value', key: line.key, from: at - line.text.trimStart().length, siblings: [] }
  if (/[[{]/.test(line.text)) return null
  return { path, kind: 'key', key: null, from: at - line.text.length, siblings: siblingsOf(text, { start, line }) }
}

function readLine(text: string): Line {
  const dashes: number[] = []
  let indent = /^ */.exec(text)?.[0].length ?? 0
  for (let dash = /^-\s+/.exec(text.slice(indent)); dash !== null; dash = /^-\s+/.exec(text.slice(indent))) {
    dashes.push(indent)
    indent += dash[0].length
  }
  const rest = text.slice(indent)
  const key = KEY.exec(rest)
  return { indent, dashes, key: key === null ? null : unquoted(key[1] ?? ''), text: key === null ? rest : rest.slice(key[0].length) }
}

function unquoted(key: string): string {
  return /^["']/.test(key) ? key.slice(1, -1) : key
}

/** Something that others stand in, and how far to the left it begins. */
interface Mark {
  key: string
  column: number
}

/** Of a line: its dashes, and its key where nothing stands behind that. */
function marksOf({ dashes, key, text, indent }: Line): Mark[] {
  const items = dashes.map((column) => ({ key: '*', column }))
  return key === null || text.replace(/#.*$/, '').trim() !== '' ? items : [...items, { key, column: indent }]
}

/** The marks of less and less indentation, upwards. */
function pathAbove(above: readonly string[], line: Line): string[] {
  const path: string[] = []
  let limit = line.indent
  const own = line.dashes.map((column) => ({ key: '*', column }))
  const others = above.filter((text) => !/^\s*(#|$)/.test(text)).flatMap((text) => marksOf(readLine(text)))
  for (const { key, column } of [...others, ...own].toReversed()) {
    // A list may stand as far to the left as the key that it belongs to.
    const isOuter = column < limit || (column === limit && path[0] === '*' && key !== '*')
    if (!isOuter) continue
    path.unshift(key)
    limit = column
  }
  return path
}

/** Keys of the same mapping: lines of the same indentation, as far as none of less comes between. */
function siblingsOf(text: string, { start, line: { indent, dashes } }: { start: number; line: Line }): string[] {
  const above = dashes.length > 0 ? [] : text.slice(0, Math.max(0, start - 1)).split('\n').toReversed()
  const below = text.slice(start).split('\n').slice(1)
  return [above, below].flatMap((lines, side) => keysWhile(lines, indent, side === 1))
}

function keysWhile(lines: readonly string[], indent: number, isBelow: boolean): string[] {
  const keys: string[] = []
  for (const text of lines) {
    if (text.trim() === '' || text.trim().startsWith('#')) continue
    const line = readLine(text)
    const left = line.dashes[0] ?? line.indent
    if (line.indent < indent || (isBelow && left < indent)) break
    if (line.indent === indent && line.key !== null) keys.push(line.key)
    if (left < indent) break
  }
  return keys
}
