import type { GridCell } from './grid-query.ts'

/** The object or list that a cell is, or that its text says as JSON; null for anything else. */
export function nestedValue({ value }: Pick<GridCell, 'value'>): object | null {
  if (typeof value === 'object') return value
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return null
  try {
    const parsed: unknown = JSON.parse(value)
    return typeof parsed === 'object' ? parsed : null
  } catch {
    // It only looks like JSON, and is shown as the text that it is.
    return null
  }
}

const BYTES_A_LINE = 16

/** Bytes given as hexadecimal digits, as lines of 16: where they begin, each byte, and those that are letters. */
export function hexLines(hex: string): string {
  if (!/^([0-9A-Fa-f]{2})*$/.test(hex)) return hex
  const bytes = hex.match(/../g) ?? []
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += BYTES_A_LINE) {
    const line = bytes.slice(at, at + BYTES_A_LINE)
    const letters = line.map((byte) => letterOf(Number.parseInt(byte, 16))).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${line.join(' ').toLowerCase().padEnd(BYTES_A_LINE * 3 - 1)}  ${letters}`)
  }
  return lines.join('\n')
}

function letterOf(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCodePoint(code) : '.'
}
