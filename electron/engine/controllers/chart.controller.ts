import { readVersions } from '../keep/read-versions.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'
import type { LookControllerParts } from './look.controller.ts'

export function chartController(api: Api, parts: LookControllerParts) {
  const { versions, workers, cache, masks } = parts
  return {
    chart: api.datasets.chart.handler(async ({ input: { filter, spec, ...ref }, context: { actor }, signal }) => {
      const startedAt = performance.now()
      const version = findVersion(versions, ref)
      const { source, masked } = await masks.look(version, { actor, signal })
      const { value, fromCache } = await cache.get(['chart', version.id, masked, filter, spec], () =>
        readVersions(parts, [version], () => readWithRetry(workers, 'chart', { input: { source, filter, spec }, signal })),
      )
      return { ...value, version: version.number, fromCache, tookMs: performance.now() - startedAt }
    }),
  }
}
