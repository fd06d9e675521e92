import path from 'node:path'
import type { DatasetDetail, DatasetPage, Version } from '../../../shared/contract/datasets.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { ChecksReader } from '../ledger/checks.store.ts'
import { isoTime } from '../ledger/rows.ts'
import type { VersionMetricsReader } from '../ledger/version-metrics.store.ts'
import { publishedAt, type VersionRow, type VersionsReader } from '../ledger/versions.store.ts'
import type { Looker, Masks } from '../masks/masks.ts'
import type { WorkspaceService } from '../parts.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { DatasetContract } from '../workspace/model.ts'
import type { VersionCopies } from '../copies/version-copies.ts'
import { DELIVERED_DIR } from '../zones/layout.ts'
import type { Api } from './api.ts'
import { findDelivered } from '../quarantine/find-delivered.ts'
import { stepOf } from '../quarantine/record-detail.ts'
import { currentFactsOrAsOf, findVersion } from './find-version.ts'
import type { VersionCache } from './version-cache.ts'

export interface DatasetsControllerParts extends ReadParts {
  versions: VersionsReader
  checks: ChecksReader
  metrics: VersionMetricsReader
  workspace: WorkspaceService
  workers: WorkerPool
  cache: VersionCache
  copies: VersionCopies
  masks: Masks
}

const VERSIONS_SHOWN = 200

export function datasetsController(api: Api, parts: DatasetsControllerParts) {
  const { versions, workers, cache, layout, masks, copies } = parts
  return {
    list: api.datasets.list.handler(({ input }) => listDatasets(parts, input?.asOf)),
    get: api.datasets.get.handler(({ input, context: { actor }, signal }) => detail(parts, findVersion(versions, input), { actor, signal })),
    page: api.datasets.page.handler(async ({ input, context: { actor }, signal }): Promise<DatasetPage> => {
      const startedAt = performance.now()
      const version = findVersion(versions, input)
      const { sort, filter, offset, limit } = input
      const request = { columns: null, sort, filter, offset, limit }
      const { source, columns, masked } = await masks.look(version, { actor, signal })
      const { value, fromCache } = await cache.get(['page', version.id, masked, request], () =>
        readVersions(parts, [version], () => readWithRetry(workers, 'page', { input: { source, ...request, copyDir: copies.dirOf(version, source) }, signal })),
      )
      return { ...value, columns, version: version.number, totalRows: version.rowCount, fromCache, tookMs: performance.now() - startedAt }
    }),
    count: api.datasets.count.handler(async ({ input, context: { actor }, signal }) => {
      const startedAt = performance.now()
      const version = findVersion(versions, input)
      const { source, masked } = await masks.look(version, { actor, signal })
      const counted = async (): Promise<{ count: number }> =>
        input.filter.length === 0
          ? { count: version.rowCount }
          : readVersions(parts, [version], () => readWithRetry(workers, 'count', { input: { source, filter: input.filter }, signal }))
      const { value } = await cache.get(['count', version.id, masked, input.filter], counted)
      return { version: version.number, count: value.count, tookMs: performance.now() - startedAt }
    }),
    prepare: api.datasets.prepare.handler(async ({ input, context: { actor }, signal }) => {
      const version = findVersion(versions, input)
      const { source } = await masks.look(version, { actor, signal })
      return copies.want(version, source)
    }),
    locate: api.datasets.locate.handler(async ({ input, signal }) => {
      const version = findVersion(versions, input)
      const place = findDelivered(versions.deliveries(version.id), input.file)
      const step = stepOf(parts, version.dataset)
      if (place === null || step?.kind !== 'extract') {
        throw new ProblemError('NOT_FOUND', `${version.dataset} v${version.number} was not made from a file "${input.file}"`, { details: { file: input.file } })
      }
      const file = path.join(layout.versionDir(version.dataset, version.number), DELIVERED_DIR, place.fileName)
      const request = { path: file, member: place.member, record: input.record, source: step.source }
      const { value } = await cache.get(['locate', version.id, input.file, input.record], () => readVersions(parts, [version], () => readWithRetry(workers, 'locate', { input: request, signal })))
      return { line: value.line, place: value.place ?? null, path: layout.relative(file) }
    }),
  }
}

function listDatasets({ workspace, versions, files }: DatasetsControllerParts, asOf: RunRef | undefined) {
  const current = new Map(currentFactsOrAsOf(versions, asOf).map((version) => [version.dataset, version]))
  const damaged = files.damagedFiles([...current.values()].map(({ id }) => id))
  const declared = workspace.current().dataTypes.flatMap((dataType) => dataType.steps.map((step) => step.dataset))
  return [...new Set([...declared, ...current.keys()])].flatMap((dataset) => {
    const name = parseDatasetId(dataset)
    const version = current.get(dataset)
    if (name === null) return []
    return [
      {
        dataset,
        ...name,
        rowCount: version?.rowCount ?? null,
        sizeBytes: version?.sizeBytes ?? null,
        version: version?.number ?? null,
        publishedAt: publishedAt(version),
        damagedFiles: damaged.get(version?.id ?? 0) ?? 0,
      },
    ]
  })
}

async function detail(parts: DatasetsControllerParts, version: VersionRow, by: Looker): Promise<DatasetDetail> {
  const shown = parts.versions.ofDataset(version.dataset, VERSIONS_SHOWN)
  const damaged = parts.files.damagedFiles(shown.map(({ id }) => id))
  const contract: DatasetContract | null = stepOf(parts, version.dataset)?.contract ?? null
  return {
    dataset: version.dataset,
    version: version.number,
    runNumber: version.runNumber,
    rowCount: version.rowCount,
    sizeBytes: version.sizeBytes,
    contentHash: version.contentHash,
    columns: await parts.masks.columns(version, by),
    key: contract?.key ?? [],
    description: contract?.description ?? null,
    checks: parts.checks.ofVersion(version.id),
    deliveries: parts.versions.deliveries(version.id).map(({ modifiedAt: _modified, ...delivery }) => delivery),
    versions: shown.map((entry) => versionOf(entry, { damagedFiles: damaged.get(entry.id) ?? 0, drift: parts.metrics.driftWords(entry.id) })),
  }
}

function versionOf(version: VersionRow, facts: Pick<Version, 'damagedFiles' | 'drift'>): Version {
  return {
    version: version.number,
    runNumber: version.runNumber,
    rowCount: version.rowCount,
    sizeBytes: version.sizeBytes,
    createdAt: isoTime(version.createdAt),
    publishedAt: publishedAt(version),
    isCurrent: version.isCurrent,
    removedAt: version.removedAt === null ? null : isoTime(version.removedAt),
    pinReason: version.pinReason,
    ...facts,
  }
}
