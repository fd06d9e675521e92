import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { checkCasts } from '../query/check-casts.ts'
import type { Duck } from '../query/duckdb.ts'
import type { CheckSpec } from '../workspace/model.ts'
import { columnOf } from '../query/column-of.ts'
import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import { isPassMetric, metricSql, type PassMetric } from './metric-sql.ts'
import { isRowRule, newestSql, rangeHolds, type RowRule, rowCondition } from './check-sql.ts'

type NullShareRule = Extract<CheckSpec, { kind: 'null_share' }>
type ColumnAgeRule = Extract<CheckSpec, { kind: 'freshness' }> & { column: string }
type MeasureRule = Extract<CheckSpec, { kind: 'anomaly' }> & { metric: PassMetric }
/** Rules that need one number of all rows each, which any number of them get from one pass. */
export type PassRule = RowRule | NullShareRule | ColumnAgeRule | MeasureRule

export function isPassRule(check: CheckSpec): check is PassRule {
  return isRowRule(check) || check.kind === 'null_share' || (check.kind === 'freshness' && check.column !== null) || (check.kind === 'anomaly' && isPassMetric(check.metric))
}

export interface CountedRules {
  /** Rows of the version. */
  total: number
  /** Rows that break the rule, or what it measures; null where there is nothing to measure. Throws what kept it from being evaluated. */
  value(rule: PassRule): number | null
  msPerRule: number
}

interface PassRules {
  relation: string
  columns: readonly Column[]
  rules: readonly PassRule[]
  signal: AbortSignal
}

/**
 * Numbers for all rules about single rows, and for those that need one aggregate, in one pass: what a file's own facts answer first, then the
 * rest. Should the pass fail, each rule is measured on its own, so that one bad rule (a pattern that is no pattern) tells of itself and the
 * others still count.
 */
export async function countRowRules(duck: Duck, { relation, columns, rules, signal }: PassRules): Promise<CountedRules> {
  const startedAt = performance.now()
  const values = new Map<PassRule, number | null | ProblemError>()
  const expressions = new Map<PassRule, string>()
  for (const rule of rules) {
    const expression = await settle(() => compile(duck, { rule, columns, signal }))
    if (expression instanceof ProblemError) values.set(rule, expression)
    else expressions.set(rule, expression)
  }
  await answerByFacts(duck, { relation, columns, expressions, values, signal })
  const total = await measureTogether(duck, { relation, expressions, values, signal })
  return {
    total,
    msPerRule: (performance.now() - startedAt) / Math.max(1, rules.length),
    value(rule) {
      const value = values.get(rule)
      if (value === undefined) throw new ProblemError('INTERNAL', `${rule.rule} was not measured`)
      if (value instanceof ProblemError) throw value
      return value
    },
  }
}

/** An aggregate over all rows. */
async function compile(duck: Duck, { rule, columns, signal }: { rule: PassRule; columns: readonly Column[]; signal: AbortSignal }): Promise<string> {
  if (rule.kind === 'null_share' || rule.kind === 'not_null') return `count(*) - count(${quoteIdentifier(columnOf(columns, rule.column).name)})`
  if (rule.kind === 'freshness') return newestSql(columnOf(columns, rule.column))
  if (rule.kind === 'anomaly') return metricSql(rule.metric, columnOf(columns, rule.metric.column))
  const { fails, casts } = rowCondition(rule, columns)
  await checkCasts(duck, casts, signal)
  return `count(*) FILTER (${fails})`
}

/**
 * Counts and extremes stand in the foot of a Parquet file, so that DuckDB answers them without reading a row. They settle the rules that
 * they can, which are taken out of `expressions`. A range that does not hold is left, to be counted.
 */
async function answerByFacts(duck: Duck, { relation, columns, expressions, values, signal }: Pass & { columns: readonly Column[]; expressions: Map<PassRule, string> }): Promise<void> {
  const facts = [...expressions].flatMap(([rule, expression]) => factOf(rule, expression, columns))
  if (facts.length === 0) return
  const found = await settle(() => measure(duck, { relation, expressions: facts.map(({ sql }) => sql), signal }))
  signal.throwIfAborted()
  // Measured again with the others, where what is wrong is told of each.
  if (found instanceof ProblemError) return
  for (const [index, { rule, read }] of facts.entries()) {
    const value = read(found.values[index] ?? null)
    if (value === null) continue
    values.set(rule, value)
    expressions.delete(rule)
  }
}

interface Fact {
  rule: PassRule
  sql: string
  /** What the rule measures; null where that has to be counted. */
  read(value: number | null): number | null
}

function factOf(rule: PassRule, expression: string, columns: readonly Column[]): Fact[] {
  if (rule.kind === 'null_share' || rule.kind === 'not_null') return [{ rule, sql: expression, read: (value) => value }]
  const holds = rule.kind === 'range' ? rangeHolds(rule, columns) : null
  return holds === null ? [] : [{ rule, sql: holds, read: (value) => (value === 1 ? 0 : null) }]
}

interface Pass {
  relation: string
  expressions: ReadonlyMap<PassRule, string>
  values: Map<PassRule, number | null | ProblemError>
  signal: AbortSignal
}

async function measureTogether(duck: Duck, { relation, expressions, values, signal }: Pass): Promise<number> {
  const pass = await settle(() => measure(duck, { relation, expressions: [...expressions.values()], signal }))
  if (!(pass instanceof ProblemError)) {
    ;[...expressions.keys()].forEach((rule, i) => values.set(rule, pass.values[i] ?? null))
    return pass.total
  }
  signal.throwIfAborted()
  for (const [rule, expression] of expressions) {
    const alone = await settle(() => measure(duck, { relation, expressions: [expression], signal }))
    values.set(rule, alone instanceof ProblemError ? alone : (alone.values[0] ?? null))
  }
  return (await measure(duck, { relation, expressions: [], signal })).total
}

async function measure(duck: Duck, { relation, expressions, signal }: { relation: string; expressions: readonly string[]; signal: AbortSignal }): Promise<{ total: number; values: (number | null)[] }> {
  const list = expressions.map((expression, i) => `${expression} AS "${i}"`)
  const [row] = await duck.rows(`SELECT ${['count(*) AS total', ...list].join(', ')} FROM (${relation})`, signal)
  return { total: Number(row?.['total']), values: expressions.map((_, i) => numberOf(row?.[String(i)])) }
}

function numberOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value)
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
