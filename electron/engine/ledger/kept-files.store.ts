import { type Damage, damageSchema } from '../../../shared/contract/storage.contract.ts'
import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { bool, int, intOrNull, isoTime, text } from './rows.ts'

/** What the policy needs to know of a version whose files are there. */
export interface KeptVersion {
  id: number
  dataset: string
  number: number
  runNumber: number
  rowCount: number
  /** Parts and delivered files. */
  sizeBytes: number
  createdAt: number
  isPublished: boolean
  isCurrent: boolean
  isPinned: boolean
  /** When it was last replaced; null when it never was current, or still is. */
  replacedAt: number | null
}

/** A file as it was when it was last found to be right. */
export interface KnownFile {
  name: string
  sha256: string
  sizeBytes: number
  modifiedMs: number
}

export interface NewDamage extends Omit<Damage, 'at' | 'version'> {
  versionId: number | null
}

export interface KeptFilesReader {
  /** Datasets that have versions whose files are there. */
  keptDatasets(): string[]
  /** By number. */
  kept(dataset: string): KeptVersion[]
  /**
   * Versions that unfinished runs read or made, and resumable ones that no success followed; those of the newest success of each data type,
   * and all of the data types that are being run.
   */
  neededByRuns(states: { living: readonly string[]; resumable: readonly string[] }): Set<number>
  /** Removed, but the files may still be there. */
  unfinishedRemovals(): { id: number; dataset: string; number: number }[]
  /** Every version that ever was, by `dataset/number`: whether files of it have a right to be there. */
  named(): Map<string, 'kept' | 'going' | 'gone'>
  knownFiles(versionId: number): Map<string, KnownFile>
  damages(filter: { dataset?: string | undefined; offset: number; limit: number }): { total: number; damages: Damage[] }
  damagedFiles(versionIds: readonly number[]): Map<number, number>
}

export interface KeptFilesStore extends KeptFilesReader {
  /** The tombstone: from here on nobody gets the version any more. */
  remove(versionId: number, at: number): void
  filesGone(versionId: number, at: number): void
  pin(versionId: number, facts: { actor: string; reason: string; at: number }): void
  unpin(versionId: number): void
  remember(versionId: number, files: readonly KnownFile[]): void
  /** What is known of a version's files after they were looked at. */
  setDamages(versionId: number, damages: readonly NewDamage[], at: number): void
  addDamages(damages: readonly NewDamage[], at: number): void
  /** Files without a version that are not there any more, of a dataset or of all. */
  setUnexpected(dataset: string | null, damages: readonly NewDamage[], at: number): void
}

const SELECT_KEPT = `
SELECT v.id, d.name AS dataset, v.number, r.number AS run_number, v.row_count, v.created_at, v.published_at IS NOT NULL AS is_published,
  v.size_bytes + coalesce((SELECT sum(size_bytes) FROM deliveries f WHERE f.version_id = v.id), 0) AS size_bytes,
  EXISTS (SELECT 1 FROM current_versions c WHERE c.version_id = v.id) AS is_current,
  EXISTS (SELECT 1 FROM version_pins p WHERE p.version_id = v.id) AS is_pinned,
  (SELECT max(at) FROM promotions m WHERE m.from_version_id = v.id) AS replaced_at
FROM versions v JOIN datasets d ON d.id = v.dataset_id JOIN runs r ON r.id = v.run_id
WHERE v.removed_at IS NULL AND v.dataset_id = (SELECT id FROM datasets WHERE name = :dataset) ORDER BY v.number`

