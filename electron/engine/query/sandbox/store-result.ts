import { rm, stat } from 'node:fs/promises'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { watchProgress } from '../../etl/watch-progress.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import { whenAbsent } from '../../zones/when-absent.ts'
import { parquetScan } from '../version-relation.ts'
import { describeResult, inSandbox, type Sandbox } from './sandbox.ts'

type StoreInput = OpInput<'sandbox', 'store'>
type StoreOutput = OpOutput<'sandbox', 'store'>

const LOOK_EVERY_MS = 150

/**
 * The rows of a statement as one Parquet file. From there on they are read like those of a version, by a process in which nobody's SQL
 * runs, and what was true when they were asked for stays true while somebody scrolls.
 */
export function storeResult(input: StoreInput, { init, signal, progress }: Pick<OpContext<never>, 'init' | 'signal' | 'progress'>): Promise<StoreOutput> {
  const { path, limit, maxBytes } = input
  return inSandbox(input, { init, signal, writes: path }, async (sandbox, ended) => {
    using _watch = watchProgress(sandbox.duck, (share) => progress({ share, note: null }))
    try {
      const columns = await describeResult(sandbox)
      const isCut = await sizeLimited(path, { maxBytes, signal: ended }, (stop) =>
        limit === null ? copyAll(sandbox, { columns, path, signal: stop }) : copyFirst(sandbox, { columns, path, limit, signal: stop }),
      )
      const { duck } = sandbox
      const scan = parquetScan([path])
      const [counted] = await duck.rows(`SELECT count(*)::VARCHAR AS n FROM ${scan}`, ended)
      const { size: sizeBytes } = await stat(path)
      return { columns: await duck.describe(`SELECT * FROM ${scan}`), rowCount: Number(counted?.['n']), sizeBytes, isCut }
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  })
}

interface Copying {
  columns: readonly Column[]
  path: string
  signal: AbortSignal
}

async function copyAll(sandbox: Sandbox, { columns, path, signal }: Copying): Promise<boolean> {
  await sandbox.within({ before: `COPY (${storedSelect(columns)} FROM (`, after: `) AS t(${positions(columns)})) ${toFile(path)}` }, (text) => sandbox.duck.run(text, signal))
  return false
}

/** One row more than wanted tells whether there are more; it stays out of the file. */
async function copyFirst(sandbox: Sandbox, { columns, path, limit, signal }: Copying & { limit: number }): Promise<boolean> {
  const { duck } = sandbox
  await sandbox.within(
    { before: `CREATE TEMP TABLE "first" AS ${storedSelect(columns)} FROM (`, after: `) AS t(${positions(columns)}) LIMIT ${limit + 1}` },
    (text) => duck.run(text, signal),
  )
  const [counted] = await duck.rows('SELECT count(*)::VARCHAR AS n FROM temp.main."first"', signal)
  await duck.run(`COPY (FROM temp.main."first" LIMIT ${limit}) ${toFile(path)}`, signal)
  return Number(counted?.['n']) > limit
}

function toFile(path: string): string {
  // The file that DuckDB would write first and rename is not one that may be written.
  return `TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)`
}

function positions(columns: readonly Column[]): string {
  return columns.map((_, i) => `c${i}`).join(', ')
}

function storedSelect(columns: readonly Column[]): string {
  return `SELECT ${columns.map(({ name, type }, i) => `${storedSql(type, `c${i}`)} AS ${quoteIdentifier(name)}`).join(', ')}`
}

/** Types that Parquet has no like of come back as something else, and with fewer digits: their text loses nothing. */
const AS_TEXT = /^(ENUM|UHUGEINT|BIGNUM|BIT|INTERVAL|UNION|VARIANT|GEOMETRY|TIME_NS|TIME WITH TIME ZONE)/
const INSIDE = /HUGEINT|BIGNUM|\bBIT\b|INTERVAL|UNION|VARIANT|TIME_NS|TIME WITH TIME ZONE/

function storedSql(type: string, ref: string): string {
  if (type === 'HUGEINT') return `${ref}::DECIMAL(38, 0)`
  if (AS_TEXT.test(type)) return `${ref}::VARCHAR`
  if (/[\])]$/.test(type) && !type.startsWith('DECIMAL') && INSIDE.test(type)) return `to_json(${ref})`
  return ref
}

/** Stops the work when its file grows too large: a copy knows no limit of its own. */
async function sizeLimited<T>(path: string, { maxBytes, signal }: { maxBytes: number; signal: AbortSignal }, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const look = async (): Promise<void> => {
    const found = await stat(path).catch(whenAbsent(null))
    if ((found?.size ?? 0) > maxBytes) stop.abort(tooLargeProblem(maxBytes))
  }
  const timer = setInterval(() => void look().catch((error: unknown) => stop.abort(error)), LOOK_EVERY_MS)
  try {
    return await work(AbortSignal.any([signal, stop.signal]))
  } catch (error) {
    throw stop.signal.aborted && !signal.aborted ? stop.signal.reason : error
  } finally {
    clearInterval(timer)
  }
}

function tooLargeProblem(maxBytes: number): ProblemError {
  return new ProblemError('RESULT_TOO_LARGE', `The result is larger than ${Math.round(maxBytes / 2 ** 20)} MB and was stopped`, {
    hint: 'Ask for fewer rows or columns, or make it a step: a dataset may be of any size',
  })
}
