import type { Measure } from '../../../shared/contract/runs.contract.ts'
import { driftText } from '../../../shared/domain/column-drift.ts'
import { datasetId, quoteDataset, quoteIdentifier } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { columnOf } from '../query/column-of.ts'
import { type Duck, openDuck } from '../query/duckdb.ts'
import { setVariables } from '../query/set-variables.ts'
import { selectText } from '../query/select-text.ts'
import { defineViews } from '../query/view-set.ts'
import type { EvaluatedCheck, KeepRows } from '../workers/checks.wire.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { OpInput, VersionSource } from '../workers/wire.ts'
import type { CheckSpec } from '../workspace/model.ts'
import { keepRows } from './keep-rows.ts'
import { rowCountMessage, rowRuleMessage, sqlRuleMessage, typeMessage, uniqueMessage } from './check-message.ts'
import { quarantineRule, quarantineSize } from './quarantine-checks.ts'
import { evaluateAnomaly } from './anomaly-rule.ts'
import { type CheckFacts, datedChecks } from './check-facts.ts'
import { distinctCountSql, duplicateCountSql, duplicateRowsSql, orphanRowsSql, type RowRule, rowCondition } from './check-sql.ts'
import { type CountedRules, countRowRules, isPassRule } from './count-row-rules.ts'
import { distinctMessage, freshnessMessage, growthMessage, nullShareMessage, withinAmounts } from './table-rule-message.ts'

interface Outcome {
  passed: boolean
  failingRows: number | null
  message: string
  measure: Measure | null
  /** What is kept with the version for later ones to be held against. */
  metrics?: Record<string, number>
  /** SELECT of the rows that break the rule; asked only when it failed. */
  failingSql: string | null
}

type RuleOf<Kind extends CheckSpec['kind']> = Extract<CheckSpec, { kind: Kind }>

interface Table {
  duck: Duck
  target: VersionSource
  /** The target as a SELECT. */
  relation: string
  reads: readonly VersionSource[]
  counted: CountedRules
  facts: CheckFacts
  keep: KeepRows | null
  signal: AbortSignal
}

/**
 * Evaluates the rules of a version that is not published yet; results in the order of the rules. A rule that cannot be evaluated (an
 * unknown column, SQL that fails) has failed, and says why. What is no fault of a rule, such as a full disk, is thrown.
 */
export async function runChecks({ target, dataType, reads, checks: written, variables = [], facts, keep }: OpInput<'run', 'checks'>, context: OpContext<never>): Promise<EvaluatedCheck[]> {
  const { signal } = context
  using duck = await openDuck(context.init)
  await defineViews(duck, [...reads, target], dataType)
  await setVariables(duck, variables)
  const relation = `SELECT * FROM ${quoteDataset(target.dataset)}`
  const checks = datedChecks(written, facts.now)
  const counted = await countRowRules(duck, { relation, columns: target.columns, rules: checks.filter((check) => check.severity !== 'quarantine').filter(isPassRule), signal })
  const table: Table = { duck, target, relation, reads, counted, facts, keep, signal }
  const results: EvaluatedCheck[] = []
  for (const [i, check] of checks.entries()) {
    context.progress({ share: i / checks.length, note: check.rule })
    results.push(await runCheck(table, check, i))
  }
  return results
}

async function runCheck(table: Table, check: CheckSpec, index: number): Promise<EvaluatedCheck> {
  const startedAt = performance.now()
  const { failingSql, metrics = {}, ...found } = await evaluate(table, check).catch((error: unknown) => cannotEvaluate(error))
  const { duck, keep, signal } = table
  const kept = found.passed || failingSql === null || keep === null ? null : await keepRows(duck, { select: failingSql, about: columnsOf(check), keep, name: String(index) }, signal)
  const shared = isPassRule(check) && check.severity !== 'quarantine' ? table.counted.msPerRule : 0
  return { dataset: datasetId(table.target.dataset), rule: check.rule, column: columnNameOf(check), severity: check.severity, ...found, kept, metrics, durationMs: performance.now() - startedAt + shared }
}

/** Columns that a rule is about, each once. */
function columnsOf(check: CheckSpec): readonly string[] {
  if ('columns' in check) return check.columns
  return 'column' in check && check.column !== null ? [check.column] : []
}

