import { SaxesParser } from 'saxes'
import type { Declaration, Doubt, FindingOut } from '../../../../shared/contract/ingest.contract.ts'
import { type CellRange, columnLetters } from '../connectors/xlsx/cell-reference.ts'
import { feedXml } from '../connectors/xlsx/feed-xml.ts'
import { readMerges } from '../connectors/xlsx/merged-cells.ts'
import { listenForRows } from '../connectors/xlsx/sheet-cells.ts'
import type { Sheet, Workbook } from '../connectors/xlsx/workbook.ts'
import { guessHeader } from './header-guess.ts'

/** What the beginning of a sheet says about how it is to be read. */
export interface SheetLook {
  declaration: Declaration
  found: FindingOut[]
  doubts: Doubt[]
}

interface Row {
  /** Of the sheet, from 1. */
  line: number
  texts: Map<number, string>
}

const LOOKED_ROWS = 60
/** Merged cells stand behind all rows; of a sheet larger than that they are not looked for. */
const MERGES_BYTES = 32 * 1024 * 1024
const MOST_ABOVE = 30
/** Of fewer records nobody can tell what is a name and what a value. */
const LEAST_BELOW = 5

export async function lookAtSheet(workbook: Workbook, sheet: Sheet, signal: AbortSignal): Promise<SheetLook> {
  const rows = await firstRows(workbook, sheet, signal)
  const merges = workbook.parts.sizeOf(sheet.part) > MERGES_BYTES ? [] : await readMerges(workbook.parts, sheet.part, signal)
  const header = headerOf(rows, merges)
  const last = header?.rows.at(-1) ?? rows[0]?.line ?? 0
  const inside = merges.filter(({ firstRow }) => firstRow > last)
  return {
    declaration: header === null || header.isDefault ? {} : { header_rows: header.rows.length === 1 ? (header.rows[0] ?? 1) : header.rows },
    found: [...(header === null ? [] : [header.found]), ...mergeFindings(merges)],
    doubts: [...headerDoubts(header), ...(inside.length === 0 ? [] : [mergeDoubt(inside)])],
  }
}

const UNSURE = 0.75
const SURE = 0.9

async function firstRows(workbook: Workbook, sheet: Sheet, signal: AbortSignal): Promise<Row[]> {
  const rows: Row[] = []
  const parser = new SaxesParser()
  listenForRows(parser, workbook, (line, cells) => {
    const texts = new Map(cells.filter(({ text }) => text.trim() !== '').map(({ column, text }) => [column, text]))
    if (texts.size > 0 && rows.length < LOOKED_ROWS) rows.push({ line, texts })
  })
  await feedXml({ parts: workbook.parts, part: sheet.part, parser, file: workbook.file, signal, onChunk: () => Promise.resolve(rows.length < LOOKED_ROWS) })
  return rows
}

interface Header {
  /** Rows that name the columns, as they are taken. */
  rows: number[]
  /** Where nothing is declared, they are these. */
  isDefault: boolean
  found: FindingOut
  choices: Doubt['choices']
}

function headerOf(rows: readonly Row[], merges: readonly CellRange[]): Header | null {
  const [at = 0, ...otherStarts] = tableStarts(rows)
  const [first, second] = [rows[at], rows[at + 1]]
  if (first === undefined) return null
  const mine = merges.filter(({ firstRow }) => firstRow === first.line)
  const group = mine.find(({ lastRow, firstColumn, lastColumn }) => lastRow === first.line && lastColumn > firstColumn)
  if (group !== undefined && second?.line === first.line + 1 && isNames(rows.slice(at + 1), UNSURE)) return twoRows(first.line, second.line, group)
  return oneRow({ line: first.line, above: rows.slice(0, at), mine, otherLines: otherStarts.flatMap((index) => rows[index]?.line ?? []) })
}

function twoRows(first: number, second: number, group: CellRange): Header {
  const evidence = `row ${first} has names over several columns, such as ${rangeText(group)}, and row ${second} names each`
  return { rows: [first, second], isDefault: false, found: finding([first, second], evidence, 0.7), choices: [joined([first, second]), alone(second), alone(first)] }
}

