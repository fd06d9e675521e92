import { rm } from 'node:fs/promises'
import path from 'node:path'
import { classifyProblem } from '../../../../shared/domain/error-class.ts'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { toProblem } from '../../../../shared/domain/problem.ts'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { selectText } from '../../query/select-text.ts'
import { setVariables } from '../../query/set-variables.ts'
import { parquetScan, versionRelation } from '../../query/version-relation.ts'
import { defineRelations } from '../../query/view-set.ts'
import type { EntityBatch, EntityOutcome, OpInput, OpOutput, VersionSource } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { durable } from '../../zones/durable.ts'
import { copyParquetOptions } from '../write-version.ts'
import { entityLines } from './entity-lines.ts'
import { type KeyedRead, keyedReads, strangerProblem } from './entity-reads.ts'

type Input = OpInput<'run', 'sqlChunks'>

/** One chunk is one transaction of the ledger, which must not hold up the engine. */
const MOST_ENTITIES = 5_000
const LEAST_MS = 400
const MOST_MS = 4_000
/** Input rows of a chunk for each megabyte that DuckDB may use. */
const ROWS_PER_MB = 512

/** The statement, chunk by chunk; what fails by its data is halved until one entity stands alone. */
export async function runSqlChunks(input: Input, context: OpContext<EntityBatch>): Promise<OpOutput<'run', 'sqlChunks'>> {
  using duck = await openDuck(context.init)
  const keyed = keyedReads(input.reads, input.key, input.withProvenance)
  const total = await layOut(duck, input, { keyed, signal: context.signal })
  const relationOf = (source: VersionSource): string => {
    const index = keyed.findIndex((read) => read.source === source)
    return index < 0 ? versionRelation(source) : `SELECT * FROM memory.main.chunk_${index}`
  }
  await defineRelations(duck, { reads: input.reads, defaultDataType: input.dataType, relationOf })
  await setVariables(duck, input.variables)
  const work = new ChunkWork({ input, context, duck, keyed })
  let size = Math.min(MOST_ENTITIES, total.entities, Math.max(1, Math.floor((total.entities * context.init.memoryMb * ROWS_PER_MB) / Math.max(1, total.rows))))
  const most = size
  for (let from = 1; from <= total.entities && !work.isStopped; ) {
    const to = Math.min(total.entities, from + size - 1)
    const tookMs = await work.run(from, to)
    context.progress({ share: to / total.entities, note: null })
    if (tookMs > MOST_MS) size = Math.max(1, Math.floor(size / 2))
    if (tookMs < LEAST_MS) size = Math.min(most, size * 2)
    from = to + 1
  }
  return { quarantined: work.quarantined, isStopped: work.isStopped }
}

/**
 * Lays the input out by entity once. A chunk is then really only its own rows: over the whole input, DuckDB may try a condition on
 * rows of other entities first, and fail for them.
 */
async function layOut(duck: Duck, { todoFile }: Input, { keyed, signal }: { keyed: readonly KeyedRead[]; signal: AbortSignal }): Promise<{ entities: number; rows: number }> {
  await duck.run(`CREATE TABLE memory.main.todo AS SELECT entity, row_number() OVER (ORDER BY entity) AS ordinal FROM (${await entityLines(todoFile)})`, signal)
  for (const [index, { relation, key }] of keyed.entries()) {
    await duck.run(
      `CREATE TABLE memory.main.input_${index} AS SELECT t.ordinal AS "__ordinal", s.* FROM (${relation}) s JOIN memory.main.todo t ON s.${quoteIdentifier(key)}::VARCHAR = t.entity ORDER BY t.ordinal;
       CREATE TABLE memory.main.chunk_${index} AS SELECT * EXCLUDE ("__ordinal") FROM memory.main.input_${index} LIMIT 0`,
      signal,
    )
  }
  const [row] = await duck.rows(`SELECT (SELECT count(*) FROM memory.main.todo)::DOUBLE AS entities, (${keyed.map((_read, index) => `(SELECT count(*) FROM memory.main.input_${index})`).join(' + ')})::DOUBLE AS n`)
  return { entities: Number(row?.['entities'] ?? 0), rows: Number(row?.['n'] ?? 0) }
}

