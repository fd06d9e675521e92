import type { CopyStatus } from '../../../shared/contract/copies.contract.ts'
import type { EntitySlice } from '../../../shared/contract/entities.contract.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { type EntityPlace, knownPlaces } from '../entities/entity-places.ts'
import { entityTimeline, type TimelineParts } from '../entities/entity-timeline.ts'
import { knownHistory } from '../entities/known-history.ts'
import { createEntitySearch, type SearchParts } from '../entities/search-entities.ts'
import { readVersions } from '../keep/read-versions.ts'
import type { EngineLog } from '../engine.ts'
import type { EntitiesReader } from '../ledger/entities.store.ts'
import type { EventsReader } from '../ledger/events.store.ts'
import type { Look, Looker, Masks } from '../masks/masks.ts'
import type { WorkspaceService } from '../parts.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { VersionCopies } from '../copies/version-copies.ts'
import type { Api } from './api.ts'
import type { VersionCache } from './version-cache.ts'

export interface EntitiesControllerParts extends SearchParts, TimelineParts {
  versions: SearchParts['versions']
  entities: EntitiesReader
  events: EventsReader
  workspace: WorkspaceService
  masks: Masks
  /** 1,000 entities, apart from the pages, so that browsing a table does not push them out. */
  cache: VersionCache
  copies: VersionCopies
  log: EngineLog
  /** Somebody may ask for the next entity soon: a command line ends with its answer. */
  isLive: boolean
}

const NEVER = new AbortController().signal

export function entitiesController(api: Api, parts: EntitiesControllerParts) {
  const placesOf = knownPlaces(parts)
  const historyOf = knownHistory(parts)
  const search = createEntitySearch(parts)
  /** Who asked for one entity asks for others. */
  const prepareAhead = (places: readonly EntityPlace[], by: Looker): void => {
    if (!parts.isLive) return
    prepareIndexes(parts, places, by).catch((error: unknown) => parts.log('warn', `Entities are found by scanning: ${toProblem(error).message}`))
  }
  return {
    search: api.entities.search.handler(({ input, context: { actor }, signal = NEVER }) => search({ ...input, signal }, { actor, signal })),
    timeline: api.entities.timeline.handler(({ input, context: { actor }, signal = NEVER }) => entityTimeline(parts, { ...input, by: { actor, signal }, signal })),
    getDataForEntity: api.entities.getDataForEntity.handler(async ({ input, context: { actor }, signal }) => {
      const startedAt = performance.now()
      const { places, key } = placesOf(input)
      const looks = await Promise.all(places.map(({ version }) => parts.masks.look(version, { actor, signal })))
      const masked = looks.map((look) => look.masked)
      const { value, fromCache } = await parts.cache.get(['entity', input.entityId, input.limit, key, masked], () => readSlices(parts, { places, looks }, { ...input, signal }))
      if (!fromCache) prepareAhead(places, { actor })
      return {
        entityId: input.entityId,
        slices: value,
        history: historyOf(input.entityId),
        fromCache,
        tookMs: performance.now() - startedAt,
      }
    }),
    prepare: api.entities.prepare.handler(({ input, context: { actor }, signal }) => prepareIndexes(parts, placesOf(input).places, { actor, signal })),
  }
}

/** Indexes of all keys that entities are found by; done when the last one is. */
async function prepareIndexes({ copies, masks }: EntitiesControllerParts, places: readonly EntityPlace[], by: Looker): Promise<CopyStatus> {
  const byVersion = [...Map.groupBy(places, ({ version }) => version.id).values()]
  const statuses: CopyStatus[] = []
  for (const [first, ...others] of byVersion) {
    if (first === undefined) continue
    const { version } = first
    const { source } = await masks.look(version, by)
    statuses.push(await copies.want(version, source, [first, ...others].map(({ keyColumn }) => keyColumn)))
  }
  const large = statuses.filter(({ state }) => state !== 'small')
  const state = UNFINISHED.find((candidate) => large.some((status) => status.state === candidate)) ?? (large.length === 0 ? 'small' : 'ready')
  return { state, share: large.length === 0 ? 1 : large.reduce((sum, status) => sum + status.share, 0) / large.length, note: large.find(({ note }) => note !== null)?.note ?? null }
}

/** What the whole is called while any part of it is so. */
const UNFINISHED = ['copying', 'waiting', 'failed', 'refused', 'none'] as const

async function readSlices(parts: EntitiesControllerParts, { places, looks }: { places: readonly EntityPlace[]; looks: readonly Look[] }, request: { entityId: string; limit: number; signal: AbortSignal | undefined }): Promise<EntitySlice[]> {
  if (places.length === 0) return []
  const sources = looks.flatMap(({ source }, index) => places.slice(index, index + 1).map(({ version, keyColumn }) => ({ source, keyColumn, copyDir: parts.copies.dirOf(version, source) })))
  const input = { entityId: request.entityId, limit: request.limit, sources }
  const { slices } = await readVersions(parts, places.map(({ version }) => version), () => readWithRetry(parts.workers, 'entityRows', { input, signal: request.signal }))
  return places.flatMap(({ version, keyColumn, references }, index) => {
    const [rows, look] = [slices[index], looks[index]]
    const name = parseDatasetId(version.dataset)
    if (rows === undefined || look === undefined || rows.rowCount === 0 || name === null) return []
    return [{ dataset: version.dataset, dataType: name.dataType, zone: name.zone, version: version.number, keyColumn, columns: look.columns, references, ...rows }]
  })
}
