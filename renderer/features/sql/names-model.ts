import type { SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import { zoneIndex, zoneSchema, type Zone } from '../../../shared/domain/zone.ts'

/** A line of the tree of names: a data type, a dataset in it, a column of that. */
export type NameRow = { id: string; level: 1 | 2 | 3; open: boolean; insert: string; text: string; detail: string } & ({ kind: 'type' } | { kind: 'dataset'; zone: Zone | null } | { kind: 'column' })

interface NamesRequest {
  datasets: SqlNames['datasets']
  search: string
  open: ReadonlySet<string>
}

/** What is open or matches, in the order of the zones. A search opens what holds its matches. */
export function nameRows({ datasets, search, open }: NamesRequest): NameRow[] {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const fits = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word))
  const types = Map.groupBy(datasets.toSorted(byPlace), ({ dataset }) => dataset.split('.')[0] ?? '')
  return [...types].flatMap(([type, all]): NameRow[] => {
    const shown = words.length === 0 ? all : all.filter(({ dataset, columns }) => fits(dataset) || columns.some(({ name }) => fits(name)))
    if (shown.length === 0) return []
    const isOpen = words.length > 0 || open.has(type) || types.size === 1
    const head: NameRow = { kind: 'type', id: type, level: 1, open: isOpen, insert: type, text: type, detail: String(shown.length) }
    return [head, ...(isOpen ? shown.flatMap((dataset) => datasetRows(dataset, { open, fits: words.length === 0 ? null : fits })) : [])]
  })
}

function datasetRows({ dataset, rowCount, columns }: SqlNames['datasets'][number], { open, fits }: { open: ReadonlySet<string>; fits: ((text: string) => boolean) | null }): NameRow[] {
  const [, zone = '', name = dataset] = dataset.split('.')
  const matching = fits === null || fits(dataset) ? [] : columns.filter((column) => fits(column.name))
  const isOpen = open.has(dataset) || matching.length > 0
  const shown = open.has(dataset) ? columns : matching
  const row: NameRow = { kind: 'dataset', id: dataset, level: 2, open: isOpen, insert: dataset, text: name, detail: rowCount.toLocaleString('en'), zone: zoneSchema.safeParse(zone).data ?? null }
  return [row, ...shown.map((column): NameRow => ({ kind: 'column', id: `${dataset} ${column.name}`, level: 3, open: false, insert: column.name, text: column.name, detail: column.type.toLowerCase() }))]
}

function byPlace(a: SqlNames['datasets'][number], b: SqlNames['datasets'][number]): number {
  const [typeA = '', zoneA = ''] = a.dataset.split('.')
  const [typeB = '', zoneB = ''] = b.dataset.split('.')
  return typeA.localeCompare(typeB, 'en') || rank(zoneA) - rank(zoneB) || a.dataset.localeCompare(b.dataset, 'en')
}

function rank(zone: string): number {
  const parsed = zoneSchema.safeParse(zone)
  return parsed.success ? zoneIndex(parsed.data) : -1
}

/** What a key does to the tree: another line, or opening and closing one. */
export function nameMove(rows: readonly NameRow[], at: number, key: string): { to: number } | { toggle: string } | null {
  const row = rows[at]
  const within = (index: number): { to: number } => ({ to: Math.min(rows.length - 1, Math.max(0, index)) })
  switch (key) {
    case 'ArrowDown':
      return within(at + 1)
    case 'ArrowUp':
      return within(at - 1)
    case 'Home':
      return within(0)
    case 'End':
      return within(rows.length - 1)
    case 'ArrowRight':
      if (row === undefined || row.kind === 'column') return null
      return row.open ? within(at + 1) : { toggle: row.id }
    case 'ArrowLeft':
      if (row === undefined) return null
      return row.open && row.kind !== 'column' ? { toggle: row.id } : within(rows.findLastIndex((other, i) => i < at && other.level < row.level))
    default:
      return null
  }
}
