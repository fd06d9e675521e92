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
  return { bases: new Map([[baseColumn(dataset, column), WAY.value]]), unknown: new Set() }
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
  for (const [base, ways] of bases) used.set(base, (ways & WAY.value) === 0 ? ways : (ways & ~WAY.value) | WAY[way])
  return { bases: used, unknown }
}

/** The flow of a field, where it is known apart from the whole struct. */
export function fieldOf(flow: Flow, path: readonly string[]): Flow {
  return path.reduce((at, field) => at.fields?.get(field.toLowerCase()) ?? at, flow)
}

export function isSameFlow(one: Flow, other: Flow): boolean {
  if (one.bases.size !== other.bases.size || one.unknown.size !== other.unknown.size) return false
  for (const [base, ways] of one.bases) if (other.bases.get(base) !== ways) return false
  return true
}
