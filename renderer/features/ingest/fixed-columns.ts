import type { DeclaredColumn } from '../../../shared/contract/ingest.contract.ts'

/** A column of fixed width and where it begins, from 1. */
export interface FixedColumn {
  name: string
  start: number
  width: number
}

/** Columns in their order; one that does not say where it begins stands behind the one before. */
export function fixedColumns(columns: Readonly<Record<string, DeclaredColumn>>): FixedColumn[] {
  const all: FixedColumn[] = []
  for (const [name, column] of Object.entries(columns)) {
    const last = all.at(-1)
    const { start, width } = typeof column === 'string' ? {} : column
    all.push({ name, start: typeof start === 'number' ? start : last === undefined ? 1 : last.start + last.width, width: typeof width === 'number' ? width : 1 })
  }
  return all
}

/** As the source says it: what else it says of a column stays with its name. */
export function placesOf(columns: readonly FixedColumn[], before: Readonly<Record<string, DeclaredColumn>>): Record<string, DeclaredColumn> {
  return Object.fromEntries(columns.map(({ name, start, width }, index) => {
    const last = columns[index - 1]
    const follows = start === (last === undefined ? 1 : last.start + last.width)
    const known = before[name]
    const { start: _start, width: _width, ...rest } = typeof known === 'object' ? known : {}
    return [name, { ...rest, ...(follows ? {} : { start }), width }]
  }))
}

/**
 * An edge at a place between two characters: what stands there is cut in two, or, where an edge is, put together.
 * @param at characters before it
 */
export function toggleEdge(columns: readonly FixedColumn[], at: number): FixedColumn[] {
  const existing = columns.findIndex(({ start }, index) => index > 0 && start === at + 1)
  if (existing !== -1) return joinColumn(columns, existing)
  const index = columns.findIndex(({ start, width }) => at >= start && at < start - 1 + width)
  const column = columns[index]
  if (column === undefined) return [...columns]
  const first = { ...column, width: at - column.start + 1 }
  const second = { name: freeName(columns), start: at + 1, width: column.width - first.width }
  return [...columns.slice(0, index), first, second, ...columns.slice(index + 1)]
}

/** A column becomes part of the one before. */
export function joinColumn(columns: readonly FixedColumn[], index: number): FixedColumn[] {
  const [before, column] = [columns[index - 1], columns[index]]
  if (before === undefined || column === undefined) return [...columns]
  return [...columns.slice(0, index - 1), { ...before, width: column.start + column.width - before.start }, ...columns.slice(index + 1)]
}

export function renameColumn(columns: readonly FixedColumn[], index: number, name: string): FixedColumn[] {
  const isTaken = columns.some((column, place) => place !== index && column.name.toLowerCase() === name.toLowerCase())
  return columns.map((column, place) => (place === index && !isTaken ? { ...column, name } : column))
}

/** The next column gives or takes the difference, so that those behind it stay where they are. */
export function resizeColumn(columns: readonly FixedColumn[], index: number, width: number): FixedColumn[] {
  const [column, next] = [columns[index], columns[index + 1]]
  if (column === undefined) return [...columns]
  const most = next === undefined ? width : next.start + next.width - column.start - 1
  const wanted = Math.min(width, most)
  return columns.map((one, place) => {
    if (place === index) return { ...one, width: wanted }
    return place === index + 1 ? { ...one, start: column.start + wanted, width: one.start + one.width - column.start - wanted } : one
  })
}

function freeName(columns: readonly FixedColumn[]): string {
  for (let n = columns.length + 1; ; n++) if (!columns.some(({ name }) => name === `column_${n}`)) return `column_${n}`
}
