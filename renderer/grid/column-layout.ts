import type { ColumnFormat } from '../../shared/domain/column-layout.ts'
import type { Column } from '../../shared/domain/table-query.ts'

/** What a person did to the columns of a table; the rest follows the data. */
export interface ColumnLayout {
  readonly order: readonly string[]
  readonly hidden: readonly string[]
  /** Pinned to the left; null until somebody pins or unpins: then a short row key is. */
  readonly pinned: readonly string[] | null
  readonly widths: Readonly<Record<string, number>>
  readonly formats: Readonly<Record<string, ColumnFormat>>
  /** Name of the heading above it, by column. */
  readonly groups: Readonly<Record<string, string>>
}

export const EMPTY_LAYOUT: ColumnLayout = { order: [], hidden: [], pinned: null, widths: {}, formats: {}, groups: {} }

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

/** With values of a column written like this; null: as they are by themselves. */
export function withFormat(layout: ColumnLayout, name: string, format: ColumnFormat | null): ColumnLayout {
  const { [name]: _before, ...others } = layout.formats
  return { ...layout, formats: format === null ? others : { ...others, [name]: format } }
}

/** A column under a heading, beside the others that are under it; null: under none. */
export function withGroup(layout: ColumnLayout, name: string, { group, shown }: { group: string | null; shown: readonly string[] }): ColumnLayout {
  const { [name]: _before, ...others } = layout.groups
  if (group === null) return { ...layout, groups: others }
  const last = shown.findLast((column) => column !== name && others[column] === group)
  const rest = shown.filter((column) => column !== name)
  const order = last === undefined ? shown : rest.flatMap((column) => (column === last ? [column, name] : [column]))
  return { ...layout, order, groups: { ...others, [name]: group } }
}
