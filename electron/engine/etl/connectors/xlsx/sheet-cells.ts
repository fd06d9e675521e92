import type { SaxesParser } from 'saxes'
import { KIND, type Kind, numberText } from '../table/value-kinds.ts'
import { columnOf } from './cell-reference.ts'
import { readSerial } from './serial-date.ts'
import { localName, RichTextReader, unescapeText } from './shared-strings.ts'
import type { Workbook } from './workbook.ts'

/** A cell that holds something. */
export interface Cell {
  column: number
  text: string
  kind: Kind
  /** Its value cannot be told, for this reason. */
  problem: string | null
}

interface OpenCell {
  column: number
  type: string
  style: number
  value: string
  hasValue: boolean
  hasFormula: boolean
}

type Meaning = Pick<Workbook, 'meanings' | 'is1904' | 'strings'>

/** Turns the events of a sheet's XML into rows of cells. Rows and cells without a reference come after the one before. */
export function listenForRows(parser: SaxesParser, workbook: Meaning, onRow: (line: number, cells: Cell[]) => void): void {
  const rich = new RichTextReader()
  let line = 0
  let column = 0
  let cells: Cell[] = []
  let cell: OpenCell | null = null
  let isValue = false
  const openTag: Record<string, (attributes: Record<string, string>) => void> = {
    row: ({ r }) => {
      line = r === undefined ? line + 1 : Number(r)
      column = 0
      cells = []
    },
    c: ({ r, t = 'n', s }) => {
      column = r === undefined ? column + 1 : columnOf(r)
      cell = { column, type: t, style: s === undefined ? 0 : Number(s), value: '', hasValue: false, hasFormula: false }
    },
    v: () => {
      isValue = true
      if (cell !== null) cell.hasValue = true
    },
    f: () => {
      if (cell !== null) cell.hasFormula = true
    },
  }
  parser.on('opentag', ({ name, attributes }) => {
    const own = localName(name)
    if (Object.hasOwn(openTag, own)) openTag[own]?.(attributes)
    else if (cell !== null) rich.open(own)
  })
  const onText = (text: string): void => {
    if (cell === null) return
    if (isValue) cell.value += text
    else rich.text(text)
  }
  parser.on('text', onText)
  parser.on('cdata', onText)
  parser.on('closetag', ({ name }) => {
    const own = localName(name)
    if (own === 'v') isValue = false
    else if (own === 'c' && cell !== null) {
      const read = readCell(cell, rich, workbook)
      if (read !== null) cells.push(read)
      cell = null
    } else if (own === 'row') onRow(line, cells)
    else if (cell !== null) rich.close(own)
  })
}

/** Null for a cell that holds nothing. */
function readCell(cell: OpenCell, rich: RichTextReader, workbook: Meaning): Cell | null {
  const { column, type, value } = cell
  const text = (written: string): Cell | null => (written === '' ? null : { column, text: written, kind: KIND.text, problem: null })
  const bad = (problem: string): Cell => ({ column, text: value, kind: KIND.text, problem })
  if (type === 'inlineStr') return text(rich.take())
  if (!cell.hasValue || value === '') return cell.hasFormula && type !== 'str' ? bad('the formula has no cached value') : null
  switch (type) {
    case 's': {
      const shared = workbook.strings.get(Number(value))
      return shared === null ? bad(`text ${value} is missing in the workbook`) : text(shared)
    }
    case 'str':
      return text(unescapeText(value))
    case 'b':
      return { column, text: value === '1' || value === 'true' ? 'true' : 'false', kind: KIND.boolean, problem: null }
    case 'e':
      return bad(`the cell holds the error ${value}`)
    case 'd':
      return isoCell(column, value)
    default:
      return numberCell(cell, workbook)
  }
}

function numberCell({ column, style, value }: OpenCell, { meanings, is1904 }: Meaning): Cell {
  const number = Number(value)
  if (Number.isNaN(number)) return { column, text: value, kind: KIND.text, problem: `"${value}" is written where a number belongs` }
  const meaning = meanings[style] ?? 'number'
  if (meaning === 'number') return { column, ...numberText(number), problem: null }
  const reading = readSerial(number, meaning, is1904)
  return 'reason' in reading ? { column, text: value, kind: KIND.text, problem: reading.reason } : { column, ...reading, problem: null }
}

const ISO = /^(\d{4}-\d\d-\d\d)?(?:T?(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)Z?)?$/

function isoCell(column: number, value: string): Cell {
  const [, date, time] = ISO.exec(value) ?? []
  if (date === undefined && time === undefined) return { column, text: value, kind: KIND.text, problem: `"${value}" is written where a date belongs` }
  if (date === undefined) return { column, text: time ?? '', kind: KIND.time, problem: null }
  if (time === undefined || /^00:00(:00(\.0+)?)?$/.test(time)) return { column, text: date, kind: KIND.date, problem: null }
  return { column, text: `${date} ${time}`, kind: KIND.timestamp, problem: null }
}
