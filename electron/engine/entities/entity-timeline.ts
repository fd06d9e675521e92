import { z } from 'zod'
import type { EntityEvent, EntityTimeline } from '../../../shared/contract/entities.contract.ts'
import type { Publication, PublicationChange } from '../../../shared/contract/publish.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { type ReadParts, readVersions } from '../keep/read-versions.ts'
import type { PublicationsReader } from '../ledger/publications.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { VersionCache } from '../controllers/version-cache.ts'
import type { Look, Looker, Masks } from '../masks/masks.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { WorkspaceModel } from '../workspace/model.ts'
import { compareEntityRows, type EntityRows } from './compare-entity-rows.ts'
import { entityColumns } from './entity-columns.ts'

export interface TimelineParts extends ReadParts {
  publications: PublicationsReader
  versions: VersionsReader
  workspace: { current(): WorkspaceModel }
  workers: WorkerPool
  masks: Pick<Masks, 'look'>
  cache: VersionCache
}

export interface TimelineRequest {
  entityId: string
  dataTypes?: string[] | undefined
  /** Only publications before this one. */
  before?: number | undefined
  limit: number
  by: Looker
  signal: AbortSignal
}

/** Publications that one answer looks at: where an entity never changes, somebody has to hear of it and go on, or not. */
const PUBLICATIONS_LOOKED_AT = 40
const PUBLICATIONS_AT_ONCE = 8
/** Rows of an entity in one version that are compared one by one. */
const ROWS_COMPARED = 500
/** Rows of one change that are told. */
const ROWS_TOLD = 20

/** What changed when about an entity, in everything that was published; the newest first. */
export async function entityTimeline(parts: TimelineParts, request: TimelineRequest): Promise<EntityTimeline> {
  const events: EntityEvent[] = []
  let { before } = request
  let lookedAt = 0
  let untold = 0
  let since: string | null = null
  for (;;) {
    const batch = parts.publications.before(before ?? null, PUBLICATIONS_AT_ONCE)
    for (const publication of batch) {
      const found = await eventsOf(parts, publication, request)
      events.push(...found.filter((event) => event !== 'untold'))
      untold += found.filter((event) => event === 'untold').length
      before = publication.id
      since = publication.at
      lookedAt += 1
      if (events.length >= request.limit || lookedAt >= PUBLICATIONS_LOOKED_AT) return { events, next: before, lookedAt, untold, since }
    }
    if (batch.length < PUBLICATIONS_AT_ONCE) return { events, next: null, lookedAt, untold, since }
  }
}

/** `untold`: neither side is there any more. */
type Told = EntityEvent | 'untold'

async function eventsOf(parts: TimelineParts, publication: Publication, request: TimelineRequest): Promise<Told[]> {
  const wanted = publication.changes.filter(({ dataset }) => request.dataTypes === undefined || request.dataTypes.includes(parseDatasetId(dataset)?.dataType ?? ''))
  return (await Promise.all(wanted.map((change) => eventsOfChange(parts, { publication, change, request })))).flat()
}

interface ChangeAt {
  publication: Publication
  change: PublicationChange
  request: TimelineRequest
}

/** One for each column that names the entity, as a rule. */
async function eventsOfChange(parts: TimelineParts, at: ChangeAt): Promise<Told[]> {
  const { dataset, from, to } = at.change
  const [before, after] = [from, to].map((side) => (side === null ? null : parts.versions.find(dataset, side.version)))
  const [old, now] = [before ?? null, after ?? null]
  // The same rows, whatever they were made from.
  if (old !== null && now !== null && old.contentHash === now.contentHash) return []
  const columnsOf = entityColumns(parts.workspace.current())
  const keyColumns = new Set([old, now].flatMap((version) => (version === null ? [] : columnsOf(version))))
  return (await Promise.all([...keyColumns].map((keyColumn) => eventBy(parts, at, { old, now, keyColumn })))).filter((event) => event !== null)
}

interface Sides {
  old: VersionRow | null
  now: VersionRow | null
  keyColumn: string
}

