import { closestName, datasetId, quoteLiteral } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { type Column, toColumn } from '../../../shared/domain/table-query.ts'
import type { OpInput, OpOutput, StatementAnalysis, VersionSource, WorkerInit } from '../workers/wire.ts'
import { rowJsonSql } from './cell-sql.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { readJson } from './read-json.ts'
import { analyseStatements } from './sql-analysis.ts'
import { placedProblem, sqlProblem, type WrappedSql } from './sql-problem.ts'
import { selectText } from './select-text.ts'
import { pathsOf } from './version-relation.ts'
import { defineViews } from './view-set.ts'

type SandboxQuery = OpInput<'sandbox', 'query'>

/** Spill space of one query, as a multiple of its memory. */
const SPILL_FACTOR = 4

/**
 * One SELECT that a person or a program typed, in an instance of its own: it must parse as exactly one SELECT over known datasets, then
 * runs where DuckDB can reach nothing but the pinned parts, and can change no setting.
 */
export async function runSandboxed(query: SandboxQuery, init: WorkerInit, signal: AbortSignal): Promise<OpOutput<'sandbox', 'query'>> {
  const timeout = AbortSignal.timeout(query.timeoutMs)
  try {
    return await run(query, init, AbortSignal.any([signal, timeout]))
  } catch (error) {
    if (!timeout.aborted || signal.aborted) throw error
    const hint = 'Read less: filter earlier, aggregate, or make it a step of a pipeline'
    throw new ProblemError('TIMEOUT', `The query took longer than ${query.timeoutMs / 1_000} s and was stopped`, { cause: error, hint })
  }
}

async function run({ sql, reads, defaultDataType, limit }: SandboxQuery, init: WorkerInit, signal: AbortSignal): Promise<OpOutput<'sandbox', 'query'>> {
  using duck = await openDuck(init)
  const [analysis] = await analyseStatements(duck, [{ id: 'query', sql }], signal)
  if (analysis === undefined) throw new ProblemError('INTERNAL', 'The statement was not analysed')
  refuse(analysis, sql)
  const sources = namedSources(analysis, { sql, reads, defaultDataType })
  await defineViews(duck, sources, defaultDataType)
  await lock(duck, sources, init)

  const columns = await describe(duck, sql)
  const names = columns.map((_, i) => `c${i}`)
  const cells = rowJsonSql(columns.map((column, i) => ({ ...column, name: `c${i}` })))
  const wrapped = { before: `SELECT ${cells} AS r FROM (`, sql, after: `) AS t(${names.join(', ')}) LIMIT ${limit + 1}` }
  const rows = await placed(wrapped, (text) => readJson(duck, text, signal))
  const shown = rows.slice(0, limit)
  return { columns, rowsJson: `[${shown.join(',')}]`, rowCount: shown.length, truncated: rows.length > limit }
}

/** Columns by position, because a person's SELECT may well name two of them alike. */
async function describe(duck: Duck, sql: string): Promise<Column[]> {
  const rows = await placed({ before: 'DESCRIBE SELECT * FROM (', sql, after: ')' }, (text) => duck.rows(text))
  return rows.map((row) => toColumn(String(row['column_name']), String(row['column_type'])))
}

async function placed<T>(wrapped: WrappedSql, work: (text: string) => Promise<T>): Promise<T> {
  try {
    return await work(`${wrapped.before}${selectText(wrapped.sql)}${wrapped.after}`)
  } catch (error) {
    throw sqlProblem(error, wrapped)
  }
}

/** Gate 1: one SELECT, no file, no function that acts. */
function refuse(analysis: StatementAnalysis, sql: string): void {
  const [first] = analysis.errors
  if (analysis.ok || first === undefined) return
  const code = first.code === 'sql-syntax' || first.code === 'sql-empty' ? 'SQL_FAILED' : 'SQL_REFUSED'
  const hint = first.suggestion === null ? null : `Did you mean ${first.suggestion}?`
  throw placedProblem(code, { message: first.message, sql, offset: first.offset, hint, details: { errors: analysis.errors } })
}

/** The versions that the statement names; a name with two parts belongs to the default data type. */
function namedSources(analysis: StatementAnalysis, { sql, reads, defaultDataType }: Pick<SandboxQuery, 'sql' | 'reads' | 'defaultDataType'>): VersionSource[] {
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

/** Gate 2: nothing but these files can be opened, and nothing here can be changed any more. The order of the settings matters. */
async function lock(duck: Duck, sources: readonly VersionSource[], init: WorkerInit): Promise<void> {
  const paths = sources.flatMap(pathsOf).map(quoteLiteral)
  await duck.run(`
    SET errors_as_json = true;
    SET max_temp_directory_size = '${init.memoryMb * SPILL_FACTOR}MiB';
    SET allowed_paths = [${paths.join(', ')}];
    SET enable_external_access = false;
    SET lock_configuration = true`)
}