interface OneRow {
  line: number
  above: readonly Row[]
  /** Ranges that begin in it. */
  mine: readonly CellRange[]
  /** Where the table may begin too. */
  otherLines: readonly number[]
}

function oneRow({ line, above, mine, otherLines }: OneRow): Header {
  const isDefault = above.length === 0
  const said = above.at(-1)?.texts.values().next().value ?? ''
  const evidence = isDefault ? 'the first row that holds something' : `the table begins there; above it: ${JSON.stringify(said.slice(0, 60))}`
  const tall = Math.min(line + MOST_HEADER_ROWS - 1, Math.max(line, ...mine.map(({ lastRow }) => lastRow)))
  const others = [...(tall > line ? [joined(Array.from({ length: tall - line + 1 }, (_, index) => line + index))] : []), ...otherLines.map(alone)]
  const own = isDefault ? { ...alone(line), change: { header_rows: null } } : alone(line)
  const isClear = others.length === 0 && above.every(({ texts }) => texts.size === 1)
  return { rows: [line], isDefault, found: finding([line], evidence, isClear ? 0.85 : 0.6), choices: others.length === 0 ? [] : [own, ...others] }
}

const MOST_HEADER_ROWS = 6

function finding(rows: readonly number[], evidence: string, confidence: number): FindingOut {
  return { about: 'header_rows', value: rows.join(' and '), evidence, confidence }
}

function joined(rows: number[]): Doubt['choices'][number] {
  return { label: `rows ${rows[0] ?? 1} to ${rows.at(-1) ?? 1}, joined`, change: { header_rows: rows } }
}

function alone(row: number): Doubt['choices'][number] {
  return { label: `row ${row} alone`, change: { header_rows: row } }
}

/**
 * Rows in which the table may begin, the likeliest first: those about as full as the others, down to the first that another such row follows. A title
 * above is not so full; a remark in several cells may be, and a record with holes in it is none, so their texts decide.
 */
function tableStarts(rows: readonly Row[]): number[] {
  const counts = rows.map(({ texts }) => texts.size).toSorted((a, b) => a - b)
  const usual = counts[Math.floor(counts.length / 2)] ?? 0
  if (usual < 2) return [0]
  const isFull = (index: number): boolean => (rows[index]?.texts.size ?? 0) >= Math.max(2, usual * 0.6)
  const end = rows.findIndex((_, index) => isFull(index) && isFull(index + 1))
  const starts = rows.slice(0, Math.min(MOST_ABOVE, end + 1)).flatMap((_, index) => (isFull(index) ? [index] : []))
  const named = starts.findLast((index, place) => place === 0 || (rows.length - index > LEAST_BELOW && isNames(rows.slice(index), SURE)))
  return named === undefined ? [0] : [named, ...starts.filter((index) => index !== named)]
}

function isNames(rows: readonly Row[], least: number): boolean {
  const columns = [...new Set(rows.flatMap(({ texts }) => [...texts.keys()]))].toSorted((a, b) => a - b)
  const { isHeader, confidence } = guessHeader(rows.map(({ texts }) => columns.map((column) => texts.get(column) ?? '')))
  return isHeader && confidence >= least
}

function headerDoubts(header: Header | null): Doubt[] {
  if (header === null || header.choices.length === 0) return []
  return [{ about: 'header_rows', text: `Which rows name the columns is not sure: ${header.found.evidence}`, choices: header.choices }]
}

function rangeText(range: CellRange | undefined): string {
  if (range === undefined) return ''
  return `${columnLetters(range.firstColumn)}${range.firstRow}:${columnLetters(range.lastColumn)}${range.lastRow}`
}

function mergeFindings(merges: readonly CellRange[]): FindingOut[] {
  if (merges.length === 0) return []
  return [{ about: 'merged', value: merges.length === 1 ? '1 range of cells' : `${merges.length} ranges of cells`, evidence: `such as ${rangeText(merges[0])}`, confidence: 1 }]
}

function mergeDoubt(inside: readonly CellRange[]): Doubt {
  return {
    about: 'merged',
    text: `Cells are merged among the records, such as ${rangeText(inside[0])}; a value can count once, in the first cell, or for all that it covers`,
    choices: [{ label: 'once', change: { merged: null } }, { label: 'in every row and column it covers', change: { merged: 'repeat' } }],
  }
}
