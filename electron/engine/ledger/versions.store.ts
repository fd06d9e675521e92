import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { type Delivery, deliverySchema, type RunRef } from '../../../shared/contract/runs.contract.ts'
import { type Column, columnSchema } from '../../../shared/domain/table-query.ts'
import { type Recipe, recipeSchema } from '../zones/recipe.ts'
import { type VersionCursor, versionCursorSchema } from '../zones/version-cursor.ts'
import { versionsAsOf } from './as-of.ts'
import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { publishChanges } from './publish-changes.ts'
import { int, intOrNull, isoTime, json, text, textOrNull } from './rows.ts'
import { type VersionLinks, versionLinks } from './version-links.ts'

const partSchema = z.object({ name: z.string(), rowCount: z.int(), sizeBytes: z.int(), sha256: z.string(), file: z.string().nullable() })
export type VersionPart = z.infer<typeof partSchema>

/** A sealed version. It becomes current when its run is promoted. */
export interface VersionRow {
  id: number
  dataset: string
  number: number
  runId: number
  runNumber: number
  layout: 'plain' | 'per_file' | 'stored'
  rowCount: number
  sizeBytes: number
  contentHash: string
  columns: Column[]
  parts: VersionPart[]
  rejectsName: string | null
  quarantined: number
  /** Records that are left out on purpose. */
  skipped: number
  /** What the version was extracted from: source declaration and files. Null for derived versions. */
  sourceHash: string | null
  /** What it was made from; null when that was not kept, or is more than one thing. */
  recipe: Recipe | null
  /** How far it goes; null where its source is not incremental. */
  cursor: VersionCursor | null
  createdAt: number
  publishedAt: number | null
  isCurrent: boolean
  /** Since when its files are gone; the row stays, so that history and lineage stay whole. */
  removedAt: number | null
  /** Why nobody may remove it; null when it is not pinned. */
  pinReason: string | null
}

export interface NewVersion extends Omit<VersionRow, 'id' | 'runNumber' | 'recipe' | 'skipped' | 'cursor' | 'publishedAt' | 'isCurrent' | 'removedAt' | 'pinReason'> {
  recipe?: Recipe | null
  skipped?: number
  cursor?: VersionCursor | null
  inputs: number[]
  deliveries: (Omit<Delivery, 'dataset' | 'receivedAt'> & Partial<Validators>)[]
  deliveryTimes: { modifiedAt: string; receivedAt: number }[]
}

/** By which a server recognises an answer; both null for what came as a file. */
export interface Validators {
  etag: string | null
  lastModified: string | null
}

export type KeptDelivery = Delivery & Validators & { modifiedAt: string }

export interface VersionsReader extends VersionLinks {
  byId(versionId: number): VersionRow
  /** Also a removed one: `findVersion` refuses it by name. */
  find(dataset: string, number: number): VersionRow | null
  /** Its id alone, at the price of a look-up. */
  idOf(dataset: string, number: number): number | null
  current(dataset: string): VersionRow | null
  latest(dataset: string): VersionRow | null
  /** Versions with this fingerprint: the current one, then newest first. */
  byFingerprint(dataset: string, fingerprint: string): VersionRow[]
  /** Its rows are known not to be as they were written; a changed delivered file beside them does not count. */
  isDamaged(versionId: number): boolean
  /** Entities that failed when the version was made, and that nobody accepted since. */
  entitiesFailed(versionId: number): number
  /** Newest first. */
  ofDataset(dataset: string, limit: number): VersionRow[]
  /** Versions of the same dataset that were published and have lower numbers, newest first. */
  publishedBefore(version: Pick<VersionRow, 'dataset' | 'number'>, limit: number): VersionRow[]
  /** When the newest delivery came that the version was made from, over all that it read; ms. */
  newestDelivery(versionId: number): number | null
  allCurrent(): VersionRow[]
  /** Ids of what was current just after a run's publish, by dataset. @throws NOT_FOUND when the run never published */
  asOf(run: RunRef): Map<string, number>
  /** Datasets with any version or step. */
  datasets(): string[]
  deliveries(versionId: number): KeptDelivery[]
  inputsOf(versionId: number): VersionRow[]
  madeFrom(versionId: number): VersionRow[]
  pins(runId: number): VersionRow[]
}

