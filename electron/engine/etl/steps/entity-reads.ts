import { randomUUID } from 'node:crypto'
import { datasetId, quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { PROVENANCE_COLUMNS } from '../../../../shared/domain/table-query.ts'
import { describeStatements } from '../../query/describe-statements.ts'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { findGrainProblems } from '../../query/grain-problems.ts'
import { selectText } from '../../query/select-text.ts'
import { versionRelation } from '../../query/version-relation.ts'
import type { SqlToRun, VersionSource, WorkerInit } from '../../workers/wire.ts'

/** A dataset with entities, as a statement that goes by them sees it. */
export interface KeyedRead {
  source: VersionSource
  /** The key's column as the dataset spells it. */
  key: string
  /** SELECT without rows that belong to no entity. */
  relation: string
  /** Columns of the relation. */
  columns: string[]
}

/** True when the dataset has entities: it has the key among its columns. */
export function keyOf(source: VersionSource, key: string): string | null {
  return source.columns.find(({ name }) => name.toLowerCase() === key.toLowerCase())?.name ?? null
}

/**
 * The datasets with entities among those that are read. Where a statement does not need `_file` and `_record`, it does not get them:
 * a record that moved in its file has not changed.
 */
export function keyedReads(reads: readonly VersionSource[], key: string, withProvenance: boolean): KeyedRead[] {
  return reads.flatMap((source) => {
    const column = keyOf(source, key)
    if (column === null) return []
    const hidden = withProvenance ? [] : provenanceOf(source)
    const columns = source.columns.map(({ name }) => name).filter((name) => !hidden.includes(name))
    const relation = `SELECT ${columns.map(quoteIdentifier).join(', ')} FROM (${versionRelation(source)}) WHERE ${quoteIdentifier(column)} IS NOT NULL`
    return [{ source, key: column, relation, columns }]
  })
}

/** Only where they are not the key itself. */
function provenanceOf({ dataset, columns }: VersionSource): string[] {
  return dataset.zone === 'raw' ? PROVENANCE_COLUMNS.filter((name) => columns.some((column) => column.name === name)) : []
}

/** True when the statement cannot do without `_file` or `_record` of a dataset with entities: it fails without them, or gives other columns. */
export async function needsProvenance(init: WorkerInit, statement: SqlToRun, key: string): Promise<boolean> {
  if (!statement.reads.some((source) => keyOf(source, key) !== null && provenanceOf(source).length > 0)) return false
  const described = async (isHidden: boolean): Promise<string | null> => {
    using duck = await openDuck(init)
    const tables = statement.reads.map((source) => {
      const hidden = isHidden && keyOf(source, key) !== null ? provenanceOf(source) : []
      return { dataset: source.dataset, columns: source.columns.filter(({ name }) => !hidden.includes(name)) }
    })
    const dataset = { dataType: statement.dataType, zone: 'results' as const, name: `described ${randomUUID()}` }
    const [answer] = await describeStatements(duck, { tables, statements: [{ id: 'step', dataset, sql: selectText(statement.sql), variables: statement.variables }] })
    return answer?.columns == null ? null : JSON.stringify(answer.columns)
  }
  const without = await described(true)
  return without === null || without !== (await described(false))
}

/** The last gate: what the check of the workspace could not know, because it rests on the columns that a run finds. */
export async function refuseOtherGrain(duck: Duck, { sql, dataType, reads, isUnsafe }: SqlToRun & { isUnsafe: boolean }, key: string): Promise<void> {
  if (reads.every((source) => keyOf(source, key) === null)) throw grainProblem(`None of ${reads.map(({ dataset }) => datasetId(dataset)).join(', ')} has the column "${key}"`, 'Set entity.key to a column of what is read, or remove grain: entity')
  if (isUnsafe) return
  const tables = reads.map(({ dataset, columns }) => ({ dataset, columns: columns.map(({ name, type }) => ({ name, type })) }))
  const [answer] = await findGrainProblems(duck, { statements: [{ id: 'step', sql, dataType, key, reads: tables }] })
  const [first] = answer?.findings ?? []
  if (first !== undefined) throw grainProblem(first.message, first.suggestion)
}

function grainProblem(message: string, hint: string): ProblemError {
  return new ProblemError('STEP_FAILED', `grain: entity does not hold. ${message}`, { hint, details: { errorClass: 'bad_code' } })
}

/** Only a statement that was declared unsafe can do this. */
export function strangerProblem(key: string): ProblemError {
  return new ProblemError('STEP_FAILED', `The SELECT gives rows whose ${key} is none of the entities it was given`, {
    hint: 'Remove grain: entity, or make every row belong to an entity of what is read',
    details: { errorClass: 'bad_code' },
  })
}

/** Says at once which column is missing, instead of a binder error in the middle of a generated statement. */
export function refuseMissingKey(source: VersionSource, key: string): void {
  if (source.columns.some((column) => column.name === key)) return
  const { dataType, zone, name } = source.dataset
  throw new ProblemError('STEP_FAILED', `${dataType}.${zone}.${name} has no column "${key}" to name its entities by`, {
    hint: `Its columns are ${source.columns.map((column) => column.name).join(', ')}. Set entity.key in the step's sidecar or in pipeline.yaml`,
    details: { errorClass: 'bad_code' },
  })
}
