import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import { versionSource } from '../runs/version-source.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Api } from './api.ts'
import { currentOrAsOf, findVersion, refuseRemoved } from './find-version.ts'

export interface QueryControllerParts extends ReadParts {
  versions: VersionsReader
  workers: WorkerPool
}

const TIMEOUT_MS = 300_000

export function queryController(api: Api, parts: QueryControllerParts) {
  const { versions, workers, layout } = parts
  return {
    run: api.query.run.handler(async ({ input, signal }) => {
      const startedAt = performance.now()
      const named = await namesIn(workers, input.sql, signal)
      const current = currentOrAsOf(versions, input.asOf)
      if (input.asOf !== undefined) refuseUnpublished(versions, { named, current, asOf: input.asOf })
      const wanted = current.filter(({ dataset }) => named.has(dataset.toLowerCase()) || named.has(dataset.toLowerCase().split('.').slice(1).join('.')))
      refuseRemoved(wanted)
      const reads = wanted.map((version) => versionSource(layout, versions, version))
      const request = { sql: input.sql, reads, defaultDataType: onlyDataType(named, current), limit: input.limit, timeoutMs: TIMEOUT_MS }
      const result = await readVersions(parts, wanted, () => workers.shared('sandbox').call('query', request, { signal }))
      return { ...result, tookMs: performance.now() - startedAt }
    }),
  }
}

async function namesIn(workers: WorkerPool, sql: string, signal: AbortSignal | undefined): Promise<Set<string>> {
  const [analysis] = await workers.shared('analyst').call('analyse', { statements: [{ id: 'query', sql }] }, { signal })
  const [error] = analysis?.errors ?? []
  if (error !== undefined) {
    throw new ProblemError('SQL_REFUSED', error.message, { hint: error.suggestion, details: { code: error.code, offset: error.offset } })
  }
  return new Set(analysis?.tables.map((table) => table.name.toLowerCase()))
}

/** A dataset that exists but was not published then would only be said to be no table. */
function refuseUnpublished(versions: VersionsReader, { named, current, asOf }: { named: ReadonlySet<string>; current: readonly { dataset: string }[]; asOf: RunRef }): void {
  const then = new Set(current.map(({ dataset }) => dataset))
  const missing = versions.datasets().find((dataset) => named.has(dataset) && !then.has(dataset))
  if (missing !== undefined) findVersion(versions, { dataset: missing, asOf })
}

/** Short names `zone.name` mean something when only one data type has them. */
function onlyDataType(named: ReadonlySet<string>, current: readonly { dataset: string }[]): string | null {
  const short = [...named].filter((name) => name.split('.').length === 2)
  if (short.length === 0) return null
  const owners = new Set(current.flatMap(({ dataset }) => (short.includes(dataset.split('.').slice(1).join('.')) ? [parseDatasetId(dataset)?.dataType ?? ''] : [])))
  if (owners.size > 1) {
    throw new ProblemError('SQL_REFUSED', `${short.join(', ')} could mean more than one data type: ${[...owners].sort().join(', ')}`, { hint: 'Write data_type.zone.name' })
  }
  return [...owners][0] ?? null
}
