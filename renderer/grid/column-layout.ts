import type { Column } from '../../shared/domain/table-query.ts'

/** What a person did to the columns of a table; the rest follows the data. */
export interface ColumnLayout {
  readonly order: readonly string[]
  readonly hidden: readonly string[]
  /** Pinned to the left; null until somebody pins or unpins: then a short row key is. */
  readonly pinned: readonly string[] | null
  readonly widths: Readonly<Record<string, number>>
}

export const EMPTY_LAYOUT: ColumnLayout = { order: [], hidden: [], pinned: null, widths: {} }

const SHORT_KEY = 2

export function pinnedColumns(layout: ColumnLayout, keyColumns: readonly string[]): readonly string[] {
  return layout.pinned ?? (keyColumns.length <= SHORT_KEY ? keyColumns : [])
}

/** The columns in the order in which they are shown: as arranged, then those that came later; pinned ones first. */
export function arrangeColumns(columns: readonly Column[], layout: ColumnLayout, keyColumns: readonly string[]): Column[] {
  const place = new Map(layout.order.map((name, index) => [name, index]))
  const rank = (column: Column, index: number) => place.get(column.name) ?? layout.order.length + index
  const arranged = columns.map((column, index) => ({ column, rank: rank(column, index) })).sort((a, b) => a.rank - b.rank)
  const all = arranged.map(({ column }) => column)
  const pinned = pinnedColumns(layout, keyColumns)
  const isPinned = (column: Column) => pinned.includes(column.name)
  return [...all.filter(isPinned), ...all.filter((column) => !isPinned(column))]
}

export function shownColumns(columns: readonly Column[], layout: ColumnLayout, keyColumns: readonly string[]): Column[] {
  return arrangeColumns(columns, layout, keyColumns).filter((column) => !layout.hidden.includes(column.name))
}

export function withHidden(layout: ColumnLayout, name: string, hidden: boolean): ColumnLayout {
  const others = layout.hidden.filter((item) => item !== name)
  return { ...layout, hidden: hidden ? [...others, name] : others }
}

export function withPinned(layout: ColumnLayout, name: string, { pinned, keyColumns }: { pinned: boolean; keyColumns: readonly string[] }): ColumnLayout {
  const others = pinnedColumns(layout, keyColumns).filter((item) => item !== name)
  return { ...layout, pinned: pinned ? [...others, name] : others }
}