export interface VersionsStore extends VersionsReader {
  insert(version: NewVersion): VersionRow
  pin(runId: number, versionIds: readonly number[]): void
  /** Makes versions current, all at once; the caller's transaction also finishes the run. */
  promote(runId: number, versionIds: readonly number[], at: number): void
}

/** When a version became visible, as the contract's ISO text. */
export function publishedAt(version: Pick<VersionRow, 'publishedAt'> | undefined): string | null {
  return version === undefined || version.publishedAt === null ? null : isoTime(version.publishedAt)
}

const SELECT_VERSION = `
SELECT v.*, d.name AS dataset, r.number AS run_number, c.version_id IS NOT NULL AS is_current, pinned.reason AS pin_reason
FROM versions v JOIN datasets d ON d.id = v.dataset_id JOIN runs r ON r.id = v.run_id
LEFT JOIN current_versions c ON c.version_id = v.id LEFT JOIN version_pins pinned ON pinned.version_id = v.id`

const SELECT_ID = 'SELECT v.id FROM versions v WHERE v.dataset_id = (SELECT id FROM datasets WHERE name = :dataset) AND v.number = :number'

const SELECT_DATASET = 'SELECT d.name AS dataset FROM versions v JOIN datasets d ON d.id = v.dataset_id WHERE v.id = :to'

const INSERT_VERSION = `
INSERT INTO versions (dataset_id, number, run_id, layout, row_count, size_bytes, content_hash, columns, parts, rejects_name, quarantined, skipped, source_hash, fingerprint, recipe, cursor, created_at)
VALUES ((SELECT id FROM datasets WHERE name = :dataset), :number, :runId, :layout, :rowCount, :sizeBytes, :contentHash, :columns, :parts,
  :rejectsName, :quarantined, :skipped, :sourceHash, :fingerprint, :recipe, :cursor, :createdAt)`

const INSERT_DELIVERY = `
INSERT INTO deliveries (version_id, file_name, origin, sha256, size_bytes, modified_at, received_at, records, loaded, quarantined, skipped, members, same_as, etag, last_modified)
VALUES (:versionId, :fileName, :origin, :sha256, :sizeBytes, :modifiedAt, :receivedAt, :records, :loaded, :quarantined, :skipped, :members, :sameAs, :etag, :lastModified)`

const NEWEST_DELIVERY = `
WITH RECURSIVE made_of(id) AS (SELECT :versionId UNION SELECT i.input_version_id FROM version_inputs i JOIN made_of m ON i.version_id = m.id)
SELECT max(received_at) AS at FROM deliveries WHERE version_id IN (SELECT id FROM made_of)`

const SELECT_DAMAGE = `
SELECT 1 FROM damages WHERE version_id = :versionId AND kind <> 'unexpected' AND instr(path, '/delivered/') = 0 LIMIT 1`

const BY_FINGERPRINT = `
WHERE v.dataset_id = (SELECT id FROM datasets WHERE name = :dataset) AND v.fingerprint = :fingerprint AND v.removed_at IS NULL
ORDER BY is_current DESC, v.number DESC`

const ENTITIES_FAILED = `
SELECT count(*) AS n FROM versions v JOIN steps s ON s.run_id = v.run_id AND s.dataset_id = v.dataset_id
JOIN entity_results e ON e.step_id = s.id AND e.state IN ('failed', 'quarantined')
LEFT JOIN entity_marks m ON m.step_id = e.step_id AND m.entity_id = e.entity_id AND m.marked_as = 'accepted'
WHERE v.id = :versionId AND m.step_id IS NULL`

