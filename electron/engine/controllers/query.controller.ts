import { ProblemError } from '../../../shared/domain/problem.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import { versionSource } from '../runs/version-source.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Layout } from '../zones/layout.ts'
import type { Api } from './api.ts'

export interface QueryControllerParts {
  versions: VersionsReader
  workers: WorkerPool
  layout: Layout
}

const TIMEOUT_MS = 300_000

export function queryController(api: Api, { versions, workers, layout }: QueryControllerParts) {
  return {
    run: api.query.run.handler(async ({ input, signal }) => {
      const startedAt = performance.now()
      const current = versions.allCurrent()
      const named = await namesIn(workers, input.sql, signal)
      const wanted = current.filter(({ dataset }) => named.has(dataset.toLowerCase()) || named.has(dataset.toLowerCase().split('.').slice(1).join('.')))
      const result = await workers.shared('sandbox').call(
        'query',
        { sql: input.sql, reads: wanted.map((version) => versionSource(layout, versions, version)), defaultDataType: onlyDataType(named, current), limit: input.limit, timeoutMs: TIMEOUT_MS },
        { signal },
      )
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
