import type { Column, ColumnFilter } from '../../../shared/domain/table-query.ts'

interface Row {
  columns: readonly Column[]
  /** Columns whose values name a row, where the dataset declares some. */
  keyColumns: readonly string[]
  row: readonly unknown[]
}

/** Longer values say no more, and do not fit into an address. */
const MOST_CHARACTERS = 200
const MOST_COLUMNS = 12

/** What finds one row again: its key; without one, its file and record, or as many of its values as go into an address. */
export function rowFilter({ columns, keyColumns, row }: Row): ColumnFilter[] {
  const filters = columns.flatMap((column, index): ColumnFilter[] => {
    const value = row[index]
    // A mask names no row.
    if (column.isMasked === true && value !== null) return []
    if (value === null || value === undefined) return [{ column: column.name, op: 'is_null' }]
    if (column.kind === 'nested' || typeof value === 'object' || String(value).length > MOST_CHARACTERS) return []
    return [{ column: column.name, op: 'eq', value: String(value) }]
  })
  const named = (names: readonly string[]): ColumnFilter[] => filters.filter(({ column, op }) => op === 'eq' && names.includes(column))
  const place = columns.filter(({ isProvenance }) => isProvenance).map(({ name }) => name)
  for (const names of [keyColumns, place]) if (names.length > 0 && named(names).length === names.length) return named(names)
  // Values tell rows apart better than gaps do.
  return [...filters.filter(({ op }) => op === 'eq'), ...filters.filter(({ op }) => op === 'is_null')].slice(0, MOST_COLUMNS)
}
