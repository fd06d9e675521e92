import { readVersions } from '../keep/read-versions.ts'
import { versionSource } from '../runs/version-source.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'
import type { LookControllerParts } from './look.controller.ts'

export function pivotController(api: Api, parts: LookControllerParts) {
  const { versions, workers, cache, layout } = parts
  return {
    pivot: api.datasets.pivot.handler(async ({ input: { dataset, version: number, asOf, ...request }, signal }) => {
      const startedAt = performance.now()
      const version = findVersion(versions, { dataset, version: number, asOf })
      const { value, fromCache } = await cache.get(['pivot', version.id, request], () =>
        readVersions(parts, [version], () => readWithRetry(workers, 'pivot', { input: { source: versionSource(layout, versions, version), ...request }, signal })),
      )
      return { ...value, version: version.number, fromCache, tookMs: performance.now() - startedAt }
    }),
  }
}
