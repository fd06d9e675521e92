import type { Publication, PublicationChange } from '../../../shared/contract/publish.contract.ts'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { publishChanges, type Publishing } from './publish-changes.ts'
import { int, intOrNull, isoTime, text } from './rows.ts'

/** What one publication did to one dataset, by version ids. */
export interface Promotion {
  dataset: string
  from: number | null
  to: number | null
}

export interface PublicationRow {
  id: number
  kind: Publishing['kind']
  dataType: string
  runId: number | null
}

export interface PublicationsReader {
  /**
   * How a run's versions became current last, oldest first: the publications that a roll back takes back. Several when a published run went
   * on and published again; none when it never published, or is rolled back.
   */
  standingOfRun(runId: number): PublicationRow[]
  wasPublished(runId: number): boolean
  promotionsOf(publicationId: number): Promotion[]
  /** How a dataset came to its present version first: null when it was never published. */
  firstPromotionTo(versionId: number): Promotion | null
  /** Publications after this one that changed any of these datasets, oldest first. */
  laterOn(publicationId: number, datasets: readonly string[]): PublicationRow[]
  byId(publicationId: number): Publication
  /**
   * The newest later run of the data type to which the current version of a dataset that this run made anew is due: because it made it, or
   * because it found it to be right still and published. Null: this run's data are the newest.
   */
  overtakenBy(runId: number): number | null
  /** Those before this one, or the last ones; newest first. */
  before(publicationId: number | null, limit: number): Publication[]
  /** Newest first. */
  list(filter: { dataType?: string | undefined; dataset?: string | undefined; offset: number; limit: number }): { total: number; publications: Publication[] }
}

export interface PublicationsStore extends PublicationsReader {
  publish(change: Publishing): number
}

const SELECT = `
SELECT p.*, t.name AS data_type, r.number AS run_number FROM publications p JOIN data_types t ON t.id = p.data_type_id LEFT JOIN runs r ON r.id = p.run_id`

const SELECT_CHANGES = `
SELECT d.name AS dataset, f.number AS from_version, f.row_count AS from_rows, fr.number AS from_run,
  o.number AS to_version, o.row_count AS to_rows, orun.number AS to_run
FROM promotions m JOIN datasets d ON d.id = m.dataset_id
LEFT JOIN versions f ON f.id = m.from_version_id LEFT JOIN runs fr ON fr.id = f.run_id
LEFT JOIN versions o ON o.id = m.to_version_id LEFT JOIN runs orun ON orun.id = o.run_id
WHERE m.publication_id = :publicationId ORDER BY m.seq`

const SELECT_LATER = `
${SELECT} WHERE p.id > :publicationId AND EXISTS (
  SELECT 1 FROM promotions m JOIN datasets d ON d.id = m.dataset_id WHERE m.publication_id = p.id AND d.name IN (SELECT value FROM json_each(:datasets)))
ORDER BY p.id`

/** From the later runs, of which there are few or none, to what they have to do with what is current. */
const SELECT_NEWER = `
SELECT max(r.number) AS number FROM runs own
CROSS JOIN runs r ON r.data_type_id = own.data_type_id AND r.number > own.number
CROSS JOIN steps theirs ON theirs.run_id = r.id
CROSS JOIN steps s ON s.run_id = own.id AND s.dataset_id = theirs.dataset_id AND s.version_id <> theirs.version_id
JOIN current_versions c ON c.dataset_id = theirs.dataset_id AND c.version_id = theirs.version_id JOIN versions v ON v.id = c.version_id
WHERE own.id = :runId AND s.state IN (SELECT value FROM json_each(:done))
  AND (r.id = v.run_id OR (SELECT p.kind FROM publications p WHERE p.run_id = r.id ORDER BY p.id DESC LIMIT 1) IN ('publish', 'promote'))`

const WHERE_LISTED = `
WHERE (:dataType = '' OR t.name = :dataType) AND (:dataset = '' OR EXISTS (
  SELECT 1 FROM promotions m JOIN datasets d ON d.id = m.dataset_id WHERE m.publication_id = p.id AND d.name = :dataset))`

