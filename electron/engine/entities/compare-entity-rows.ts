import type { EntityRowChange } from '../../../shared/contract/entities.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'

/** Rows of an entity in one version, cells in the order of the columns. */
export interface EntityRows {
  columns: readonly Column[]
  rows: readonly (readonly unknown[])[]
}

type Row = ReadonlyMap<string, string | null>

/**
 * What became of the rows of an entity. Rows are the same row when they agree in the key; where there is none that names them, only rows
 * that are alike are, and one that is left on either side is the one that changed. A column that a version does not have holds nothing.
 */
export function compareEntityRows(before: EntityRows, after: EntityRows, key: readonly string[]): EntityRowChange[] {
  const [old, now] = [toRows(before), toRows(after)]
  const hasKey = key.length > 0 && [old, now].every((rows) => new Set(rows.map((row) => keyText(row, key))).size === rows.length)
  return hasKey ? byKey(old, now, key) : byLikeness(old, now)
}

function toRows({ columns, rows }: EntityRows): Row[] {
  return rows.map((cells) => new Map(columns.flatMap(({ name, isProvenance }, index) => (isProvenance ? [] : [[name, cellText(cells[index])] as const]))))
}

function cellText(cell: unknown): string | null {
  if (cell === null || cell === undefined) return null
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}

function keyText(row: Row, key: readonly string[]): string {
  return JSON.stringify(key.map((name) => row.get(name) ?? null))
}

function byKey(old: readonly Row[], now: readonly Row[], key: readonly string[]): EntityRowChange[] {
  const earlier = new Map(old.map((row) => [keyText(row, key), row]))
  const later = new Set(now.map((row) => keyText(row, key)))
  return [
    ...now.flatMap((row) => change(earlier.get(keyText(row, key)) ?? null, row, key)),
    ...old.filter((row) => !later.has(keyText(row, key))).flatMap((row) => change(row, null, key)),
  ]
}

function byLikeness(old: readonly Row[], now: readonly Row[]): EntityRowChange[] {
  const left = new Map<string, Row[]>()
  for (const row of old) left.set(rowText(row), [...(left.get(rowText(row)) ?? []), row])
  const added = now.filter((row) => left.get(rowText(row))?.pop() === undefined)
  const removed = [...left.values()].flat()
  const [one, other] = [removed[0], added[0]]
  if (removed.length === 1 && added.length === 1 && one !== undefined && other !== undefined) return change(one, other, [])
  return [...added.flatMap((row) => change(null, row, [])), ...removed.flatMap((row) => change(row, null, []))]
}

function rowText(row: Row): string {
  return JSON.stringify([...row].filter(([, value]) => value !== null).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** Nothing where both hold the same. */
function change(before: Row | null, after: Row | null, key: readonly string[]): EntityRowChange[] {
  const names = [...new Set([...(after?.keys() ?? []), ...(before?.keys() ?? [])])]
  const cells = names.map((column) => ({ column, from: before?.get(column) ?? null, to: after?.get(column) ?? null })).filter(({ from, to }) => from !== to)
  if (before !== null && after !== null && cells.length === 0) return []
  const named = after ?? before
  return [{ kind: before === null ? 'added' : after === null ? 'removed' : 'changed', key: key.map((column) => ({ column, value: named?.get(column) ?? null })), cells }]
}