function columnNameOf(check: CheckSpec): string | null {
  if ('column' in check) return check.column
  return check.kind === 'unique' && check.columns.length === 1 ? (check.columns[0] ?? null) : null
}

/** Codes that are about the machine or the person's wish, not about the rule. */
const NOT_THE_RULE = new Set(['CANCELLED', 'OUT_OF_MEMORY', 'DISK_FULL'])

function cannotEvaluate(error: unknown): Outcome {
  if (!(error instanceof ProblemError) || NOT_THE_RULE.has(error.problem.code)) throw error
  const { message, hint } = error.problem
  return { passed: false, failingRows: null, message: hint === null ? message : `${message}. ${hint}`, measure: null, failingSql: null }
}

async function evaluate(table: Table, check: CheckSpec): Promise<Outcome> {
  if (check.severity === 'quarantine') return quarantineRule(table, check)
  switch (check.kind) {
    case 'not_null':
    case 'accepted_values':
    case 'range':
    case 'pattern':
    case 'length':
      return rowRule(table, check)
    case 'null_share':
      return nullShareRule(table, check)
    case 'distinct':
      return distinctRule(table, check)
    case 'growth':
      return growthRule(table, check)
    case 'freshness':
      return freshnessRule(table, check)
    case 'anomaly':
      return anomalyRule(table, check)
    case 'drift':
      return { passed: check.changes.length === 0, failingRows: null, message: `Against v${check.against}: ${driftText(check.changes)}`, measure: { value: check.changes.length, unit: 'values' }, failingSql: null }
    case 'type':
      return typeRule(table, check)
    case 'unique':
      return uniqueRule(table, check.columns)
    case 'relationship':
      return relationshipRule(table, check)
    case 'row_count':
      return rowCountRule(table, check)
    case 'quarantined':
      return quarantineSize(table, check)
    case 'sql':
      return sqlRule(table, check.sql)
  }
}

function rowsOf(value: number): Measure {
  return { value, unit: 'rows' }
}

function rowRule({ target, relation, counted }: Table, check: RowRule): Outcome {
  const failing = counted.value(check) ?? 0
  const failingSql = `${relation} WHERE ${rowCondition(check, target.columns).fails}`
  return { passed: failing === 0, failingRows: failing, message: rowRuleMessage(check, { failing, total: counted.total }), measure: rowsOf(failing), failingSql }
}

async function typeRule({ duck, target, signal }: Table, check: RuleOf<'type'>): Promise<Outcome> {
  const column = columnOf(target.columns, check.column)
  const expected = await normalType(duck, check.type, signal)
  return { passed: column.type === expected, failingRows: null, message: typeMessage(column.name, column.type, expected), measure: null, failingSql: null }
}

/** DuckDB's own name of a type: `int4` is INTEGER, `decimal` is DECIMAL(18,3). */
async function normalType(duck: Duck, type: string, signal: AbortSignal): Promise<string> {
  try {
    const [row] = await duck.rows(`SELECT typeof(CAST(NULL AS ${type})) AS type`, signal)
    return String(row?.['type'])
  } catch (cause) {
    if (signal.aborted) throw cause
    throw new ProblemError('BAD_INPUT', `"${type}" is no type that DuckDB knows`, { cause, hint: 'For example VARCHAR, BIGINT, DECIMAL(18,2), DATE, TIMESTAMP' })
  }
}

async function uniqueRule({ duck, target, relation, counted, signal }: Table, columns: readonly string[]): Promise<Outcome> {
  const keys = columns.map((name) => columnOf(target.columns, name).name)
  const [row] = await duck.rows(duplicateCountSql(relation, keys), signal)
  const failing = Number(row?.['n'])
  const message = uniqueMessage(columns, { failing, total: counted.total }, Number(row?.['keys']))
  return { passed: failing === 0, failingRows: failing, message, measure: rowsOf(failing), failingSql: duplicateRowsSql(relation, keys) }
}

