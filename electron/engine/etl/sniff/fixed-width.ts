import { uniqueColumnNames } from '../connectors/column-names.ts'
import { guessHeader, type HeaderGuess } from './header-guess.ts'

/** How a text in columns of fixed width is built. */
export interface FixedShape {
  /** In their order, one behind the other; widths in characters. */
  columns: { name: string; width: number }[]
  /** Lines before the first record. */
  skipLines: number
  hasHeader: boolean
  header: HeaderGuess | null
  /** Records that were looked at. */
  looked: number
  evidence: string
  confidence: number
}

const MIN_LINES = 3
const MIN_GAPS = 2
/** Titles above a table. */
const MAX_PREAMBLE = 5
const LEAST_BELOW = 5
const LOOKED_LINES = 5_000
/** Share of the values of a column that must begin at one place for it to be its left edge. */
const ALIGNED = 0.9
const SURE_LINES = 30
const FEW_SURE_LINES = 8

interface Lines {
  /** Not blank, each with its number in the file. */
  lines: { text: string; number: number }[]
}

/** Columns that line up: places where every line is blank, with text on both sides of them. Null where there are none. */
export function findFixedWidth(text: string, isWhole: boolean): FixedShape | null {
  const all = linesOf(text, isWhole)
  if (all.lines.length < MIN_LINES || all.lines.some((line) => line.text.includes('\t'))) return null
  return byRuler(all) ?? byGaps(all)
}

function linesOf(text: string, isWhole: boolean): Lines {
  const physical = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  // The last line of what was read may be cut.
  const whole = isWhole ? physical : physical.slice(0, -1)
  const lines = whole.slice(0, LOOKED_LINES).map((line, index) => ({ text: line.replaceAll(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '\uFFFD').trimEnd(), number: index + 1 }))
  return { lines: lines.filter((line) => line.text !== '') }
}

/** A line of dashes under the names says where the columns are. */
function byRuler({ lines }: Lines): FixedShape | null {
  const at = lines.slice(0, MAX_PREAMBLE + 2).findIndex(({ text }, index) => index > 0 && /^[ +]*([-=]{2,}[ +]+)+[-=]{2,}[ +]*$/.test(text))
  const ruler = lines[at]
  const names = lines[at - 1]
  if (ruler === undefined || names === undefined) return null
  const starts = [...ruler.text.matchAll(/[-=]+/g)].map(({ index }) => index)
  const body = lines.slice(at + 1)
  const edges = edgesFrom([0, ...starts.slice(1)], [...body, ruler])
  return { columns: named(edges, slices(names.text, edges)), skipLines: ruler.number, hasHeader: true, header: null, looked: body.length, evidence: 'a line of dashes under the names', confidence: 0.97 }
}

function byGaps({ lines }: Lines): FixedShape | null {
  const from = tableStart(lines)
  const body = lines.slice(from)
  const gaps = gapsOf(body)
  if (!isTable(body, gaps)) return null
  const starts = [0, ...gaps.map((gap, index) => columnStart(gap, gaps[index + 1]?.start, body))]
  const edges = edgesFrom(starts, body)
  const { names, header, isInside } = namesOf(lines[from - 1], body, edges)
  const looked = body.length - Number(isInside)
  const narrow = Math.min(...gaps.map(({ start, end }) => end - start))
  return {
    columns: named(edges, names),
    skipLines: (body[Number(isInside)]?.number ?? 1) - 1,
    hasHeader: names.length > 0,
    header,
    looked,
    evidence: `${gaps.length === 1 ? 'a gap' : `${gaps.length} gaps`} in which all ${body.length.toLocaleString('en')} lines are blank${narrow === 1 ? ', some of one character' : ''}`,
    confidence: isSureOf(looked, narrow) ? 0.9 : 0.6,
  }
}

function isSureOf(looked: number, narrow: number): boolean {
  return looked >= SURE_LINES || (looked >= FEW_SURE_LINES && narrow > 1)
}

interface Names {
  /** None where nothing names the columns. */
  names: string[]
  header: HeaderGuess | null
  /** They are the first line of the table, and not above it. */
  isInside: boolean
}

