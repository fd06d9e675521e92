import type { DiffSpec } from '../workers/wire.ts'
import { duplicatesSql } from './diff-sql.ts'
import type { Duck } from './duckdb.ts'

export interface KeyDuplicates {
  /** Key values that name more than one row. */
  before: number
  after: number
  /** One of them. */
  example: string | null
}

/** Counts what is not known to be unique. */
export async function keyDuplicates(duck: Duck, spec: DiffSpec, signal: AbortSignal): Promise<KeyDuplicates> {
  const before = await duplicates(duck, spec, { side: 'before', signal })
  const after = await duplicates(duck, spec, { side: 'after', signal })
  return { before: before.count, after: after.count, example: before.example ?? after.example }
}

async function duplicates(duck: Duck, spec: DiffSpec, { side, signal }: { side: 'before' | 'after'; signal: AbortSignal }): Promise<{ count: number; example: string | null }> {
  if (spec.key.length === 0 || spec.isUnique[side]) return { count: 0, example: null }
  const [row] = await duck.rows(duplicatesSql(spec, side), signal)
  const example = row?.['example']
  return { count: Number(row?.['n'] ?? 0), example: typeof example === 'string' ? example : null }
}