async function relationshipRule({ duck, target, relation, reads, counted, signal }: Table, check: RuleOf<'relationship'>): Promise<Outcome> {
  const column = columnOf(target.columns, check.column)
  const other = [target, ...reads].find((source) => datasetId(source.dataset) === check.to)
  if (other === undefined) throw new ProblemError('NOT_FOUND', `${check.to} has no version to compare with`, { hint: `Run the pipeline that makes ${check.to} first` })
  const toColumn = referencedColumn(other, check)
  const orphans = orphanRowsSql({ relation, column, toRelation: `SELECT * FROM ${quoteDataset(other.dataset)}`, toColumn })
  const failing = await countRows(duck, orphans, signal)
  return { passed: failing === 0, failingRows: failing, message: rowRuleMessage(check, { failing, total: counted.total }), measure: rowsOf(failing), failingSql: orphans }
}

function referencedColumn(other: VersionSource, { to, toColumn }: { to: string; toColumn: string }): Column {
  try {
    return columnOf(other.columns, toColumn)
  } catch (cause) {
    if (!(cause instanceof ProblemError)) throw cause
    throw new ProblemError('BAD_INPUT', `${to} has no column "${toColumn}"`, { cause, hint: cause.problem.hint })
  }
}

function rowCountRule({ counted: { total } }: Table, check: RuleOf<'row_count'>): Outcome {
  const passed = (check.min === null || total >= check.min) && (check.max === null || total <= check.max)
  return { passed, failingRows: null, message: rowCountMessage(check, total), measure: rowsOf(total), failingSql: null }
}

function nullShareRule({ relation, target, counted }: Table, check: RuleOf<'null_share'>): Outcome {
  const failing = counted.value(check) ?? 0
  const passed = failing <= check.max * counted.total
  const failingSql = `${relation} WHERE ${quoteIdentifier(columnOf(target.columns, check.column).name)} IS NULL`
  return { passed, failingRows: passed ? 0 : failing, message: nullShareMessage(check, { failing, total: counted.total }), measure: counted.total === 0 ? null : { value: failing / counted.total, unit: 'share' }, failingSql }
}

async function distinctRule({ duck, target, relation, counted: { total }, signal }: Table, check: RuleOf<'distinct'>): Promise<Outcome> {
  const [row] = await duck.rows(distinctCountSql(relation, columnOf(target.columns, check.column).name), signal)
  const found = Number(row?.['n'])
  return { passed: withinAmounts(check, found, total), failingRows: null, message: distinctMessage(check, found, total), measure: { value: found, unit: 'values' }, failingSql: null }
}

function growthRule({ counted: { total }, facts: { before } }: Table, check: RuleOf<'growth'>): Outcome {
  const change = before === null || before.rowCount === 0 ? null : total / before.rowCount - 1
  const passed = change === null || ((check.min === null || change >= check.min) && (check.max === null || change <= check.max))
  return { passed, failingRows: null, message: growthMessage(check, total, before), measure: change === null ? null : { value: change, unit: 'change' }, failingSql: null }
}

function freshnessRule({ counted, facts: { now, deliveredAt } }: Table, check: RuleOf<'freshness'>): Outcome {
  const newest = isPassRule(check) ? counted.value(check) : deliveredAt
  return { passed: newest !== null && now - newest <= check.maxAgeMs, failingRows: null, message: freshnessMessage(check, newest, now), measure: newest === null ? null : { value: now - newest, unit: 'ms' }, failingSql: null }
}

async function anomalyRule({ duck, relation, target: { columns }, counted, facts, signal }: Table, check: RuleOf<'anomaly'>): Promise<Outcome> {
  return { ...(await evaluateAnomaly({ duck, relation, columns, counted, facts, signal }, check)), failingRows: null, failingSql: null }
}

async function sqlRule({ duck, signal }: Table, sql: string): Promise<Outcome> {
  const select = selectText(sql)
  const failing = await countRows(duck, select, signal)
  return { passed: failing === 0, failingRows: failing, message: sqlRuleMessage(failing), measure: rowsOf(failing), failingSql: select }
}

/** Hashes the rows as well: a bare count lets DuckDB leave out the casts that would have failed. */
async function countRows(duck: Duck, select: string, signal: AbortSignal): Promise<number> {
  const [row] = await duck.rows(`SELECT count(*) AS n, bit_xor(hash(t)) AS h FROM (${select}) AS t`, signal)
  return Number(row?.['n'])
}
