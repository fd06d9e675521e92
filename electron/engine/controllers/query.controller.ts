import type { QueryText } from '../../../shared/contract/query.contract.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import { versionSource } from '../runs/version-source.ts'
import { resolveReads } from '../sql-pad/resolve-reads.ts'
import type { Sandboxes } from '../sql-pad/sandboxes.ts'
import type { SandboxStatement } from '../workers/sandbox.wire.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Api } from './api.ts'

export interface QueryControllerParts extends ReadParts {
  versions: VersionsReader
  workers: WorkerPool
  sandboxes: Sandboxes
}

export function queryController(api: Api, parts: QueryControllerParts) {
  const { sandboxes } = parts
  return {
    run: api.query.run.handler(async ({ input: { limit, ...query }, signal }) => {
      const startedAt = performance.now()
      const result = await overVersions(parts, { query, signal }, (statement) => sandboxes.run('query', { ...statement, limit }, { signal }))
      return { ...result, tookMs: performance.now() - startedAt }
    }),
    explain: api.query.explain.handler(({ input: { analyze, ...query }, signal }) =>
      overVersions(parts, { query, signal }, (statement) => sandboxes.run('explain', { ...statement, analyze }, { signal })),
    ),
  }
}

/** Runs a statement while nobody may remove the versions that it reads. */
async function overVersions<T>(parts: QueryControllerParts, { query, signal }: { query: QueryText; signal: AbortSignal | undefined }, work: (statement: SandboxStatement) => Promise<T>): Promise<T> {
  const { versions, layout } = parts
  const reads = await resolveReads(parts, query, signal)
  const sources = reads.versions.map((version) => versionSource(layout, versions, version))
  return readVersions(parts, reads.versions, () => work({ sql: query.sql, reads: sources, defaultDataType: reads.defaultDataType, timeoutMs: query.timeoutMs }))
}
