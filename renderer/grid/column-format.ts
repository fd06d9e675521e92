import type { ColumnFormat } from '../../shared/domain/column-layout.ts'
import type { Column } from '../../shared/domain/table-query.ts'
import { formatBytes } from '../ui/format.ts'
import { type Cell, formatCell, groupDigits, NUMBER_TEXT } from './cell-format.ts'

/** What the grid shows of a cell in a format that somebody chose; what cannot be written so, as it is by itself. */
export function formatCellAs(cell: Cell, column: Column, format: ColumnFormat): string {
  const isPlain = cell !== null && cell !== undefined && cell !== '' && typeof cell !== 'object'
  return (isPlain ? formatAs(String(cell), format) : null) ?? formatCell(cell, column, false)
}

const DAYS = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const MOMENTS = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** Null where the value is none that can be written so. */
function formatAs(text: string, format: ColumnFormat): string | null {
  return format.kind === 'number' ? formatNumberAs(text, format) : formatDateAs(text, format.style)
}

function formatNumberAs(text: string, { style, decimals }: Extract<ColumnFormat, { kind: 'number' }>): string | null {
  if (!Number.isFinite(Number(text)) || text.trim() === '') return null
  if (style === 'bytes') return formatBytes(Number(text))
  if (decimals === null && style !== 'percent') return style === 'grouped' ? groupDigits(text) : text.replace(/^-/, '−')
  const digits = decimals === null ? { maximumFractionDigits: 12 } : { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
  const numbers = new Intl.NumberFormat('en', { style: style === 'percent' ? 'percent' : 'decimal', useGrouping: style !== 'digits', ...digits })
  // Given as text, it is rounded from all its digits, not from the nearest double.
  return NUMBER_TEXT.test(text) ? numbers.format(text as `${number}`).replace(/^-/, '−') : numbers.format(Number(text)).replace(/^-/, '−')
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})/

function formatDateAs(text: string, style: Extract<ColumnFormat, { kind: 'date' }>['style']): string | null {
  if (!ISO.test(text)) return null
  if (style === 'iso') return text
  if (style === 'words') {
    const hasTime = text.length > 10
    const at = new Date(hasTime ? text.replace(/Z?$/, 'Z') : `${text}T00:00:00Z`)
    return Number.isNaN(at.getTime()) ? null : (hasTime ? MOMENTS : DAYS).format(at)
  }
  return text.slice(0, { day: 10, month: 7, year: 4 }[style])
}
