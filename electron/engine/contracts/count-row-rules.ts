import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { checkCasts } from '../query/check-casts.ts'
import type { Duck } from '../query/duckdb.ts'
import { type RowRule, rowCondition } from './check-sql.ts'

export interface CountedRules {
  /** Rows of the version. */
  total: number
  /** Rows that break the rule. Throws what kept it from being evaluated. */
  failing(rule: RowRule): number
  msPerRule: number
}

interface RowRules {
  relation: string
  columns: readonly Column[]
  rules: readonly RowRule[]
  signal: AbortSignal
}

/**
 * Counts for all rules about single rows in one pass. Should the pass fail, each rule is counted on its own, so that one
 * bad rule (a pattern that is no pattern) tells of itself and the others still count.
 */
export async function countRowRules(duck: Duck, { relation, columns, rules, signal }: RowRules): Promise<CountedRules> {
  const startedAt = performance.now()
  const counts = new Map<RowRule, number | ProblemError>()
  const conditions = new Map<RowRule, string>()
  for (const rule of rules) {
    const condition = await settle(() => compile(duck, { rule, columns, signal }))
    if (condition instanceof ProblemError) counts.set(rule, condition)
    else conditions.set(rule, condition)
  }
  const total = await countTogether(duck, { relation, conditions, counts, signal })
  return {
    total,
    msPerRule: (performance.now() - startedAt) / Math.max(1, rules.length),
    failing(rule) {
      const count = counts.get(rule)
      if (count === undefined) throw new ProblemError('INTERNAL', `${rule.rule} was not counted`)
      if (count instanceof ProblemError) throw count
      return count
    },
  }
}

async function compile(duck: Duck, { rule, columns, signal }: { rule: RowRule; columns: readonly Column[]; signal: AbortSignal }): Promise<string> {
  const { fails, casts } = rowCondition(rule, columns)
  await checkCasts(duck, casts, signal)
  return fails
}

interface Pass {
  relation: string
  conditions: ReadonlyMap<RowRule, string>
  counts: Map<RowRule, number | ProblemError>
  signal: AbortSignal
}

async function countTogether(duck: Duck, { relation, conditions, counts, signal }: Pass): Promise<number> {
  const pass = await settle(() => countWhere(duck, { relation, conditions: [...conditions.values()], signal }))
  if (!(pass instanceof ProblemError)) {
    ;[...conditions.keys()].forEach((rule, i) => counts.set(rule, pass.failing[i] ?? 0))
    return pass.total
  }
  signal.throwIfAborted()
  for (const [rule, condition] of conditions) {
    const alone = await settle(() => countWhere(duck, { relation, conditions: [condition], signal }))
    counts.set(rule, alone instanceof ProblemError ? alone : (alone.failing[0] ?? 0))
  }
  return (await countWhere(duck, { relation, conditions: [], signal })).total
}

async function countWhere(duck: Duck, { relation, conditions, signal }: { relation: string; conditions: readonly string[]; signal: AbortSignal }): Promise<{ total: number; failing: number[] }> {
  const counts = conditions.map((condition, i) => `count(*) FILTER (${condition}) AS "${i}"`)
  const [row] = await duck.rows(`SELECT ${['count(*) AS total', ...counts].join(', ')} FROM (${relation})`, signal)
  return { total: Number(row?.['total']), failing: conditions.map((_, i) => Number(row?.[String(i)])) }
}

/** The problem as a value; anything else is thrown on. */
async function settle<T>(work: () => Promise<T>): Promise<T | ProblemError> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ProblemError) return error
    throw error
  }
}