export function createPublicationsStore(ledger: Ledger, events: EventsStore): PublicationsStore {
  const described = (row: Record<string, unknown>): Publication => toPublication(row, ledger.all(SELECT_CHANGES, { publicationId: int(row, 'id') }).map(toChange))
  return {
    publish: (change) => publishChanges({ ledger, events }, change),
    standingOfRun(runId) {
      const all = ledger.all(`${SELECT} WHERE p.run_id = :runId ORDER BY p.id`, { runId }).map(toRow)
      const start = all.findLastIndex(({ kind }) => kind !== 'publish')
      return all.slice(all[start]?.kind === 'promote' && start === all.length - 1 ? start : start + 1)
    },
    wasPublished: (runId) => ledger.get('SELECT 1 AS found FROM publications WHERE run_id = :runId', { runId }) !== undefined,
    promotionsOf: (publicationId) =>
      ledger.all('SELECT m.*, d.name AS dataset FROM promotions m JOIN datasets d ON d.id = m.dataset_id WHERE m.publication_id = :publicationId ORDER BY m.seq', { publicationId }).map(toPromotion),
    firstPromotionTo(versionId) {
      const row = ledger.get('SELECT m.*, d.name AS dataset FROM promotions m JOIN datasets d ON d.id = m.dataset_id JOIN versions v ON v.dataset_id = m.dataset_id WHERE v.id = :versionId AND m.to_version_id = v.id ORDER BY m.seq LIMIT 1', { versionId })
      return row === undefined ? null : toPromotion(row)
    },
    laterOn: (publicationId, datasets) => ledger.all(SELECT_LATER, { publicationId, datasets: JSON.stringify(datasets) }).map(toRow),
    byId: (publicationId) => described(ledger.get(`${SELECT} WHERE p.id = :publicationId`, { publicationId }) ?? {}),
    overtakenBy: (runId) => intOrNull(ledger.get(SELECT_NEWER, { runId, done: JSON.stringify([...DONE_STEP_STATES]) }) ?? {}, 'number'),
    before: (publicationId, limit) => ledger.all(`${SELECT} WHERE p.id < :before ORDER BY p.id DESC LIMIT :limit`, { before: publicationId ?? Number.MAX_SAFE_INTEGER, limit }).map(described),
    list({ dataType = '', dataset = '', offset, limit }) {
      const total = int(ledger.get(`SELECT count(*) AS n FROM publications p JOIN data_types t ON t.id = p.data_type_id ${WHERE_LISTED}`, { dataType, dataset }) ?? {}, 'n')
      return { total, publications: ledger.all(`${SELECT} ${WHERE_LISTED} ORDER BY p.id DESC LIMIT :limit OFFSET :offset`, { dataType, dataset, limit, offset }).map(described) }
    },
  }
}

function toRow(row: Record<string, unknown>): PublicationRow {
  return { id: int(row, 'id'), kind: kindOf(row), dataType: text(row, 'data_type'), runId: intOrNull(row, 'run_id') }
}

function kindOf(row: Record<string, unknown>): Publishing['kind'] {
  const kind = text(row, 'kind')
  return kind === 'rollback' || kind === 'promote' ? kind : 'publish'
}

function toPromotion(row: Record<string, unknown>): Promotion {
  return { dataset: text(row, 'dataset'), from: intOrNull(row, 'from_version_id'), to: intOrNull(row, 'to_version_id') }
}

function toChange(row: Record<string, unknown>): PublicationChange {
  return { dataset: text(row, 'dataset'), from: side(row, 'from'), to: side(row, 'to') }
}

function side(row: Record<string, unknown>, end: 'from' | 'to'): PublicationChange['from'] {
  const version = intOrNull(row, `${end}_version`)
  return version === null ? null : { version, runNumber: int(row, `${end}_run`), rowCount: int(row, `${end}_rows`) }
}

function toPublication(row: Record<string, unknown>, changes: PublicationChange[]): Publication {
  return {
    id: int(row, 'id'),
    kind: kindOf(row),
    dataType: text(row, 'data_type'),
    runNumber: intOrNull(row, 'run_number'),
    actor: text(row, 'actor'),
    reason: text(row, 'reason'),
    at: isoTime(int(row, 'at')),
    changes,
  }
}