interface WorkParts {
  input: Input
  context: OpContext<EntityBatch>
  duck: Duck
  keyed: readonly KeyedRead[]
}

class ChunkWork {
  quarantined = 0
  isStopped = false
  readonly #parts: WorkParts
  #committed: number

  constructor(parts: WorkParts) {
    this.#parts = parts
    this.#committed = parts.input.committed
  }

  /** Entities from one place in the list to another. Returns what the first try took, in ms. */
  async run(from: number, to: number): Promise<number> {
    if (this.isStopped) return 0
    const startedAt = performance.now()
    const took = (): number => performance.now() - startedAt
    try {
      const rows = await this.#write(from, to)
      const durationMs = took() / (to - from + 1)
      await this.#commit(rows.map(({ entity, count }) => ({ ...PASSED, entityId: entity, rows: count, durationMs })))
      return took()
    } catch (error) {
      const problem = toProblem(error)
      const errorClass = classifyProblem(problem)
      if (this.#parts.context.signal.aborted || errorClass !== 'bad_data') throw error
      const failedAfter = took()
      if (from < to) {
        const middle = Math.floor((from + to) / 2)
        await this.run(from, middle)
        await this.run(middle + 1, to)
        return failedAfter
      }
      // DuckDB goes on with the place in the statement, which is the same for every entity.
      await this.#quarantine(from, { message: problem.message.split(/\n+LINE \d+:/, 1).join('').trim(), durationMs: failedAfter })
      return failedAfter
    }
  }

  /** Writes the chunk's rows to the next file and counts them by entity. */
  async #write(from: number, to: number): Promise<{ entity: string; count: number }[]> {
    const { input, context, duck, keyed } = this.#parts
    for (const index of keyed.keys()) {
      await duck.run(`CREATE OR REPLACE TABLE memory.main.chunk_${index} AS SELECT * EXCLUDE ("__ordinal") FROM memory.main.input_${index} WHERE "__ordinal" BETWEEN ${from} AND ${to}`, context.signal)
    }
    const file = this.#nextFile()
    await rm(file, { force: true })
    await duck.run(`COPY (${selectText(input.sql)}) TO ${quoteLiteral(file)} (${copyParquetOptions})`, context.signal)
    const counted = await duck.rows(
      `SELECT t.entity, coalesce(c.n, 0)::DOUBLE AS n FROM (SELECT entity FROM memory.main.todo WHERE ordinal BETWEEN ${from} AND ${to}) t
       FULL JOIN (SELECT ${quoteIdentifier(input.key)}::VARCHAR AS entity, count(*) AS n FROM ${parquetScan([file])} GROUP BY 1) c ON c.entity = t.entity`,
      context.signal,
    )
    if (counted.some(({ entity }) => entity === null)) throw strangerProblem(input.key)
    return counted.map((row) => ({ entity: String(row['entity']), count: Number(row['n']) }))
  }

  async #commit(outcomes: EntityOutcome[]): Promise<void> {
    const { context } = this.#parts
    if (outcomes.every(({ rows }) => rows === 0)) return context.ask({ journalBytes: this.#committed, outcomes })
    const file = this.#nextFile()
    await durable.syncFile(file)
    await durable.syncDir(path.dirname(file))
    await context.ask({ journalBytes: this.#committed + 1, outcomes })
    this.#committed += 1
  }

  async #quarantine(ordinal: number, { message, durationMs }: { message: string; durationMs: number }): Promise<void> {
    const { input, context, duck } = this.#parts
    const [row] = await duck.rows(`SELECT entity FROM memory.main.todo WHERE ordinal = ${ordinal}`)
    const outcome: EntityOutcome = { ...PASSED, entityId: String(row?.['entity']), state: 'quarantined', durationMs, error: message, errorClass: 'bad_data' }
    await context.ask({ journalBytes: this.#committed, outcomes: [outcome] })
    this.quarantined += 1
    this.isStopped = this.quarantined > input.stopAfter
  }

  #nextFile(): string {
    return `${this.#parts.input.chunkPrefix}${this.#committed + 1}.parquet`
  }
}

const PASSED = { state: 'succeeded', attempts: 1, rows: 0, error: null, errorClass: null } as const