const SELECT_NEEDED = `
WITH held AS (
  SELECT r.id, r.data_type_id, r.state FROM runs r WHERE r.state IN (SELECT value FROM json_each(:living))
  OR (r.state IN (SELECT value FROM json_each(:resumable))
    AND NOT EXISTS (SELECT 1 FROM runs n WHERE n.data_type_id = r.data_type_id AND n.state = 'succeeded' AND n.id > r.id))
  OR r.id IN (SELECT max(id) FROM runs WHERE state = 'succeeded' GROUP BY data_type_id)
)
SELECT s.version_id AS id FROM steps s JOIN held ON held.id = s.run_id WHERE s.version_id IS NOT NULL
UNION SELECT p.version_id FROM run_pins p JOIN held ON held.id = p.run_id
UNION SELECT v.id FROM versions v JOIN held ON held.id = v.run_id
UNION SELECT v.id FROM versions v JOIN datasets d ON d.id = v.dataset_id
  WHERE v.removed_at IS NULL AND d.data_type_id IN (SELECT data_type_id FROM held WHERE state IN (SELECT value FROM json_each(:living)))`

const INSERT_DAMAGE = `
INSERT INTO damages (dataset_id, version_id, path, kind, text, at) VALUES ((SELECT id FROM datasets WHERE name = :dataset), :versionId, :path, :kind, :text, :at)
ON CONFLICT (path) DO UPDATE SET kind = excluded.kind, text = excluded.text, version_id = excluded.version_id, at = excluded.at`

const SELECT_DAMAGE = `
SELECT m.*, d.name AS dataset, v.number AS version FROM damages m JOIN datasets d ON d.id = m.dataset_id LEFT JOIN versions v ON v.id = m.version_id
WHERE :dataset = '' OR d.name = :dataset`

const REMEMBER = `
INSERT INTO version_files (version_id, name, sha256, size_bytes, modified_ms) VALUES (:versionId, :name, :sha256, :sizeBytes, :modifiedMs)
ON CONFLICT (version_id, name) DO UPDATE SET sha256 = excluded.sha256, size_bytes = excluded.size_bytes, modified_ms = excluded.modified_ms`

export function createKeptFilesStore(ledger: Ledger, events: EventsStore): KeptFilesStore {
  return { ...keptFilesReader(ledger), ...keptFilesWriter(ledger, events) }
}

function keptFilesReader(ledger: Ledger): KeptFilesReader {
  return {
    keptDatasets: () =>
      ledger.all('SELECT name FROM datasets d WHERE EXISTS (SELECT 1 FROM versions v WHERE v.dataset_id = d.id AND v.removed_at IS NULL) ORDER BY name').map((row) => text(row, 'name')),
    kept: (dataset) => ledger.all(SELECT_KEPT, { dataset }).map(toKept),
    neededByRuns: ({ living, resumable }) =>
      new Set(ledger.all(SELECT_NEEDED, { resumable: JSON.stringify(resumable), living: JSON.stringify(living) }).map((row) => int(row, 'id'))),
    unfinishedRemovals: () =>
      ledger
        .all('SELECT v.id, d.name AS dataset, v.number FROM versions v JOIN datasets d ON d.id = v.dataset_id WHERE v.removed_at IS NOT NULL AND v.files_gone_at IS NULL')
        .map((row) => ({ id: int(row, 'id'), dataset: text(row, 'dataset'), number: int(row, 'number') })),
    named: () =>
      new Map(
        ledger
          .all('SELECT d.name AS dataset, v.number, v.removed_at, v.files_gone_at FROM versions v JOIN datasets d ON d.id = v.dataset_id')
          .map((row) => [`${text(row, 'dataset')}/${int(row, 'number')}`, row['removed_at'] === null ? 'kept' : row['files_gone_at'] === null ? 'going' : 'gone']),
      ),
    knownFiles: (versionId) =>
      new Map(ledger.all('SELECT * FROM version_files WHERE version_id = :versionId', { versionId }).map((row) => [text(row, 'name'), toKnown(row)])),
    damages: ({ dataset = '', offset, limit }) => ({
      total: int(ledger.get(`SELECT count(*) AS n FROM (${SELECT_DAMAGE})`, { dataset }) ?? {}, 'n'),
      damages: ledger.all(`${SELECT_DAMAGE} ORDER BY d.name, v.number DESC, m.path LIMIT :limit OFFSET :offset`, { dataset, limit, offset }).map(toDamage),
    }),
    damagedFiles: (versionIds) =>
      new Map(
        ledger
          .all('SELECT version_id, count(*) AS n FROM damages WHERE version_id IN (SELECT value FROM json_each(:ids)) GROUP BY version_id', { ids: JSON.stringify(versionIds) })
          .map((row) => [int(row, 'version_id'), int(row, 'n')]),
      ),
  }
}

