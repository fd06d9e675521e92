import type { AffectedColumn, ColumnOrigin, ColumnWay, DatasetColumns } from '../../../shared/contract/column-lineage.contract.ts'

interface Reached {
  isValue: boolean
  ways: ReadonlySet<ColumnWay>
  distance: number
  maybe: string | null
}

export interface ImpactRequest {
  dataset: string
  /** Null: every column of it. */
  column: string | null
  /** Of every dataset that is made from it, directly or not. */
  datasets: readonly DatasetColumns[]
  /** What each of them was made from. */
  inputsOf: ReadonlyMap<string, readonly string[]>
}

/**
 * The columns that a column has a part in, nearest first, and values before what only decides about rows. Where it is not known what a column comes from, and its dataset reads an affected one,
 * it may be affected: that is said, never guessed away.
 */
export function affectedColumns(request: ImpactRequest): AffectedColumn[] {
  const { dataset, datasets, inputsOf } = request
  const reached: Found = new Map([[dataset, new Map()]])
  const found: AffectedColumn[] = []
  for (const { dataset: at, version, columns } of inReadingOrder(datasets, inputsOf)) {
    if (at === dataset) continue
    for (const origin of columns) {
      const reach = reachOf(request, { at, origin, reached })
      if (reach === null) continue
      reached.set(at, (reached.get(at) ?? new Map<string, Reached>()).set(origin.column.toLowerCase(), reach))
      found.push({ dataset: at, version, column: origin.column, ways: [...reach.ways], isValue: reach.isValue, distance: reach.distance, maybe: reach.maybe })
    }
  }
  return found.toSorted((a, b) => a.distance - b.distance || Number(b.isValue) - Number(a.isValue) || a.dataset.localeCompare(b.dataset))
}

/** By dataset and lower-case column. */
type Found = Map<string, Map<string, Reached>>

function reachOf({ dataset, column, inputsOf }: ImpactRequest, { at, origin, reached }: { at: string; origin: ColumnOrigin; reached: Found }): Reached | null {
  const parts = origin.sources.flatMap((source) => {
    const isStart = source.dataset === dataset && (column === null || source.column.toLowerCase() === column.toLowerCase())
    const reach = isStart ? START : reached.get(source.dataset)?.get(source.column.toLowerCase())
    return reach === undefined ? [] : [{ reach, ways: source.ways }]
  })
  if (parts.length > 0) return merge(parts)
  const affected = (inputsOf.get(at) ?? []).flatMap((input) => reached.get(input) ?? [])
  if (origin.unknown.length === 0 || affected.length === 0) return null
  const distances = affected.flatMap((columns) => (columns.size === 0 ? [0] : [...columns.values()].map(({ distance }) => distance)))
  return { isValue: false, ways: new Set(), distance: 1 + Math.min(...distances), maybe: origin.unknown.join('; ') }
}

const START: Reached = { isValue: true, ways: new Set(), distance: 0, maybe: null }

function merge(parts: readonly { reach: Reached; ways: readonly ColumnWay[] }[]): Reached {
  const sure = parts.filter(({ reach }) => reach.maybe === null)
  const used = sure.length > 0 ? sure : parts
  return {
    isValue: used.some(({ reach, ways }) => reach.isValue && ways.includes('value')),
    ways: new Set(used.flatMap(({ ways }) => ways)),
    distance: 1 + Math.min(...used.map(({ reach }) => reach.distance)),
    maybe: sure.length > 0 ? null : (parts[0]?.reach.maybe ?? null),
  }
}

/** Every dataset after those it is made from. */
function inReadingOrder(datasets: readonly DatasetColumns[], inputsOf: ReadonlyMap<string, readonly string[]>): DatasetColumns[] {
  const byName = new Map(datasets.map((one) => [one.dataset, one]))
  const ordered = new Map<string, DatasetColumns>()
  const open = new Set<string>()
  const visit = (name: string): void => {
    const one = byName.get(name)
    if (one === undefined || ordered.has(name) || open.has(name)) return
    open.add(name)
    for (const input of inputsOf.get(name) ?? []) visit(input)
    open.delete(name)
    ordered.set(name, one)
  }
  for (const name of byName.keys()) visit(name)
  return [...ordered.values()]
}
