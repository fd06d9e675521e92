import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { ProblemError, type ProblemCode } from '../../../shared/domain/problem.ts'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import { type Column, toColumn } from '../../../shared/domain/table-query.ts'
import type { LivingShare } from '../workers/living-share.ts'
import type { WorkerInit } from '../workers/wire.ts'

/** DuckDB as every worker opens it: limited, offline, in memory. Never imported by the engine process itself. */
export interface Duck {
  readonly instance: DuckDBInstance
  readonly connection: DuckDBConnection
  /** Runs statements for their effect. Aborting the signal interrupts DuckDB. */
  run(sql: string, signal?: AbortSignal): Promise<void>
  /** All rows as objects of JSON values; for small results only (conversion blocks the thread). */
  rows(sql: string, signal?: AbortSignal): Promise<Record<string, unknown>[]>
  /** Columns of a SELECT without running it. */
  describe(select: string): Promise<Column[]>
  /** A further connection on the same instance; a second query on one connection ends the first one's stream. */
  another(): Promise<Duck>
  [Symbol.dispose](): void
}

/**
 * Opens an instance of its own. Limits go through SET because some are not enforced when passed at creation. When the worker's share grows
 * while it is open, so do its limits, also for a statement that runs; they are never lowered.
 */
export async function openDuck(init: LivingShare): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:')
  let limits: WorkerInit = init
  const stopListening = init.onShare?.((next) => {
    const grown = { ...limits, memoryMb: Math.max(limits.memoryMb, next.memoryMb), threads: Math.max(limits.threads, next.threads) }
    if (grown.memoryMb === limits.memoryMb && grown.threads === limits.threads) return
    limits = grown
    // One that is being closed in this moment needs no more; what it has is enough for it to go on.
    void raise(instance, grown).catch(() => undefined)
  })
  const duck = await connect(instance, () => {
    stopListening?.()
    instance.closeSync()
  })
  await duck.run(`
    SET memory_limit = '${init.memoryMb}MiB';
    SET threads = ${init.threads};
    SET temp_directory = ${quoteLiteral(init.tempDir)};
    SET autoinstall_known_extensions = false;
    SET autoload_known_extensions = false;
    SET preserve_insertion_order = true;`)
  return duck
}

async function raise(instance: DuckDBInstance, { memoryMb, threads }: WorkerInit): Promise<void> {
  // The connection of the statement that runs would wait for its end.
  const connection = await instance.connect()
  try {
    await connection.run(`SET memory_limit = '${memoryMb}MiB'; SET threads = ${threads};`)
  } finally {
    connection.closeSync()
  }
}

/** Settings that DuckDB keeps for each connection, so that a second one would go back to the machine's time zone. */
const EACH_CONNECTION = `
SET enable_progress_bar = true;
SET enable_progress_bar_print = false;
SET TimeZone = 'UTC';`

async function connect(instance: DuckDBInstance, onDispose: () => void): Promise<Duck> {
  const connection = await instance.connect()
  await connection.run(EACH_CONNECTION)
  const withSignal = async <T>(sql: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    if (signal?.aborted) throw new ProblemError('CANCELLED', 'Cancelled')
    const interrupt = (): void => connection.interrupt()
    signal?.addEventListener('abort', interrupt, { once: true })
    try {
      return await work()
    } catch (error) {
      if (signal?.aborted) throw new ProblemError('CANCELLED', 'Cancelled', { cause: error })
      throw duckProblem(error, sql)
    } finally {
      signal?.removeEventListener('abort', interrupt)
    }
  }
  const duck: Duck = {
    instance,
    connection,
    run: (sql, signal) => withSignal(sql, signal, async () => void (await connection.run(sql))),
    rows: (sql, signal) => withSignal(sql, signal, async () => (await connection.runAndReadAll(sql)).getRowObjectsJson()),
    async describe(select) {
      const rows = await duck.rows(`DESCRIBE ${select}`)
      return rows.map((row) => toColumn(String(row['column_name']), String(row['column_type'])))
    },
    another: () => connect(instance, () => undefined),
    [Symbol.dispose]() {
      connection.closeSync()
      onDispose()
    },
  }
  return duck
}

/** DuckDB appends advice on settings that are not the user's to set, with line breaks written out. */
function firstParagraph(message: string): string {
  // With errors_as_json the message is data for a reader of ours, and written-out line breaks belong to it.
  if (message.includes('"exception_type"')) return message
  // Elsewhere a written-out line break is part of the JSON that errors_as_json gives, and stays.
  return message.split(/(?:\\n|\n){2}Possible solutions/, 1).join('').trim()
}

const CODES: readonly [RegExp, ProblemCode, string | null][] = [
  [/out of memory|max_temp_directory_size/i, 'OUT_OF_MEMORY', 'Raise limits.memory in strata.yaml, or make the step read less'],
  [/no space left/i, 'DISK_FULL', 'Free some space on the disk, then retry'],
]

/** DuckDB's message, kept whole, under a code of ours. */
export function duckProblem(error: unknown, sql?: string): ProblemError {
  if (error instanceof ProblemError) return error
  const message = firstParagraph(error instanceof Error ? error.message : String(error))
  const [, code, hint] = CODES.find(([pattern]) => pattern.test(message)) ?? [null, 'SQL_FAILED' as const, null]
  return new ProblemError(code, message, { cause: error, hint, details: sql === undefined ? {} : { sql: sql.slice(0, 2_000) } })
}
