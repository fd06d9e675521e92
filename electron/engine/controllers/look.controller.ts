import type { FilterVerdict } from '../../../shared/contract/look.contract.ts'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { Filter } from '../../../shared/domain/table-query.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import type { QueryResults } from '../sql-pad/query-results.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Masks } from '../masks/masks.ts'
import type { SeenSource } from '../workers/wire.ts'
import type { VersionCopies } from '../copies/version-copies.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'
import type { VersionCache } from './version-cache.ts'

export interface LookControllerParts extends ReadParts {
  versions: VersionsReader
  workers: WorkerPool
  cache: VersionCache
  copies: VersionCopies
  masks: Masks
}

/** What helps to narrow the rows of a dataset. */
export function datasetLookController(api: Api, parts: LookControllerParts) {
  const { versions, workers, cache, masks, copies } = parts
  return {
    values: api.datasets.values.handler(async ({ input, context: { actor }, signal }) => {
      const version = findVersion(versions, input)
      const { column, filter, containing, limit } = input
      const request = { column, filter, containing, limit }
      const { source, masked } = await masks.look(version, { actor, signal })
      const { value } = await cache.get(['values', version.id, masked, request], () =>
        readVersions(parts, [version], () => readWithRetry(workers, 'values', { input: { source, ...request }, signal })),
      )
      return value
    }),
    find: api.datasets.find.handler(async ({ input, context: { actor }, signal }) => {
      const found = findVersion(versions, input)
      const { dataset: _dataset, version: _version, asOf: _asOf, ...request } = input
      const { source } = await masks.look(found, { actor, signal })
      return readVersions(parts, [found], () => readWithRetry(workers, 'find', { input: { source, ...request, copyDir: copies.dirOf(found, source) }, signal }))
    }),
    judge: api.datasets.judge.handler(async ({ input, context: { actor }, signal }) => {
      const { source } = await masks.look(findVersion(versions, input), { actor, signal })
      return verdictOn(workers, source.columns, { test: input.test, signal })
    }),
  }
}

/** The same for the result of a query. */
export function queryLookController(api: Api, { results, workers, cache }: { results: QueryResults; workers: WorkerPool; cache: VersionCache }) {
  return {
    values: api.query.values.handler(async ({ input: { queryId, ...request }, signal }) => {
      const source = results.source(queryId)
      const { value } = await cache.get(['result-values', queryId, request], () => readWithRetry(workers, 'values', { input: { source, ...request }, signal }))
      return value
    }),
    find: api.query.find.handler(({ input: { queryId, ...request }, signal }) => readWithRetry(workers, 'find', { input: { source: results.source(queryId), ...request }, signal })),
    judge: api.query.judge.handler(({ input, signal }) => verdictOn(workers, results.source(input.queryId).columns, { test: input.test, signal })),
  }
}

const ABOUT_FILTERS = new Set(['BAD_INPUT', 'MASKED', 'SQL_FAILED', 'SQL_REFUSED'])

/** A filter that cannot be used is an answer, not a failure. */
async function verdictOn(workers: WorkerPool, columns: SeenSource['columns'], { test, signal }: { test: Filter; signal: AbortSignal | undefined }): Promise<FilterVerdict> {
  try {
    await readWithRetry(workers, 'judge', { input: { columns, filter: test }, signal })
    return null
  } catch (error) {
    const { code, message, hint, details } = toProblem(error)
    if (!(error instanceof ProblemError) || !ABOUT_FILTERS.has(code)) throw error
    return { message, hint, offset: typeof details['offset'] === 'number' ? details['offset'] : null }
  }
}