async function eventBy(parts: TimelineParts, at: ChangeAt, { old, now, keyColumn }: Sides): Promise<Told | null> {
  const [before, after] = await Promise.all([rowsIn(parts, old, { keyColumn, request: at.request }), rowsIn(parts, now, { keyColumn, request: at.request })])
  if ('why' in before && 'why' in after) return 'untold'
  const about = aboutChange(at, keyColumn)
  if ('why' in before) return unknownEvent(about, before, 'why' in after ? null : after)
  if ('why' in after) return unknownEvent(about, after, before)
  const rows = compareEntityRows(before, after, keyOf(parts.workspace.current(), at.change.dataset))
  if (rows.length === 0) return null
  const kind = before.rows.length === 0 ? 'appeared' : after.rows.length === 0 ? 'removed' : 'changed'
  return { ...about, kind, note: null, rowsBefore: before.rows.length, rowsAfter: after.rows.length, rows: rows.slice(0, ROWS_TOLD), moreRows: Math.max(0, rows.length - ROWS_TOLD) }
}

type AboutChange = Pick<EntityEvent, 'at' | 'publication' | 'dataset' | 'dataType' | 'zone' | 'keyColumn' | 'from' | 'to'>

function aboutChange({ publication, change }: ChangeAt, keyColumn: string): AboutChange {
  const { id, kind, dataType, runNumber, actor, reason } = publication
  const name = parseDatasetId(change.dataset)
  if (name === null) throw new ProblemError('INTERNAL', `The ledger names a dataset "${change.dataset}"`)
  const side = (version: PublicationChange['from']): EntityEvent['from'] => (version === null ? null : { version: version.version, runNumber: version.runNumber })
  return { at: publication.at, publication: { id, kind, dataType, runNumber, actor, reason }, dataset: change.dataset, dataType: name.dataType, zone: name.zone, keyColumn, from: side(change.from), to: side(change.to) }
}

/** Where the side that is there does not have the entity, there is nothing to doubt, as far as anybody knows. */
function unknownEvent(about: AboutChange, { why }: { why: string }, other: EntityRows | null): EntityEvent | null {
  return other === null || other.rows.length > 0 ? { ...about, kind: 'unknown', note: why, rowsBefore: null, rowsAfter: null, rows: [], moreRows: 0 } : null
}

function keyOf({ dataTypes }: WorkspaceModel, dataset: string): readonly string[] {
  return dataTypes.flatMap(({ steps }) => steps).find((step) => step.dataset === dataset)?.contract?.key ?? []
}

const rowsSchema = z.array(z.array(z.unknown()))

/** `why` its rows cannot be told. */
async function rowsIn(parts: TimelineParts, version: VersionRow | null, { keyColumn, request }: { keyColumn: string; request: TimelineRequest }): Promise<EntityRows | { why: string }> {
  if (version === null || !version.columns.some(({ name }) => name === keyColumn)) return { columns: [], rows: [] }
  if (version.removedAt !== null) return { why: `v${version.number} was removed by retention, so nobody can tell what changed` }
  const look = await parts.masks.look(version, request.by)
  const { value } = await parts.cache.get(['entity in version', version.id, keyColumn, request.entityId, look.masked], () => readRows(parts, { version, look }, { keyColumn, request }))
  if (value.rowCount > ROWS_COMPARED) return { why: `It has more than ${ROWS_COMPARED} rows in v${version.number}; the difference between the versions has them all` }
  return { columns: look.columns, rows: rowsSchema.parse(JSON.parse(value.rowsJson)) }
}

async function readRows(parts: TimelineParts, { version, look }: { version: VersionRow; look: Look }, { keyColumn, request }: { keyColumn: string; request: TimelineRequest }): Promise<{ rowsJson: string; rowCount: number }> {
  const sources = [{ source: look.source, keyColumn }]
  const input = { entityId: request.entityId, limit: ROWS_COMPARED + 1, sources }
  const { slices } = await readVersions(parts, [version], () => readWithRetry(parts.workers, 'entityRows', { input, signal: request.signal }))
  return slices[0] ?? { rowsJson: '[]', rowCount: 0 }
}
