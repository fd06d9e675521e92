import { LRUCache } from 'lru-cache'
import type { CopyStatus } from '../../../shared/contract/copies.contract.ts'
import type { EntitySlice } from '../../../shared/contract/entities.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { EntitiesReader } from '../ledger/entities.store.ts'
import type { EventsReader } from '../ledger/events.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { WorkspaceService } from '../parts.ts'
import { versionSource } from '../runs/version-source.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { WorkspaceModel } from '../workspace/model.ts'
import type { VersionCopies } from '../copies/version-copies.ts'
import type { Api } from './api.ts'
import { entityColumns } from './entity-columns.ts'
import { currentOrAsOf, refuseRemoved } from './find-version.ts'
import type { VersionCache } from './version-cache.ts'

export interface EntitiesControllerParts extends ReadParts {
  versions: VersionsReader
  entities: EntitiesReader
  events: EventsReader
  workspace: WorkspaceService
  workers: WorkerPool
  /** 1,000 entities, apart from the pages, so that browsing a table does not push them out. */
  cache: VersionCache
  copies: VersionCopies
}

const HISTORY_LENGTH = 100

export function entitiesController(api: Api, parts: EntitiesControllerParts) {
  const placesOf = knownPlaces(parts)
  return {
    getDataForEntity: api.entities.getDataForEntity.handler(async ({ input, signal }) => {
      const startedAt = performance.now()
      const { places, key } = placesOf(input)
      const { value, fromCache } = await parts.cache.get(['entity', input.entityId, input.limit, key], () => readSlices(parts, places, { ...input, signal }))
      return {
        entityId: input.entityId,
        slices: value,
        history: parts.entities.history(input.entityId, HISTORY_LENGTH),
        fromCache,
        tookMs: performance.now() - startedAt,
      }
    }),
    prepare: api.entities.prepare.handler(({ input }) => prepareIndexes(parts, placesOf(input).places)),
  }
}

/** Indexes of all keys that entities are found by; done when the last one is. */
async function prepareIndexes({ copies, layout, versions }: EntitiesControllerParts, places: readonly Place[]): Promise<CopyStatus> {
  const byVersion = [...Map.groupBy(places, ({ version }) => version.id).values()]
  const statuses: CopyStatus[] = []
  for (const [first, ...others] of byVersion) {
    if (first === undefined) continue
    const { version } = first
    statuses.push(await copies.want(version, versionSource(layout, versions, version), [first, ...others].map(({ keyColumn }) => keyColumn)))
  }
  const large = statuses.filter(({ state }) => state !== 'small')
  const state = UNFINISHED.find((candidate) => large.some((status) => status.state === candidate)) ?? (large.length === 0 ? 'small' : 'ready')
  return { state, share: large.length === 0 ? 1 : large.reduce((sum, status) => sum + status.share, 0) / large.length, note: large.find(({ note }) => note !== null)?.note ?? null }
}

/** What the whole is called while any part of it is so. */
const UNFINISHED = ['copying', 'waiting', 'failed', 'refused', 'none'] as const

interface Place {
  version: VersionRow
  keyColumn: string
  /** Its other columns that name entities. */
  references: string[]
}

interface Places {
  places: Place[]
  /** The same as long as the same rows are meant. */
  key: string
}

const KEPT_PLACES = 20

/** Where entities can be found, looked up anew only when something was published or the files of the workspace were read again. */
function knownPlaces(parts: EntitiesControllerParts): (input: PlacesInput) => Places {
  const kept = new LRUCache<string, Places>({ max: KEPT_PLACES })
  let at: { seq: number; model: WorkspaceModel } | null = null
  return (input) => {
    const now = { seq: parts.events.lastSeq(), model: parts.workspace.current() }
    if (at?.seq !== now.seq || at.model !== now.model) kept.clear()
    at = now
    const wanted = JSON.stringify([input.dataTypes, input.asOf])
    const places = kept.get(wanted)
    if (places !== undefined) return places
    const found = findPlaces(parts, input)
    const answer = { places: found, key: JSON.stringify(found.map(({ version, keyColumn, references }) => [version.id, keyColumn, references])) }
    kept.set(wanted, answer)
    return answer
  }
}

interface PlacesInput {
  dataTypes?: string[] | undefined
  asOf?: RunRef | undefined
}

/**
 * Where an entity can be found: every dataset that has a column named like the entity key of any data type, or one that a declared
 * relationship leads from to such a column. So one disease leads to its trials, though the trials' own key is another.
 */
function findPlaces({ versions, workspace }: EntitiesControllerParts, { dataTypes, asOf }: PlacesInput): Place[] {
  const wanted = currentOrAsOf(versions, asOf).filter(({ dataset }) => dataTypes === undefined || dataTypes.includes(dataset.split('.', 1)[0] ?? ''))
  const columnsOf = entityColumns(workspace.current())
  const places = wanted.flatMap((version) => {
    const columns = columnsOf(version)
    return columns.map((keyColumn) => ({ version, keyColumn, references: columns.filter((column) => column !== keyColumn) }))
  })
  refuseRemoved(places.map(({ version }) => version))
  return places
}

async function readSlices(parts: EntitiesControllerParts, places: readonly Place[], request: { entityId: string; limit: number; signal: AbortSignal | undefined }): Promise<EntitySlice[]> {
  if (places.length === 0) return []
  const sources = places.map(({ version, keyColumn }) => {
    const source = versionSource(parts.layout, parts.versions, version)
    return { source, keyColumn, copyDir: parts.copies.dirOf(version, source) }
  })
  const input = { entityId: request.entityId, limit: request.limit, sources }
  const { slices } = await readVersions(parts, places.map(({ version }) => version), () => readWithRetry(parts.workers, 'entityRows', { input, signal: request.signal }))
  return places.flatMap(({ version, keyColumn, references }, index) => {
    const rows = slices[index]
    const name = parseDatasetId(version.dataset)
    if (rows === undefined || rows.rowCount === 0 || name === null) return []
    return [{ dataset: version.dataset, dataType: name.dataType, zone: name.zone, version: version.number, keyColumn, columns: version.columns, references, ...rows }]
  })
}