export function createVersionsStore(ledger: Ledger, events: EventsStore): VersionsStore {
  const toVersion = versionReader()
  const first = (where: string, bindings: Record<string, string | number>): VersionRow | null => {
    const row = ledger.get(`${SELECT_VERSION} ${where}`, bindings)
    return row === undefined ? null : toVersion(row)
  }
  const byId = (versionId: number): VersionRow => toVersion(ledger.get(`${SELECT_VERSION} WHERE v.id = :versionId`, { versionId }) ?? {})
  return {
    byId,
    find: (dataset, number) => first('WHERE d.name = :dataset AND v.number = :number', { dataset, number }),
    idOf: (dataset, number) => intOrNull(ledger.get(SELECT_ID, { dataset, number }) ?? { id: null }, 'id'),
    current: (dataset) => first('WHERE d.name = :dataset AND c.version_id IS NOT NULL', { dataset }),
    latest: (dataset) => first('WHERE d.name = :dataset ORDER BY v.number DESC LIMIT 1', { dataset }),
    byFingerprint: (dataset, fingerprint) => ledger.all(`${SELECT_VERSION} ${BY_FINGERPRINT}`, { dataset, fingerprint }).map(toVersion),
    isDamaged: (versionId) => ledger.get(SELECT_DAMAGE, { versionId }) !== undefined,
    entitiesFailed: (versionId) => int(ledger.get(ENTITIES_FAILED, { versionId }) ?? {}, 'n'),
    ofDataset: (dataset, limit) =>
      ledger.all(`${SELECT_VERSION} WHERE d.name = :dataset ORDER BY v.number DESC LIMIT :limit`, { dataset, limit }).map(toVersion),
    publishedBefore: ({ dataset, number }, limit) =>
      ledger.all(`${SELECT_VERSION} WHERE d.name = :dataset AND v.number < :number AND v.published_at IS NOT NULL ORDER BY v.number DESC LIMIT :limit`, { dataset, number, limit }).map(toVersion),
    newestDelivery: (versionId) => intOrNull(ledger.get(NEWEST_DELIVERY, { versionId }) ?? {}, 'at'),
    allCurrent: () => ledger.all(`${SELECT_VERSION} WHERE c.version_id IS NOT NULL`).map(toVersion),
    asOf: (run) => versionsAsOf(ledger, run),
    datasets: () => ledger.all('SELECT name FROM datasets ORDER BY name').map((row) => text(row, 'name')),
    deliveries: (versionId) =>
      ledger
        .all('SELECT d.*, s.name AS dataset FROM deliveries d JOIN versions v ON v.id = d.version_id JOIN datasets s ON s.id = v.dataset_id WHERE version_id = :versionId ORDER BY file_name', { versionId })
        .map(toDelivery),
    inputsOf: (versionId) =>
      ledger.all(`${SELECT_VERSION} JOIN version_inputs i ON i.input_version_id = v.id WHERE i.version_id = :versionId`, { versionId }).map(toVersion),
    ...versionLinks(ledger),
    madeFrom: (versionId) =>
      ledger.all(`${SELECT_VERSION} JOIN version_inputs i ON i.version_id = v.id WHERE i.input_version_id = :versionId`, { versionId }).map(toVersion),
    pins: (runId) => ledger.all(`${SELECT_VERSION} JOIN run_pins p ON p.version_id = v.id WHERE p.run_id = :runId`, { runId }).map(toVersion),
    insert: ({ inputs, deliveries, deliveryTimes, columns, parts, recipe = null, cursor = null, skipped = 0, ...facts }) =>
      ledger.write(() => {
        const { lastId } = ledger.run(INSERT_VERSION, {
          ...facts, skipped, columns: JSON.stringify(columns), parts: JSON.stringify(parts), fingerprint: recipe?.fingerprint ?? null, recipe: recipe === null ? null : JSON.stringify(recipe),
          cursor: cursor === null ? null : JSON.stringify(cursor),
        })
        for (const inputId of new Set(inputs)) {
          ledger.run('INSERT INTO version_inputs (version_id, input_version_id) VALUES (:versionId, :inputId)', { versionId: lastId, inputId })
        }
        for (const [index, delivery] of deliveries.entries()) {
          const times = deliveryTimes[index] ?? { modifiedAt: isoTime(facts.createdAt), receivedAt: facts.createdAt }
          ledger.run(INSERT_DELIVERY, { etag: null, lastModified: null, ...delivery, ...times, members: JSON.stringify(delivery.members), versionId: lastId })
        }
        return byId(lastId)
      }),
    pin: (runId, versionIds) =>
      ledger.write(() => {
        for (const versionId of versionIds) {
          ledger.run('INSERT OR IGNORE INTO run_pins (run_id, dataset_id, version_id) SELECT :runId, dataset_id, id FROM versions WHERE id = :versionId', { runId, versionId })
        }
      }),
    promote: (runId, versionIds, at) => promoteVersions({ ledger, events }, { runId, versionIds, at }),
  }
}

