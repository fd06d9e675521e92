import { datasetId, quoteDataset, quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { checkCasts } from '../../query/check-casts.ts'
import { columnOf } from '../../query/column-of.ts'
import { selectText } from '../../query/select-text.ts'
import type { CheckSpec } from '../../workspace/model.ts'
import { duplicateRowsSql, isRowRule, orphanRowsSql, type RowRule, rowCondition } from '../check-sql.ts'
import { hasProvenance, PLACE, type Sift } from './sift-tables.ts'

/** Fills `sift_broken` from one of the relations: places, each with the numbers of the rules that the row breaks. */
export async function findBroken(sift: Sift, relation: 'sift_made' | 'sift_now'): Promise<void> {
  const { duck, rules, signal } = sift
  await duck.run(`CREATE OR REPLACE TEMP TABLE sift_broken ("__part" INTEGER, "__row" BIGINT, rule INTEGER)`)
  await insertRowRules(sift, relation)
  for (const [index, rule] of rules.entries()) {
    if (isRowRule(rule)) continue
    const select = await named(rule, () => brokenSql(sift, rule, relation))
    await named(rule, () => duck.run(`INSERT INTO sift_broken SELECT DISTINCT ${PLACE}, ${index} FROM (${select})`, signal))
  }
}

/** All rules about single rows share one pass. */
async function insertRowRules(sift: Sift, relation: string): Promise<void> {
  const { duck, rules, signal } = sift
  const conditions: { index: number; fails: string }[] = []
  for (const [index, rule] of rules.entries()) {
    if (isRowRule(rule)) conditions.push({ index, fails: await named(rule, () => conditionOf(sift, rule)) })
  }
  if (conditions.length === 0) return
  const numbers = conditions.map(({ index, fails }) => `CASE WHEN ${fails} THEN ${index} END`)
  await duck.run(
    `INSERT INTO sift_broken SELECT ${PLACE}, rule FROM (
      SELECT ${PLACE}, unnest([${numbers.join(', ')}]) AS rule FROM ${relation} WHERE ${conditions.map(({ fails }) => `(${fails})`).join(' OR ')}
    ) WHERE rule IS NOT NULL`,
    signal,
  )
}

async function conditionOf({ duck, source, signal }: Sift, rule: RowRule): Promise<string> {
  const { fails, casts } = rowCondition(rule, source.columns)
  await checkCasts(duck, casts, signal)
  return fails
}

/** SELECT with the places of rows that break a rule about more than one row. */
async function brokenSql(sift: Sift, rule: CheckSpec, relation: string): Promise<string> {
  const { source } = sift
  switch (rule.kind) {
    case 'unique':
      return duplicateRowsSql(`SELECT * FROM ${relation}`, rule.columns.map((name) => columnOf(source.columns, name).name))
    case 'relationship':
      return orphansSql(sift, rule, relation)
    case 'sql':
      return namedRowsSql(sift, rule.sql, relation)
    default:
      throw new ProblemError('INTERNAL', `${rule.rule} takes no rows out`)
  }
}

function orphansSql({ source, input }: Sift, rule: Extract<CheckSpec, { kind: 'relationship' }>, relation: string): string {
  const column = columnOf(source.columns, rule.column)
  const isOwn = rule.to === datasetId(source.dataset)
  const other = isOwn ? source : input.reads.find(({ dataset }) => datasetId(dataset) === rule.to)
  if (other === undefined) throw new ProblemError('NOT_FOUND', `${rule.to} has no version to compare with`)
  const toRelation = `SELECT * FROM ${isOwn ? relation : quoteDataset(other.dataset)}`
  return orphanRowsSql({ relation: `SELECT * FROM ${relation}`, column, toRelation, toColumn: columnOf(other.columns, rule.toColumn) })
}

/** Rows that a check's SELECT means: by file and record where it gives them, else by the key. */
async function namedRowsSql(sift: Sift, sql: string, relation: string): Promise<string> {
  const { duck, source, input } = sift
  const hidden = source.columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  await duck.run(`CREATE OR REPLACE VIEW ${quoteDataset(source.dataset)} AS SELECT ${hidden} FROM temp.main.${relation}`)
  const select = selectText(sql)
  const given = await duck.describe(select)
  const gives = (names: readonly string[]): boolean => names.every((name) => given.some((column) => column.name.toLowerCase() === name.toLowerCase()))
  const names = [...(hasProvenance(sift) ? [['_file', '_record']] : []), ...(input.key.length > 0 ? [input.key] : [])].find(gives)
  if (names === undefined) {
    const wanted = input.key.length > 0 ? input.key : ['_file', '_record']
    throw new ProblemError('STEP_FAILED', `its SELECT does not give ${wanted.join(', ')}, so nobody knows which rows it means`, {
      hint: `Let it give ${wanted.join(', ')}`,
      details: { errorClass: 'bad_code' },
    })
  }
  const same = names.map((name) => `t.${quoteIdentifier(name)} IS NOT DISTINCT FROM w.${quoteIdentifier(name)}`)
  return `SELECT t."__part", t."__row" FROM ${relation} AS t SEMI JOIN (${select}) AS w ON ${same.join(' AND ')}`
}

/** A rule that cannot be evaluated fails the step, and says which. */
async function named<T>(rule: CheckSpec, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProblemError) || NOT_THE_RULE.has(error.problem.code)) throw error
    throw new ProblemError('STEP_FAILED', `${rule.rule} cannot be held against the rows: ${error.message}`, {
      cause: error,
      hint: error.problem.hint ?? 'Mend the rule in the contract',
      details: { rule: rule.rule, errorClass: 'bad_code' },
    })
  }
}

const NOT_THE_RULE = new Set(['CANCELLED', 'OUT_OF_MEMORY', 'DISK_FULL', 'INTERNAL'])
