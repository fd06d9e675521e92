import type { QueryResult, QueryText } from '../../../shared/contract/query.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { readVersions } from '../keep/read-versions.ts'
import { maskedReads, type QueryResults, type QueryResultsParts } from '../sql-pad/query-results.ts'
import { resolveReads } from '../sql-pad/resolve-reads.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { SandboxStatement } from '../workers/sandbox.wire.ts'
import type { Api } from './api.ts'
import type { VersionCache } from './version-cache.ts'

export interface QueryControllerParts extends QueryResultsParts {
  results: QueryResults
  cache: VersionCache
}

export function queryController(api: Api, parts: QueryControllerParts) {
  const { sandboxes, results, workers, cache } = parts
  return {
    run: api.query.run.handler(async ({ input: { limit, ...query }, context: { actor }, signal }) => {
      const startedAt = performance.now()
      const result = await overVersions(parts, { query, actor, signal }, (statement) => sandboxes.run('query', { ...statement, limit }, { signal }))
      return { ...result.answer, masked: result.masked, tookMs: performance.now() - startedAt }
    }),
    start: api.query.start.handler(({ input, context: { actor }, signal }) => results.start(input, { actor, signal })),
    page: api.query.page.handler(async ({ input: { queryId, ...request }, signal }) => {
      const startedAt = performance.now()
      const source = results.source(queryId)
      const { value, fromCache } = await cache.get(['result', queryId, request], () => readWithRetry(workers, 'page', { input: { source, columns: null, ...request }, signal }))
      return { ...value, totalRows: source.rowCount, fromCache, tookMs: performance.now() - startedAt }
    }),
    count: api.query.count.handler(async ({ input: { queryId, filter }, signal }) => {
      const startedAt = performance.now()
      const source = results.source(queryId)
      const { value } = await cache.get(['result-count', queryId, filter], () => readWithRetry(workers, 'count', { input: { source, filter }, signal }))
      return { count: value.count, tookMs: performance.now() - startedAt }
    }),
    progress: api.query.progress.handler(({ input }) => results.progress(input.queryId)),
    cancel: api.query.cancel.handler(({ input }) => ({ isCancelled: results.cancel(input.queryId) })),
    close: api.query.close.handler(({ input }) => ({ isClosed: results.drop(input.queryId) })),
    explain: api.query.explain.handler(async ({ input: { analyze, ...query }, context: { actor }, signal }) =>
      (await overVersions(parts, { query, actor, signal }, (statement) => sandboxes.run('explain', { ...statement, analyze }, { signal }))).answer,
    ),
  }
}

/** Runs a statement while nobody may remove the versions that it reads. */
async function overVersions<T>(parts: QueryControllerParts, { query, actor, signal }: { query: QueryText; actor: Actor; signal: AbortSignal | undefined }, work: (statement: SandboxStatement) => Promise<T>): Promise<{ answer: T; masked: QueryResult['masked'] }> {
  const reads = await resolveReads(parts, query, signal)
  const looks = await Promise.all(reads.versions.map((version) => parts.masks.look(version, { actor, signal })))
  const sources = looks.map(({ source }) => source)
  const answer = await readVersions(parts, reads.versions, () => work({ sql: query.sql, reads: sources, defaultDataType: reads.defaultDataType, timeoutMs: query.timeoutMs }))
  return { answer, masked: maskedReads(reads.versions, looks) }
}
