import { sqlTokens, type SqlToken, statementRanges } from '../../shared/domain/sql-text.ts'

/** What a SELECT that is still being written can see, as far as its words tell: no parser takes half a statement. */

export interface SqlScope {
  /** What stands in FROM and JOIN, anywhere in the statement. */
  tables: { name: string; alias: string | null }[]
  /** Names of its CTEs. */
  ctes: string[]
  /** Path before the cursor, without the part that is being typed: `drugs.curated.` gives `['drugs', 'curated']`. */
  path: string[]
  /** What is being typed, and where it begins. */
  typed: string
  from: number
  /** The cursor stands where a table is expected. */
  wantsTable: boolean
  /** In a comment or a text, nothing can be named. */
  isInText: boolean
}

/** Words that end a list of tables, and so cannot be a table's alias. */
const CLAUSES = new Set(
  `where group having order limit offset qualify window union intersect except select on using join inner left right full cross natural semi anti asof positional
  lateral as pivot unpivot sample tablesample values from with and or not when then else end returning`.split(/\s+/),
)
const TABLE_WORDS = new Set(['from', 'join', 'describe', 'summarize', 'pivot', 'unpivot', 'table'])

export function sqlScope(text: string, cursor: number): SqlScope {
  const range = statementAt(text, cursor)
  const sql = text.slice(range.from, range.to)
  const at = cursor - range.from
  const before = [...sqlTokens(sql.slice(0, at))]
  const tokens = [...sqlTokens(sql)]
  const { path, typed, from } = pathBefore(before, at)
  return {
    tables: tablesOf(tokens),
    ctes: ctesOf(tokens),
    path,
    typed,
    from: range.from + from,
    wantsTable: wantsTable(before, from),
    isInText: isInText(sql, at),
  }
}

/** The statement around the cursor, from the semicolon before it to the one after it. */
function statementAt(text: string, cursor: number): { from: number; to: number } {
  const ranges = statementRanges(text)
  const previous = ranges.filter(({ to }) => to < cursor && text.slice(to, cursor).includes(';')).at(-1)
  const next = ranges.find(({ from }) => from >= cursor && text.slice(cursor, from).includes(';'))
  return { from: previous === undefined ? 0 : text.indexOf(';', previous.to) + 1, to: next?.from ?? text.length }
}

function pathBefore(before: readonly SqlToken[], at: number): { path: string[]; typed: string; from: number } {
  const last = before.at(-1)
  const isTyping = last !== undefined && last.kind === 'word' && endOf(last) === at
  const [typed, from] = isTyping ? [last.text, last.offset] : ['', at]
  const path: string[] = []
  let end = from
  for (let i = before.length - (isTyping ? 2 : 1); i >= 1; i -= 2) {
    const word = wordBeforeDot(before, i, end)
    if (word === null) break
    path.unshift(nameOf(word))
    end = word.offset
  }
  return { path, typed, from }
}

/** The word of `word.` that ends at `end`, the dot being token number `i`. */
function wordBeforeDot(tokens: readonly SqlToken[], i: number, end: number): SqlToken | null {
  const [dot, word] = [tokens[i], tokens[i - 1]]
  if (dot === undefined || word === undefined || dot.text !== '.' || endOf(dot) !== end) return null
  return word.kind !== 'other' && endOf(word) === dot.offset ? word : null
}

function endOf({ offset, text }: SqlToken): number {
  return offset + text.length
}

function nameOf({ kind, text }: SqlToken): string {
  return kind === 'quoted' ? text.slice(1, -1).replaceAll('""', '"') : text
}

