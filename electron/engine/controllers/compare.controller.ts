import type { DiffPage, VersionDiff } from '../../../shared/contract/compare.contract.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { Looker } from '../masks/masks.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { DiffCounts } from '../workers/wire.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Api } from './api.ts'
import { codeOf, compareRuns, type RunPairParts } from './compare-runs.ts'
import { mustFindRun } from './find-run.ts'
import type { VersionCache } from './version-cache.ts'
import { comparedVersion, diffSpec, findPair, maskedOfPair, type PairParts, schemaDiff, type VersionPair } from './version-pair.ts'

export interface CompareControllerParts extends PairParts, RunPairParts, ReadParts {
  workers: WorkerPool
  cache: VersionCache
}

const NO_DIFFERENCE: DiffCounts = { added: 0, removed: 0, changed: 0, changedColumns: [], duplicates: null }

export function compareController(api: Api, parts: CompareControllerParts) {
  return {
    versions: api.compare.versions.handler(({ input, context: { actor }, signal }) => versionDiff(parts, findPair(parts, input), { actor, signal })),
    page: api.compare.page.handler(async ({ input, context: { actor }, signal }): Promise<DiffPage> => {
      const startedAt = performance.now()
      const pair = findPair(parts, input)
      const { from, to } = pair
      const by = { actor, signal }
      const masked = await maskedOfPair(parts, pair, by)
      const [fromColumns, toColumns] = [await parts.masks.columns(from, by), await parts.masks.columns(to, by)]
      const { kind, offset, limit } = input
      // Held from here to the page, so that neither side is removed between the count and the rows.
      return readVersions(parts, [from, to], async () => {
        const { counts } = await diffCounts(parts, pair, { masked, signal })
        const read = () => readWithRetry(parts.workers, 'diffPage', { input: { ...diffSpec(parts, pair, masked), kind, offset, limit }, signal })
        const nothing = async () => ({ rowsJson: '[]', rowCount: 0 })
        const isEmpty = offset >= counts[kind]
        const { value, fromCache } = await parts.cache.get(['diff-page', from.id, to.id, masked, pair.key, kind, offset, limit], isEmpty ? nothing : read)
        return { ...value, fromColumns, toColumns, total: counts[kind], tookMs: performance.now() - startedAt, fromCache }
      })
    }),
    runs: api.compare.runs.handler(({ input: { from, to } }) => compareRuns(parts, mustFindRun(parts.runs, from), mustFindRun(parts.runs, to))),
    code: api.compare.code.handler(({ input: { from, to, dataset } }) => ({ files: codeOf(parts, { from: mustFindRun(parts.runs, from), to: mustFindRun(parts.runs, to), dataset }) })),
  }
}

/** Everything about a pair but its rows; kept by the pair, since versions never change. */
export async function versionDiff(parts: CompareControllerParts, pair: VersionPair, by: Looker): Promise<VersionDiff> {
  const startedAt = performance.now()
  const { from, to, key, keyOrigin } = pair
  const masked = await maskedOfPair(parts, pair, by)
  const { counts, fromCache } = await readVersions(parts, [from, to], () => diffCounts(parts, pair, { masked, signal: by.signal }))
  const { added, removed, changed, changedColumns, duplicates } = counts
  return {
    dataset: to.dataset,
    from: comparedVersion(from),
    to: comparedVersion(to),
    key,
    keyOrigin,
    schema: schemaDiff(from, to),
    counts: { added, removed, changed, unchanged: Math.max(0, to.rowCount - added - changed) },
    changedColumns,
    duplicates: duplicates === null ? null : { from: duplicates.before, to: duplicates.after, example: duplicates.example },
    tookMs: performance.now() - startedAt,
    fromCache,
  }
}

async function diffCounts(parts: CompareControllerParts, pair: VersionPair, { masked, signal }: { masked: string[]; signal: AbortSignal | undefined }): Promise<{ counts: DiffCounts; fromCache: boolean }> {
  const { from, to, key } = pair
  // The same table by hash, or the same version: nothing to read.
  if (from.id === to.id || from.contentHash === to.contentHash) return { counts: NO_DIFFERENCE, fromCache: false }
  const { value, fromCache } = await parts.cache.get(['diff', from.id, to.id, masked, key], () => readWithRetry(parts.workers, 'diff', { input: diffSpec(parts, pair, masked), signal }))
  return { counts: value, fromCache }
}
