import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { LRUCache } from 'lru-cache'
import type { QueryResult } from '../../../shared/contract/query.contract.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import type { EngineLog } from '../engine.ts'
import type { Look, Masks } from '../masks/masks.ts'
import { seenColumns } from '../query/seen-columns.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { QueriesStore } from '../ledger/queries.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { SeenSource } from '../workers/wire.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import { resolveReads } from './resolve-reads.ts'
import { createRunningQueries, type QueryToStart, type RunsQuery } from './running-queries.ts'
import type { Sandboxes } from './sandboxes.ts'

/** Results of typed queries, kept as files as long as they are among the last ones. */
export interface QueryResults {
  /** Runs it, or joins the run of it that goes on, or answers with what it gave. */
  start(query: QueryToStart, by: { actor: Actor; signal: AbortSignal | undefined }): Promise<QueryResult>
  /** The rows as a relation. @throws NOT_FOUND when it is not kept */
  source(queryId: string): SeenSource
  progress(queryId: string): { share: number | null; elapsedMs: number } | null
  cancel(queryId: string): boolean
  drop(queryId: string): boolean
  close(): Promise<void>
}

export interface QueryResultsParts extends ReadParts {
  versions: VersionsReader
  workers: WorkerPool
  sandboxes: Sandboxes
  queries: QueriesStore
  log: EngineLog
  masks: Masks
}

const MAX_RESULTS = 24
const MAX_RESULT_BYTES = 2 * 2 ** 30
const MAX_KEPT_BYTES = 4 * 2 ** 30

interface Kept {
  result: QueryResult
  actor: Actor
  /** Sensitive columns whose values may be in it. */
  revealed: { dataset: string; column: string }[]
  source: SeenSource
}

export function createQueryResults(parts: QueryResultsParts): QueryResults {
  const { layout, log } = parts
  const folder = path.join(layout.tempDir, `results-${randomUUID()}`)
  const removeFile = (file: string): void => void rm(file, { force: true }).catch((error: unknown) => log('warn', `${file} cannot be removed: ${toProblem(error).message}`))
  const kept = keepLast(({ source }) => {
    for (const { path: file } of source.parts) removeFile(file)
  })
  const running = createRunningQueries(parts, async (query, { actor, signal, onShare }) => {
    await mkdir(folder, { recursive: true })
    const file = path.join(folder, `${query.queryId}.parquet`)
    try {
      const stored = await storeQuery(parts, query, { file, actor, signal, onShare })
      kept.set(query.queryId, stored)
      return stored.result
    } catch (error) {
      // A process that was killed could not clear up after itself.
      removeFile(file)
      throw error
    }
  })
  return {
    start: async (query, by) => kept.get(query.queryId)?.result ?? running.join(query, by),
    source(queryId) {
      const entry = kept.get(queryId)
      if (entry !== undefined && isHiddenAgain(parts, entry)) {
        kept.delete(queryId)
        throw new ProblemError('MASKED', 'The result held revealed values, which are hidden again', { hint: 'Run the query again: it gives masks, or values once they are revealed anew', details: { queryId } })
      }
      if (entry !== undefined) return entry.source
      throw new ProblemError('NOT_FOUND', 'The result of this query is not kept any more', { hint: 'Run it again: only the last results are kept, and none beyond the life of the engine', details: { queryId } })
    },
    progress: running.progress,
    cancel: running.cancel,
    drop: (queryId) => kept.delete(queryId),
    async close() {
      await running.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function keepLast(dispose: (kept: Kept) => void): LRUCache<string, Kept> {
  return new LRUCache({ max: MAX_RESULTS, maxSize: MAX_KEPT_BYTES, sizeCalculation: ({ result }) => Math.max(1, result.sizeBytes), dispose })
}

type Storing = RunsQuery & { file: string }

async function storeQuery(parts: QueryResultsParts, { queryId, limit, ...query }: QueryToStart, { file, actor, signal, onShare }: Storing): Promise<Kept> {
  const { masks, sandboxes } = parts
  const startedAt = performance.now()
  const resolved = await resolveReads(parts, query, signal)
  const looks = await Promise.all(resolved.versions.map((version) => masks.look(version, { actor, signal })))
  const reads = looks.map(({ source }) => source)
  const request = { sql: query.sql, reads, defaultDataType: resolved.defaultDataType, timeoutMs: query.timeoutMs, limit, path: file, maxBytes: MAX_RESULT_BYTES }
  const { columns, rowCount, sizeBytes, isCut } = await readVersions(parts, resolved.versions, () =>
    sandboxes.run('store', request, { signal, onProgress: ({ share }) => onShare(share) }),
  )
  const revealed = looks.flatMap((look, i) => look.revealed.map((column) => ({ dataset: resolved.versions[i]?.dataset ?? '', column })))
  return {
    actor,
    revealed,
    result: { queryId, columns, rowCount, isCut, sizeBytes, tookMs: performance.now() - startedAt, reads: resolved.versions.map(readOf), masked: maskedReads(resolved.versions, looks) },
    source: { dataset: { dataType: 'query', zone: 'results', name: 'result' }, layout: 'plain', columns: seenColumns(columns, []), parts: [{ path: file, rowCount, file: null }], rowCount, rejectsPath: null },
  }
}

/** What of the versions was read as masks. */
export function maskedReads(versions: readonly VersionRow[], looks: readonly Look[]): QueryResult['masked'] {
  return looks.flatMap(({ masked }, i) => (masked.length === 0 ? [] : [{ dataset: versions[i]?.dataset ?? '', columns: masked }]))
}

function isHiddenAgain({ masks }: QueryResultsParts, { actor, revealed }: Kept): boolean {
  return revealed.some(({ dataset, column }) => masks.reveals.until(actor, dataset, column) === null)
}

export function readOf({ dataset, number, runNumber, isCurrent }: VersionRow): QueryResult['reads'][number] {
  return { dataset, version: number, runNumber, isCurrent }
}
