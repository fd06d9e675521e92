import type { DatasetListItem } from '../../../shared/contract/datasets.contract.ts'
import { type Zone, ZONES } from '../../../shared/domain/zone.ts'

/** A line of the tree of datasets: data type, zone, dataset. */
export type TreeRow =
  | { kind: 'type'; id: string; level: 1; name: string; count: number; open: boolean }
  | { kind: 'zone'; id: string; level: 2; zone: Zone; count: number; open: boolean }
  | { kind: 'dataset'; id: string; level: 3; item: DatasetListItem }

interface TreeRequest {
  readonly datasets: readonly DatasetListItem[]
  /** Data types in the order of the workspace; others follow by name. */
  readonly typeOrder: readonly string[]
  readonly search: string
  /** Ids of folded lines. */
  readonly folded: ReadonlySet<string>
}

/** The lines that are shown. A search opens everything and keeps the datasets whose name holds every word of it. */
export function treeRows({ datasets, typeOrder, search, folded }: TreeRequest): TreeRow[] {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const found = datasets.filter((item) => words.every((word) => item.dataset.toLowerCase().includes(word)))
  const isOpen = (id: string) => words.length > 0 || !folded.has(id)
  return typesOf(found, typeOrder).flatMap((type) => {
    const ofType = found.filter((item) => item.dataType === type)
    const open = isOpen(type)
    const head: TreeRow = { kind: 'type', id: type, level: 1, name: type, count: ofType.length, open }
    return open ? [head, ...zoneRows(type, ofType, isOpen)] : [head]
  })
}

function zoneRows(type: string, items: readonly DatasetListItem[], isOpen: (id: string) => boolean): TreeRow[] {
  return ZONES.flatMap((zone) => {
    const inZone = items.filter((item) => item.zone === zone).sort((a, b) => a.name.localeCompare(b.name))
    if (inZone.length === 0) return []
    const id = `${type}/${zone}`
    const open = isOpen(id)
    const head: TreeRow = { kind: 'zone', id, level: 2, zone, count: inZone.length, open }
    return open ? [head, ...inZone.map((item): TreeRow => ({ kind: 'dataset', id: item.dataset, level: 3, item }))] : [head]
  })
}

function typesOf(items: readonly DatasetListItem[], order: readonly string[]): string[] {
  const rank = (type: string) => (order.includes(type) ? order.indexOf(type) : order.length)
  return [...new Set(items.map((item) => item.dataType))].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
}

/** Where a key leads in the tree: another line, a fold or unfold, or nothing. */
export function treeMove(rows: readonly TreeRow[], at: number, key: string): { to: number } | { toggle: string } | null {
  const row = rows[at]
  if (row === undefined) return rows.length > 0 ? { to: 0 } : null
  switch (key) {
    case 'ArrowDown':
      return { to: Math.min(rows.length - 1, at + 1) }
    case 'ArrowUp':
      return { to: Math.max(0, at - 1) }
    case 'Home':
      return { to: 0 }
    case 'End':
      return { to: rows.length - 1 }
    case 'ArrowRight':
      return row.kind === 'dataset' ? null : row.open ? { to: at + 1 } : { toggle: row.id }
    case 'ArrowLeft':
      return row.kind !== 'dataset' && row.open ? { toggle: row.id } : parentOf(rows, at)
    default:
      return null
  }
}

function parentOf(rows: readonly TreeRow[], at: number): { to: number } | null {
  const level = rows[at]?.level ?? 1
  const parent = rows.slice(0, at).findLastIndex((row) => row.level < level)
  return parent === -1 ? null : { to: parent }
}
