import type { Column } from '../../shared/domain/table-query.ts'
import { formatCell } from './cell-format.ts'

const CHAR_PX = 6.6
const MONO_PX = 7
const PADDING_PX = 14
/** Room in the header for the menu button and a sort arrow. */
const HEADER_EXTRA_PX = 30
/** The mark of a sensitive column. */
const MASK_MARK_PX = 64
const MIN_PX = 56
const MAX_PX = 240
const COMFORTABLE_TYPE = 13 / 12
const COMFORTABLE_PADDING_PX = 8
const SAMPLE_ROWS = 60

interface WidthRequest {
  column: Column
  cells: readonly unknown[]
  grouped: boolean
  mono: boolean
  /** Larger type and padding of the comfortable density. */
  comfortable: boolean
}

/**
 * A width from the name and the first values, by counting characters: measuring text would cost a layout, and doing it
 * after the rows are shown would move them. The longest tenth may be cut, so that one long value does not widen a column.
 */
export function estimateColumnWidth({ column, cells, grouped, mono, comfortable }: WidthRequest): number {
  const lengths = cells
    .slice(0, SAMPLE_ROWS)
    .map((cell) => (mono ? formatCell(cell, column, grouped).length : widthInChars(formatCell(cell, column, grouped))))
    .sort((a, b) => a - b)
  const usual = lengths[Math.floor((lengths.length - 1) * 0.9)] ?? 8
  const body = usual * (mono ? MONO_PX : CHAR_PX) + PADDING_PX
  const header = column.name.length * CHAR_PX + PADDING_PX + HEADER_EXTRA_PX + (column.isSensitive === true ? MASK_MARK_PX : 0)
  const compact = Math.min(MAX_PX, Math.max(MIN_PX, body, header))
  return Math.round(comfortable ? compact * COMFORTABLE_TYPE + COMFORTABLE_PADDING_PX : compact)
}

/** Letters count 1; digits and capitals are wider, and what is written in squares (Chinese, Japanese, Korean) twice as wide. */
function widthInChars(text: string): number {
  const wide = text.match(WIDE)?.length ?? 0
  const square = text.match(SQUARE)?.length ?? 0
  return text.length + wide * 0.15 + square * 0.9
}

const WIDE = /[\p{Lu}\p{Nd}@%&#]/gu
const SQUARE = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/gu
