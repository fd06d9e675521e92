import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { ColumnFacts } from './column-facts.ts'

/**
 * Values so coarse that few are different, and yet on the same side of every edge as the values themselves: whole days where all edges are
 * midnights, whole steps where all edges are multiples of one. Grouping by these first spares comparing ten million values with thirty edges.
 */
export interface CoarseValues {
  /** SQL over `v`. */
  value: string
  /** The edges among them, as SQL. */
  edges: string[]
}

const MIDNIGHT = / 00:00:00$/
const WHOLE = /^\d{1,18}$/
const WHOLE_TYPE = /^U?(TINY|SMALL|BIG)?INT(EGER)?$/
const MOST_GROUPS = 50_000

/** Null where there are none. `edges` are those between the bins. */
export function coarseValues({ type }: Pick<Column, 'type'>, { min, max }: Pick<ColumnFacts, 'min' | 'max'>, edges: readonly string[]): CoarseValues | null {
  if (edges.length === 0 || min === null || max === null) return null
  if (type === 'TIMESTAMP') return edges.every((edge) => MIDNIGHT.test(edge)) ? { value: 'v::DATE', edges: edges.map((edge) => `CAST(${quoteLiteral(edge.slice(0, 10))} AS DATE)`) } : null
  if (!WHOLE_TYPE.test(type) || !WHOLE.test(min) || !WHOLE.test(max) || !edges.every((edge) => WHOLE.test(edge))) return null
  const step = edges.map(BigInt).reduce(greatestDivisor)
  if (step <= 1n || BigInt(max) / step > MOST_GROUPS) return null
  return { value: `v // ${step}`, edges: edges.map((edge) => String(BigInt(edge) / step)) }
}

function greatestDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestDivisor(b, a % b)
}
