import { closestName, datasetId, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { type Column, toColumn } from '../../../../shared/domain/table-query.ts'
import type { SandboxStatement } from '../../workers/sandbox.wire.ts'
import type { StatementAnalysis, VersionSource, WorkerInit } from '../../workers/wire.ts'
import { type Duck, openDuck } from '../duckdb.ts'
import { analyseStatements } from '../sql-analysis.ts'
import { placedProblem, refusedProblem, sqlProblem } from '../sql-problem.ts'
import { selectText } from '../select-text.ts'
import { pathsOf } from '../version-relation.ts'
import { defineViews } from '../view-set.ts'

/** Spill space of one query, as a multiple of its memory. */
const SPILL_FACTOR = 4

/** An instance that knows one statement's datasets and nothing else, and can change no setting any more. */
export interface Sandbox {
  readonly duck: Duck
  /** Runs the statement inside one of ours, in which it may stand in parentheses; what is wrong with it is placed in the text as it was typed. */
  within<T>(wrap: { before: string; after: string }, work: (text: string) => Promise<T>): Promise<T>
}

export interface SandboxContext {
  init: WorkerInit
  signal: AbortSignal
  /** The one file that may be written. */
  writes?: string
}

/**
 * One SELECT that a person or a program typed, in an instance of its own: it must parse as exactly one SELECT over known datasets, then
 * runs where DuckDB can reach nothing but the pinned parts.
 * @throws SQL_REFUSED, SQL_FAILED, TIMEOUT, OUT_OF_MEMORY, CANCELLED
 */
export function inSandbox<T>(statement: SandboxStatement, context: SandboxContext, use: (sandbox: Sandbox, signal: AbortSignal) => Promise<T>): Promise<T> {
  const define = async (duck: Duck, analysis: StatementAnalysis): Promise<string[]> => {
    const sources = namedSources(analysis, statement)
    await defineViews(duck, sources, statement.defaultDataType)
    return sources.flatMap(pathsOf)
  }
  return inLocked(statement, { ...context, define }, use)
}

export interface LockedContext extends SandboxContext {
  /** Makes the names of the statement mean something; answers with the files behind them. */
  define(duck: Duck, analysis: StatementAnalysis, signal: AbortSignal): Promise<string[]>
}

/** The same, with another meaning of its names. */
export async function inLocked<T>(statement: Pick<SandboxStatement, 'sql' | 'timeoutMs'>, context: LockedContext, use: (sandbox: Sandbox, signal: AbortSignal) => Promise<T>): Promise<T> {
  const timeout = AbortSignal.timeout(statement.timeoutMs)
  const signal = AbortSignal.any([context.signal, timeout])
  try {
    using duck = await openDuck(context.init)
    await prepare(duck, statement.sql, { ...context, signal })
    return await use({ duck, within: (wrap, work) => within(statement.sql, wrap, work) }, signal)
  } catch (error) {
    if (!timeout.aborted || context.signal.aborted) throw error
    throw timeoutProblem(statement.timeoutMs, error)
  }
}

export function timeoutProblem(timeoutMs: number, cause?: unknown): ProblemError {
  const hint = 'Read less: filter earlier, aggregate, or make it a step of a pipeline'
  return new ProblemError('TIMEOUT', `The query took longer than ${timeoutMs / 1_000} s and was stopped`, { hint, cause })
}

async function prepare(duck: Duck, sql: string, { init, signal, writes, define }: LockedContext): Promise<void> {
  const [analysis] = await analyseStatements(duck, [{ id: 'query', sql }], signal)
  if (analysis === undefined) throw new ProblemError('INTERNAL', 'The statement was not analysed')
  const refused = refusedProblem(analysis, sql)
  if (refused !== null) throw refused
  const paths = await define(duck, analysis, signal)
  await lock(duck, { paths: [...paths, ...(writes === undefined ? [] : [writes])], init })
}

/** Columns of the statement. Where a person's SELECT names two alike, DuckDB gives them names of their own in a subquery: `a`, `a_1`. */
export async function describeResult({ duck, within: inStatement }: Sandbox): Promise<Column[]> {
  const rows = await inStatement({ before: 'DESCRIBE SELECT * FROM (', after: ')' }, (text) => duck.rows(text))
  return rows.map((row) => toColumn(String(row['column_name']), String(row['column_type'])))
}

async function within<T>(sql: string, { before, after }: { before: string; after: string }, work: (text: string) => Promise<T>): Promise<T> {
  try {
    return await work(`${before}${selectText(sql)}${after}`)
  } catch (error) {
    throw sqlProblem(error, { before, sql, after })
  }
}

/** The versions that the statement names; a name with two parts belongs to the default data type. */
function namedSources(analysis: StatementAnalysis, { sql, reads, defaultDataType }: Pick<SandboxStatement, 'sql' | 'reads' | 'defaultDataType'>): VersionSource[] {
  const known = new Map(reads.map((source) => [datasetId(source.dataset), source]))
  return analysis.tables.map(({ name, offset }) => {
    const id = name.split('.').length === 2 && defaultDataType !== null ? `${defaultDataType}.${name}` : name
    const source = known.get(id)
    if (source !== undefined) return source
    const nearest = closestName(id, known.keys())
    const hint = nearest !== null ? `Did you mean ${nearest}?` : 'Datasets are named data_type.zone.name; only published ones can be read'
    throw placedProblem('SQL_FAILED', { message: `There is no published dataset "${name}"`, sql, offset, hint })
  })
}

/** Nothing but these files can be opened, and nothing here can be changed any more. The order of the settings matters. */
async function lock(duck: Duck, { paths, init }: { paths: string[]; init: WorkerInit }): Promise<void> {
  await duck.run(`
    SET errors_as_json = true;
    SET max_temp_directory_size = '${init.memoryMb * SPILL_FACTOR}MiB';
    SET allowed_paths = [${paths.map(quoteLiteral).join(', ')}];
    SET enable_external_access = false;
    SET lock_configuration = true`)
}
