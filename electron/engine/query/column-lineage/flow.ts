/**
 * What an expression, a column or the rows of a relation come from: base columns, each with the ways it has a part in it.
 * `value`: its values go into the values. The other ways decide which rows there are, or how they are put together.
 */
export interface Flow {
  /** Base column (see `baseColumn`) to the ways, as bits of WAY. */
  readonly bases: ReadonlyMap<string, number>
  /** Why something is missing here; empty when the flow is whole. */
  readonly unknown: ReadonlySet<string>
  /** Of a struct that the statement itself puts together: what each field comes from, by lower-case name. */
  readonly fields?: ReadonlyMap<string, Flow>
}

export const WAY = { value: 1, join: 2, filter: 4, group: 8, order: 16, window: 32 } as const
export type Way = keyof typeof WAY

/** Beside the ways: in the rows behind a row, the base column has the very value that it has in the row. It was copied, or compared with what was. */
export const SAME = 64

export const NO_FLOW: Flow = { bases: new Map(), unknown: new Set() }

const SEPARATOR = '\u0000'

export function baseColumn(dataset: string, column: string): string {
  return `${dataset}${SEPARATOR}${column}`
}

export function partsOfBase(base: string): { dataset: string; column: string } {
  const [dataset = '', column = ''] = base.split(SEPARATOR)
  return { dataset, column }
}

/** The values of one base column. */
export function valueOf(dataset: string, column: string): Flow {
  return { bases: new Map([[baseColumn(dataset, column), WAY.value | SAME]]), unknown: new Set() }
}

/** The same flow where the values are made into others, or it is not known which of several they are. */
export function changed(flow: Flow): Flow {
  if (![...flow.bases.values()].some((ways) => (ways & SAME) !== 0)) return flow
  const bases = new Map([...flow.bases].flatMap(([base, ways]) => ((ways & ~SAME) === 0 ? [] : [[base, ways & ~SAME] as const])))
  return flow.fields === undefined ? { bases, unknown: flow.unknown } : { bases, unknown: flow.unknown, fields: flow.fields }
}

/** Base columns with the very value. */
export function sameBases({ bases }: Flow): string[] {
  return [...bases].flatMap(([base, ways]) => ((ways & SAME) === 0 ? [] : [base]))
}

/** What has the value of one of the first is equal to the second ones as well. */
export function equated(flow: Flow, pairs: readonly (readonly [readonly string[], readonly string[]])[]): Flow {
  const same = new Set(sameBases(flow))
  const added = pairs.flatMap(([one, other]) => [...(one.some((base) => same.has(base)) ? other : []), ...(other.some((base) => same.has(base)) ? one : [])]).filter((base) => !same.has(base))
  if (added.length === 0) return flow
  const bases = new Map(flow.bases)
  for (const base of added) bases.set(base, (bases.get(base) ?? 0) | SAME)
  return { ...flow, bases }
}

export function unknownFlow(reason: string): Flow {
  return { bases: new Map(), unknown: new Set([reason]) }
}

export function union(flows: readonly Flow[]): Flow {
  const some = flows.filter(({ bases, unknown }) => bases.size > 0 || unknown.size > 0)
  const [first, ...rest] = some
  if (first === undefined) return NO_FLOW
  if (rest.length === 0) return first
  const bases = new Map(first.bases)
  const unknown = new Set(first.unknown)
  for (const flow of rest) {
    for (const [base, ways] of flow.bases) bases.set(base, (bases.get(base) ?? 0) | ways)
    for (const reason of flow.unknown) unknown.add(reason)
  }
  return { bases, unknown }
}

/** The same bases where their values are not handed on, but decide something: what was their value becomes the way. */
export function usedFor(way: Exclude<Way, 'value'>, ...flows: readonly Flow[]): Flow {
  const { bases, unknown } = union(flows)
  const used = new Map<string, number>()
  for (const [base, ways] of bases) {
    const others = ways & ~(WAY.value | SAME)
    const all = (ways & WAY.value) === 0 ? others : others | WAY[way]
    if (all !== 0) used.set(base, all)
  }
  return { bases: used, unknown }
}

/** The flow of a field, where it is known apart from the whole struct. */
export function fieldOf(flow: Flow, path: readonly string[]): Flow {
  return path.reduce((at, field) => at.fields?.get(field.toLowerCase()) ?? changed(at), flow)
}

export function isSameFlow(one: Flow, other: Flow): boolean {
  if (one.bases.size !== other.bases.size || one.unknown.size !== other.unknown.size) return false
  for (const [base, ways] of one.bases) if (other.bases.get(base) !== ways) return false
  return true
}