function promoteVersions({ ledger, events }: { ledger: Ledger; events: EventsStore }, { runId, versionIds, at }: { runId: number; versionIds: readonly number[]; at: number }): void {
  const run = ledger.get('SELECT t.name, r."trigger" FROM runs r JOIN data_types t ON t.id = r.data_type_id WHERE r.id = :runId', { runId }) ?? {}
  const changes = versionIds.map((to) => ({ dataset: text(ledger.get(SELECT_DATASET, { to }) ?? {}, 'dataset'), to }))
  publishChanges({ ledger, events }, { kind: 'publish', dataType: text(run, 'name'), runId, actor: text(run, 'trigger'), reason: '', at, changes })
}

/** A list of 2,000 versions has 30,000 columns, and most of them are those of the version before. */
const KEPT_COLUMNS = 5_000

function versionReader(): (row: Record<string, unknown>) => VersionRow {
  const known = new LRUCache<string, Column[]>({ max: KEPT_COLUMNS })
  return (row) => {
    const written = text(row, 'columns')
    const columns = known.get(written) ?? z.array(columnSchema).parse(json(row, 'columns'))
    known.set(written, columns)
    return readVersion(row, columns)
  }
}

function readVersion(row: Record<string, unknown>, columns: Column[]): VersionRow {
  return {
    id: int(row, 'id'),
    dataset: text(row, 'dataset'),
    number: int(row, 'number'),
    runId: int(row, 'run_id'),
    runNumber: int(row, 'run_number'),
    layout: z.enum(['plain', 'per_file', 'stored']).parse(row['layout']),
    rowCount: int(row, 'row_count'),
    sizeBytes: int(row, 'size_bytes'),
    contentHash: text(row, 'content_hash'),
    columns,
    parts: z.array(partSchema).parse(json(row, 'parts')),
    rejectsName: textOrNull(row, 'rejects_name'),
    quarantined: int(row, 'quarantined'),
    skipped: int(row, 'skipped'),
    sourceHash: textOrNull(row, 'source_hash'),
    recipe: row['recipe'] === null ? null : recipeSchema.parse(json(row, 'recipe')),
    cursor: row['cursor'] === null ? null : versionCursorSchema.parse(json(row, 'cursor')),
    createdAt: int(row, 'created_at'),
    publishedAt: intOrNull(row, 'published_at'),
    isCurrent: int(row, 'is_current') !== 0,
    removedAt: intOrNull(row, 'removed_at'),
    pinReason: textOrNull(row, 'pin_reason'),
  }
}

function toDelivery(row: Record<string, unknown>): KeptDelivery {
  const delivery = deliverySchema.parse({
    dataset: row['dataset'],
    fileName: row['file_name'],
    origin: row['origin'],
    sha256: row['sha256'],
    sizeBytes: row['size_bytes'],
    receivedAt: isoTime(int(row, 'received_at')),
    records: row['records'],
    loaded: row['loaded'],
    quarantined: row['quarantined'],
    skipped: row['skipped'],
    members: json(row, 'members'),
    sameAs: row['same_as'],
  })
  return { ...delivery, modifiedAt: text(row, 'modified_at'), etag: textOrNull(row, 'etag'), lastModified: textOrNull(row, 'last_modified') }
}