/** After FROM and JOIN, and after a comma in a list of tables at the same depth of parentheses. */
function wantsTable(before: readonly SqlToken[], typedFrom: number): boolean {
  const around = sameDepth(before.filter(({ offset }) => offset < typedFrom))
  const at = around.findLastIndex(({ kind, text }) => kind === 'word' && (TABLE_WORDS.has(text.toLowerCase()) || (CLAUSES.has(text.toLowerCase()) && text.toLowerCase() !== 'as')))
  const word = around[at]?.text.toLowerCase() ?? ''
  if (!TABLE_WORDS.has(word)) return false
  const since = around.slice(at + 1)
  const lastComma = since.findLastIndex(({ text }) => text === ',')
  return isPath(word === 'from' && lastComma >= 0 ? since.slice(lastComma + 1) : since)
}

/** The tokens of the innermost parentheses that are open at the end, without what stands in closed ones. */
function sameDepth(tokens: readonly SqlToken[]): SqlToken[] {
  const open: SqlToken[][] = [[]]
  for (const token of tokens) {
    if (token.text === '(') open.push([])
    else if (token.text === ')' && open.length > 1) open.pop()
    else open.at(-1)?.push(token)
  }
  return open.at(-1) ?? []
}

/** Nothing, or `a.b.`: a name that is still being written. */
function isPath(tokens: readonly SqlToken[]): boolean {
  return tokens.length % 2 === 0 && tokens.every(({ text }, i) => (text === '.') === (i % 2 === 1))
}

function tablesOf(tokens: readonly SqlToken[]): SqlScope['tables'] {
  const tables: SqlScope['tables'] = []
  for (let i = 0; i < tokens.length; i++) {
    const word = tokens[i]?.text.toLowerCase()
    if (tokens[i]?.kind !== 'word' || (word !== 'from' && word !== 'join')) continue
    let next = i + 1
    for (;;) {
      const read = readTable(tokens, next)
      if (read === null) break
      tables.push(read.table)
      next = read.next
      if (word !== 'from' || tokens[next]?.text !== ',') break
      next += 1
    }
  }
  return tables
}

function readTable(tokens: readonly SqlToken[], start: number): { table: SqlScope['tables'][number]; next: number } | null {
  const first = tokens[start]
  if (first === undefined || !isName(first)) return null
  const parts = [nameOf(first)]
  let next = start + 1
  for (let part = tokens[next + 1]; tokens[next]?.text === '.' && part !== undefined && part.kind !== 'other'; part = tokens[next + 1]) {
    parts.push(nameOf(part))
    next += 2
  }
  if (tokens[next]?.text.toLowerCase() === 'as') next += 1
  const alias = tokens[next]
  const name = parts.join('.').toLowerCase()
  return alias !== undefined && isName(alias) ? { table: { name, alias: nameOf(alias) }, next: next + 1 } : { table: { name, alias: null }, next }
}

function isName({ kind, text }: SqlToken): boolean {
  return kind !== 'other' && !text.startsWith("'") && !CLAUSES.has(text.toLowerCase())
}

/** `WITH a AS (`, `, b AS (`: the word before AS and an opening parenthesis, in a statement with WITH. */
function ctesOf(tokens: readonly SqlToken[]): string[] {
  if (!tokens.some(({ kind, text }) => kind === 'word' && text.toLowerCase() === 'with')) return []
  return tokens.flatMap((token, i) => {
    const after = tokens.slice(i + 1, i + 4).map(({ text }) => text.toLowerCase())
    const isCte = token.kind !== 'other' && after[0] === 'as' && (after[1] === '(' || after[1] === 'materialized' || after[1] === 'not')
    const before = tokens[i - 1]?.text.toLowerCase()
    return isCte && (before === 'with' || before === 'recursive' || before === ',') ? [nameOf(token)] : []
  })
}

/** The last thing that began before the cursor is a comment or a text that has not ended there. */
function isInText(sql: string, at: number): boolean {
  const head = sql.slice(0, at)
  const opened = /(?:--[^\n]*|\/\*(?:(?!\*\/)[\s\S])*|'(?:[^']|'')*)$/.exec(withoutClosed(head))
  return opened !== null
}

/** Comments and texts that ended, taken out. */
function withoutClosed(text: string): string {
  return text.replaceAll(/--[^\n]*\n|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ' ')
}
