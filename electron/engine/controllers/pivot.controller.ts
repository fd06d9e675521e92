import { readVersions } from '../keep/read-versions.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'
import type { LookControllerParts } from './look.controller.ts'

export function pivotController(api: Api, parts: LookControllerParts) {
  const { versions, workers, cache, masks } = parts
  return {
    pivot: api.datasets.pivot.handler(async ({ input: { dataset, version: number, asOf, ...request }, context: { actor }, signal }) => {
      const startedAt = performance.now()
      const version = findVersion(versions, { dataset, version: number, asOf })
      const { source, masked } = await masks.look(version, { actor, signal })
      const { value, fromCache } = await cache.get(['pivot', version.id, masked, request], () =>
        readVersions(parts, [version], () => readWithRetry(workers, 'pivot', { input: { source, ...request }, signal })),
      )
      return { ...value, version: version.number, fromCache, tookMs: performance.now() - startedAt }
    }),
  }
}
