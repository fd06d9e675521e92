import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { analyseStatements } from '../../query/sql-analysis.ts'
import { refusedProblem, sqlProblem } from '../../query/sql-problem.ts'
import { selectText } from '../../query/select-text.ts'
import { unreadable } from '../source-problem.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import { refuseTooWide } from './column-limit.ts'
import { uniqueColumnNames } from './column-names.ts'
import { parquetValue } from './duckdb-types.ts'

export interface DatabaseQuery {
  query: string
  /** The delivered database. */
  path: string
  fileName: string
  /** Parquet file to write. */
  target: string
  /** Of the worker: its limits hold for the query, too. */
  duck: Duck
  signal: AbortSignal
  report(share: number): void
}

/**
 * The rows of one SELECT over a delivered database. It runs in an instance of its own, in which nothing can be reached but that database and
 * the file to write, so views of the database may be read: what they would read elsewhere is refused.
 * @throws SOURCE_UNREADABLE with what is wrong with the query
 */
export async function exportQuery({ query, path, fileName, target, duck: worker, signal, report }: DatabaseQuery): Promise<void> {
  using duck = await openDuck(await limitsOf(worker))
  await duck.run(`ATTACH ${quoteLiteral(path)} AS delivered (READ_ONLY, TYPE duckdb)`, signal)
  try {
    await refuseOthers(duck, query, signal)
    await duck.run(`
      USE delivered;
      SET errors_as_json = true;
      SET allowed_paths = [${quoteLiteral(target)}];
      SET enable_external_access = false;
      SET lock_configuration = true`)
    const described = await inQuery(query, { before: 'DESCRIBE SELECT * FROM (', after: ')' }, (text) => duck.rows(text, signal))
    refuseTooWide(described.length, fileName)
    const names = uniqueColumnNames(described.map((row) => String(row['column_name'])))
    const values = described.map((row, i) => `${parquetValue(`c${i}`, String(row['column_type']))} AS ${quoteIdentifier(names[i] ?? '')}`)
    const positions = names.map((_, i) => `c${i}`).join(', ')
    using _progress = watchProgress(duck, report)
    const after = `) AS t(${positions})) TO ${quoteLiteral(target)} (${copyParquetOptions}, USE_TMP_FILE false)`
    await inQuery(query, { before: `COPY (SELECT ${values.join(', ')} FROM (`, after }, (text) => duck.run(text, signal))
  } catch (error) {
    if (!(error instanceof ProblemError) || !QUERY_FAULTS.has(error.problem.code)) throw error
    throw unreadable(`the query of the source cannot be read: ${error.message}`, { file: fileName, cause: error, hint: error.problem.hint ?? 'Mend "query" in pipeline.yaml' })
  }
}

const QUERY_FAULTS = new Set(['SQL_FAILED', 'SQL_REFUSED'])

async function refuseOthers(duck: Duck, query: string, signal: AbortSignal): Promise<void> {
  const [analysis] = await analyseStatements(duck, [{ id: 'query', sql: query }], signal)
  // Tables have the names of the delivered database here, not those of datasets.
  const errors = (analysis?.errors ?? []).filter(({ code }) => code !== 'unqualified-table' && code !== 'unknown-dataset')
  const refused = refusedProblem({ ok: errors.length === 0, errors }, query)
  if (refused !== null) throw refused
}

async function inQuery<T>(sql: string, { before, after }: { before: string; after: string }, work: (text: string) => Promise<T>): Promise<T> {
  try {
    return await work(`${before}${selectText(sql)}${after}`)
  } catch (error) {
    throw sqlProblem(error, { before, sql, after })
  }
}

const MIB_OF: Readonly<Record<string, number>> = { KiB: 1 / 1_024, MiB: 1, GiB: 1_024, TiB: 1_024 ** 2 }

async function limitsOf(worker: Duck): Promise<{ memoryMb: number; threads: number; tempDir: string }> {
  const [row] = await worker.rows(`SELECT current_setting('memory_limit') AS memory, current_setting('threads')::INTEGER AS threads, current_setting('temp_directory') AS folder`)
  const [, number = '0', unit = 'MiB'] = /^([\d.]+) (\w+)$/.exec(String(row?.['memory'])) ?? []
  return { memoryMb: Math.max(64, Math.round(Number(number) * (MIB_OF[unit] ?? 1))), threads: Number(row?.['threads']), tempDir: String(row?.['folder']) }
}