function keptFilesWriter(ledger: Ledger, events: EventsStore): Omit<KeptFilesStore, keyof KeptFilesReader> {
  const add = (damages: readonly NewDamage[], at: number): void => {
    for (const damage of damages) {
      ledger.run(INSERT_DAMAGE, { ...damage, at })
      events.append({ kind: 'storage', dataset: damage.dataset, text: damage.kind }, at)
    }
  }
  return {
    remove: (versionId, at) => void ledger.write(() => ledger.run('UPDATE versions SET removed_at = :at WHERE id = :versionId AND removed_at IS NULL', { versionId, at })),
    filesGone: (versionId, at) =>
      ledger.write(() => {
        ledger.run('UPDATE versions SET files_gone_at = :at WHERE id = :versionId', { versionId, at })
        ledger.run('DELETE FROM version_files WHERE version_id = :versionId', { versionId })
        ledger.run('DELETE FROM damages WHERE version_id = :versionId', { versionId })
      }),
    pin: (versionId, { actor, reason, at }) =>
      ledger.write(() => {
        ledger.run('INSERT INTO version_pins (version_id, actor, reason, at) VALUES (:versionId, :actor, :reason, :at) ON CONFLICT (version_id) DO UPDATE SET actor = excluded.actor, reason = excluded.reason, at = excluded.at', { versionId, actor, reason, at })
        events.append({ kind: 'storage', text: 'pinned' }, at)
      }),
    unpin: (versionId) => void ledger.write(() => ledger.run('DELETE FROM version_pins WHERE version_id = :versionId', { versionId })),
    remember: (versionId, files) =>
      ledger.write(() => {
        for (const file of files) ledger.run(REMEMBER, { versionId, ...file })
      }),
    setDamages: (versionId, damages, at) =>
      ledger.write(() => {
        ledger.run('DELETE FROM damages WHERE version_id = :versionId', { versionId })
        add(damages, at)
      }),
    addDamages: (damages, at) => ledger.write(() => add(damages, at)),
    setUnexpected: (dataset, damages, at) =>
      ledger.write(() => {
        ledger.run(`DELETE FROM damages WHERE version_id IS NULL AND (:dataset = '' OR dataset_id = (SELECT id FROM datasets WHERE name = :dataset))`, { dataset: dataset ?? '' })
        add(damages, at)
      }),
  }
}

function toKept(row: Record<string, unknown>): KeptVersion {
  return {
    id: int(row, 'id'),
    dataset: text(row, 'dataset'),
    number: int(row, 'number'),
    runNumber: int(row, 'run_number'),
    rowCount: int(row, 'row_count'),
    sizeBytes: int(row, 'size_bytes'),
    createdAt: int(row, 'created_at'),
    isPublished: bool(row, 'is_published'),
    isCurrent: bool(row, 'is_current'),
    isPinned: bool(row, 'is_pinned'),
    replacedAt: intOrNull(row, 'replaced_at'),
  }
}

function toKnown(row: Record<string, unknown>): KnownFile {
  return { name: text(row, 'name'), sha256: text(row, 'sha256'), sizeBytes: int(row, 'size_bytes'), modifiedMs: int(row, 'modified_ms') }
}

function toDamage(row: Record<string, unknown>): Damage {
  return damageSchema.parse({ dataset: row['dataset'], version: row['version'], path: row['path'], kind: row['kind'], text: row['text'], at: isoTime(int(row, 'at')) })
}