function namesOf(above: Lines['lines'][number] | undefined, body: Lines['lines'], edges: readonly Edge[]): Names {
  const isEnough = (names: readonly string[]): boolean => names.filter((name) => name !== '').length >= edges.length * MOST_NAMED
  if (above !== undefined) {
    const names = wordsOver(above.text, edges)
    return { names: isEnough(names) ? names : [], header: null, isInside: false }
  }
  const rows = body.map(({ text }) => slices(text, edges))
  const header = guessHeader(rows)
  const names = header.isHeader ? (rows[0] ?? []) : []
  return isEnough(names) && names.length > 0 ? { names, header, isInside: true } : { names: [], header, isInside: false }
}

/** Share of the columns that must have a name. */
const MOST_NAMED = 0.8

interface Gap {
  start: number
  /** The first place behind it. */
  end: number
}

/** Titles, and names that are wider than their columns, hide gaps that all lines below have. */
function tableStart(lines: Lines['lines']): number {
  let best = 0
  let most = gapsOf(lines).length
  for (let from = 1; from <= MAX_PREAMBLE && lines.length - from >= LEAST_BELOW; from++) {
    const count = gapsOf(lines.slice(from)).length
    if (count > most) [best, most] = [from, count]
  }
  return best
}

function gapsOf(lines: Lines['lines']): Gap[] {
  const width = Math.max(0, ...lines.map(({ text }) => text.length))
  const gaps: Gap[] = []
  let start: number | null = null
  for (let at = 0; at < width; at++) {
    const isBlank = lines.every(({ text }) => (text[at] ?? ' ') === ' ')
    if (isBlank) start ??= at
    else if (start !== null) {
      // Where most lines have ended already, a gap means nothing.
      if (start > 0 && lines.filter(({ text }) => text.length > at).length >= lines.length / 2) gaps.push({ start, end: at })
      start = null
    }
  }
  return gaps
}

/** Words that stand under one another by chance are no table: something must be padded, or missing. */
function isTable(lines: Lines['lines'], gaps: readonly Gap[]): boolean {
  const isPadded = lines.some(({ text }) => / {2,}\S/.test(text))
  const isRagged = new Set(lines.map(({ text }) => text.trim().split(/\s+/).length)).size > 1
  if (gaps.length >= MIN_GAPS) return isPadded || isRagged
  const [gap] = gaps
  return gap !== undefined && gap.end - gap.start > 1 && lines.length >= LEAST_BELOW && lines.every(({ text }) => text.length > gap.end)
}

/** Where values begin at one place, that is the left edge of their column; numbers end at one, and may become longer to the left. */
function columnStart({ start, end }: Gap, next: number | undefined, lines: Lines['lines']): number {
  const present = lines.filter(({ text }) => text.slice(end, next).trim() !== '')
  const atEdge = present.filter(({ text }) => (text[end] ?? ' ') !== ' ').length
  return atEdge >= present.length * ALIGNED ? end : start
}

interface Edge {
  start: number
  width: number
}

function edgesFrom(starts: readonly number[], lines: Lines['lines']): Edge[] {
  const end = Math.max(...lines.map(({ text }) => text.length))
  return starts.map((start, index) => ({ start, width: (starts[index + 1] ?? Math.max(end, start + 1)) - start }))
}

function slices(text: string, edges: readonly Edge[]): string[] {
  return edges.map(({ start, width }) => text.slice(start, start + width).trim())
}

/** Names above columns that they do not keep to: each group of words goes to the column that it covers most. */
function wordsOver(text: string, edges: readonly Edge[]): string[] {
  const names = edges.map((): string[] => [])
  for (const { 0: word, index } of text.matchAll(/\S+(?: \S+)*/g)) {
    const covered = edges.map(({ start, width }) => Math.min(start + width, index + word.length) - Math.max(start, index))
    names[covered.indexOf(Math.max(...covered))]?.push(word)
  }
  return names.map((words) => words.join(' '))
}

function named(edges: readonly Edge[], names: readonly string[]): FixedShape['columns'] {
  const unique = uniqueColumnNames(edges.map((_, index) => names[index] ?? ''))
  return edges.map(({ width }, index) => ({ name: unique[index] ?? '', width }))
}
