import type { EntitySlice } from '../../../shared/contract/entities.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { EntitiesReader } from '../ledger/entities.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { WorkspaceService } from '../parts.ts'
import { versionSource } from '../runs/version-source.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Api } from './api.ts'
import { entityColumns } from './entity-columns.ts'
import { currentOrAsOf, refuseRemoved } from './find-version.ts'
import type { VersionCache } from './version-cache.ts'

export interface EntitiesControllerParts extends ReadParts {
  versions: VersionsReader
  entities: EntitiesReader
  workspace: WorkspaceService
  workers: WorkerPool
  /** 1,000 entities, apart from the pages, so that browsing a table does not push them out. */
  cache: VersionCache
}

const HISTORY_LENGTH = 100

export function entitiesController(api: Api, parts: EntitiesControllerParts) {
  return {
    getDataForEntity: api.entities.getDataForEntity.handler(async ({ input, signal }) => {
      const startedAt = performance.now()
      const places = placesOf(parts, input)
      // Which columns of a version name entities is declared in files, which change.
      const columnsOf = entityColumns(parts.workspace.current())
      const key = ['entity', input.entityId, input.limit, places.map(({ version, keyColumn }) => [version.id, keyColumn, columnsOf(version)])]
      const { value, fromCache } = await parts.cache.get(key, () => readSlices(parts, places, { ...input, signal }))
      return {
        entityId: input.entityId,
        slices: value,
        history: parts.entities.history(input.entityId, HISTORY_LENGTH),
        fromCache,
        tookMs: performance.now() - startedAt,
      }
    }),
  }
}

interface Place {
  version: VersionRow
  keyColumn: string
}

/**
 * Where an entity can be found: every dataset that has a column named like the entity key of any data type, or one that a declared
 * relationship leads from to such a column. So one disease leads to its trials, though the trials' own key is another.
 */
function placesOf({ versions, workspace }: EntitiesControllerParts, { dataTypes, asOf }: { dataTypes?: string[] | undefined; asOf?: RunRef | undefined }): Place[] {
  const wanted = currentOrAsOf(versions, asOf).filter(({ dataset }) => dataTypes === undefined || dataTypes.includes(dataset.split('.', 1)[0] ?? ''))
  const columnsOf = entityColumns(workspace.current())
  const places = wanted.flatMap((version) => columnsOf(version).map((keyColumn) => ({ version, keyColumn })))
  refuseRemoved(places.map(({ version }) => version))
  return places
}

async function readSlices(parts: EntitiesControllerParts, places: readonly Place[], request: { entityId: string; limit: number; signal: AbortSignal | undefined }): Promise<EntitySlice[]> {
  if (places.length === 0) return []
  const sources = places.map(({ version, keyColumn }) => ({ source: versionSource(parts.layout, parts.versions, version), keyColumn }))
  const input = { entityId: request.entityId, limit: request.limit, sources }
  const { slices } = await readVersions(parts, places.map(({ version }) => version), () => readWithRetry(parts.workers, 'entityRows', { input, signal: request.signal }))
  const columnsOf = entityColumns(parts.workspace.current())
  return places.flatMap(({ version, keyColumn }, index) => {
    const rows = slices[index]
    const name = parseDatasetId(version.dataset)
    if (rows === undefined || rows.rowCount === 0 || name === null) return []
    return [{ dataset: version.dataset, dataType: name.dataType, zone: name.zone, version: version.number, keyColumn, columns: version.columns, references: columnsOf(version).filter((column) => column !== keyColumn), ...rows }]
  })
}
