import { readVersions } from '../keep/read-versions.ts'
import { versionSource } from '../runs/version-source.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'
import type { LookControllerParts } from './look.controller.ts'

export function chartController(api: Api, parts: LookControllerParts) {
  const { versions, workers, cache, layout } = parts
  return {
    chart: api.datasets.chart.handler(async ({ input: { filter, spec, ...ref }, signal }) => {
      const startedAt = performance.now()
      const version = findVersion(versions, ref)
      const { value, fromCache } = await cache.get(['chart', version.id, filter, spec], () =>
        readVersions(parts, [version], () => readWithRetry(workers, 'chart', { input: { source: versionSource(layout, versions, version), filter, spec }, signal })),
      )
      return { ...value, version: version.number, fromCache, tookMs: performance.now() - startedAt }
    }),
  }
}
