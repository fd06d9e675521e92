import { z } from 'zod'
import { type DatasetAccount, type QuarantineFilter, type QuarantineGroup, quarantineGroupSchema, type QuarantineRecord, quarantineRecordSchema } from '../../../shared/contract/quarantine.contract.ts'
import type { Bindings, Ledger } from './ledger.ts'
import { type AccountFilter, readAccounts } from './record-accounts.ts'
import { int, intOrNull, isoTime, json, text } from './rows.ts'

export interface DatasetQueue {
  dataset: string
  open: number
  /** Decisions that no run has taken up yet. */
  waiting: number
  /** More than can be listed are in quarantine. */
  unlisted: number
}

export interface QuarantinePage {
  offset: number
  limit: number
  unsearched: readonly string[]
}

export interface QuarantineReader {
  /** Of the datasets in `unsearched`, a text is looked for in file and id alone. */
  page(filter: QuarantineFilter, page: QuarantinePage): { total: number; records: QuarantineRecord[] }
  groups(filter: QuarantineFilter, page: QuarantinePage): { total: number; groups: QuarantineGroup[] }
  /** By its id or the beginning of it, when that is enough. */
  find(recordId: string): QuarantineRecord | null
  queues(): DatasetQueue[]
  accounts(filter: AccountFilter): DatasetAccount[]
  listOf(dataset: string): { generation: number; versionId: number | null } | null
}

const FROM = `
FROM quarantine_records q JOIN datasets d ON d.id = q.dataset_id JOIN data_types t ON t.id = d.data_type_id LEFT JOIN quarantine_lists l ON l.dataset_id = q.dataset_id`

/** Seen in the newest list means seen in the last run that found the version right. */
const LAST_RUN = 'iif(q.generation = l.generation, l.run_id, q.last_run_id)'

const COLUMNS = `
SELECT q.*, d.name AS dataset, t.name AS data_type, first.number AS first_run, last.number AS last_run,
  x.kind AS decision_kind, x.fields, x.reason AS decision_reason, x.actor AS decision_actor, x.at AS decided_at, x.signature AS decided_signature`

/** A decision about all with one reason is none about a record that it let in by that reason and that another keeps out. */
const JOINED = `
JOIN runs first ON first.id = q.first_run_id JOIN runs last ON last.id = ${LAST_RUN} LEFT JOIN quarantine_decisions x ON x.id = q.decision_id AND (x.signature IS NULL OR x.signature = q.signature)`

const GROUPS = (where: string): string => `
SELECT g.*, first.number AS firstRun, last.number AS lastRun, count(*) OVER () AS all_groups FROM (
  SELECT d.name AS dataset, t.name AS data_type, q.signature, min(q.rule) AS rule, min(q.column_name) AS "column", max(q.reason) AS reason, count(*) AS count,
    sum(q.state = 'open') AS open, sum(q.state = 'corrected') AS corrected, sum(q.state = 'accepted') AS accepted, sum(q.state = 'ignored') AS ignored,
    min(q.first_run_id) AS first_id, max(${LAST_RUN}) AS last_id
  ${FROM} WHERE ${where} GROUP BY q.dataset_id, q.signature
) g JOIN runs first ON first.id = g.first_id JOIN runs last ON last.id = g.last_id
ORDER BY g.open DESC, g.count DESC, g.dataset, g.signature LIMIT :limit OFFSET :offset`

/** What is in the data, or was mended by a decision; what vanished from the data by itself is asked for by name. */
const PRESENT = `(q.state <> 'open' OR q.seen_as <> 'absent' OR q.waits_at IS NOT NULL)`

const QUEUES = `
SELECT d.name AS dataset,
  (SELECT count(*) FROM quarantine_records q WHERE q.dataset_id = d.id AND q.state = 'open' AND (q.seen_as <> 'absent' OR q.waits_at IS NOT NULL)) AS open,
  (SELECT count(*) FROM quarantine_records q WHERE q.dataset_id = d.id AND q.waits_at IS NOT NULL) AS waiting,
  l.total - l.listed AS unlisted
FROM quarantine_lists l JOIN datasets d ON d.id = l.dataset_id ORDER BY d.name`

export function createQuarantineReader(ledger: Ledger): QuarantineReader {
  return {
    page(filter, { offset, limit, unsearched }) {
      const { where, bindings } = whereOf(filter, unsearched)
      const total = int(ledger.get(`SELECT count(*) AS n ${FROM} WHERE ${where}`, bindings) ?? {}, 'n')
      // The page is found by ids alone, so that a hundred thousand records before it are not carried along.
      const ids = `SELECT q.id ${FROM} WHERE ${where} ORDER BY q.id LIMIT :limit OFFSET :offset`
      const rows = ledger.all(`${COLUMNS} ${FROM} ${JOINED} WHERE q.id IN (${ids}) ORDER BY q.id`, { ...bindings, limit, offset })
      return { total, records: rows.map(toRecord) }
    },
    groups(filter, { offset, limit, unsearched }) {
      const { where, bindings } = whereOf(filter, unsearched)
      const rows = ledger.all(GROUPS(where), { ...bindings, limit, offset })
      return { total: rows[0] === undefined ? 0 : int(rows[0], 'all_groups'), groups: rows.map(toGroup) }
    },
    find(recordId) {
      const rows = ledger.all(`${COLUMNS} ${FROM} ${JOINED} WHERE q.record_id >= :from AND q.record_id < :to LIMIT 2`, { from: recordId, to: `${recordId}g` })
      const [row] = rows
      return row === undefined || rows.length > 1 ? null : toRecord(row)
    },
    queues: () => ledger.all(QUEUES).map((row) => ({ dataset: text(row, 'dataset'), open: int(row, 'open'), waiting: int(row, 'waiting'), unlisted: int(row, 'unlisted') })),
    accounts: (filter) => readAccounts(ledger, filter),
    listOf(dataset) {
      const row = ledger.get('SELECT generation, version_id FROM quarantine_lists WHERE dataset_id = (SELECT id FROM datasets WHERE name = :dataset)', { dataset })
      return row === undefined ? null : { generation: int(row, 'generation'), versionId: intOrNull(row, 'version_id') }
    },
  }
}

interface Where {
  where: string
  bindings: Bindings
}

function whereOf(filter: QuarantineFilter, unsearched: readonly string[]): Where {
  const { dataType, dataset, signature } = filter
  const used = [stateWhere(filter), ...runWhere(filter), ...wordsWhere(filter, unsearched)]
  if (dataType !== undefined) used.push({ where: 't.name = :dataType', bindings: { dataType } })
  if (dataset !== undefined) used.push({ where: 'd.name = :dataset', bindings: { dataset } })
  if (signature !== undefined) used.push({ where: 'q.signature = :signature', bindings: { signature } })
  if (filter.waiting === true) used.push({ where: 'q.waits_at IS NOT NULL', bindings: {} })
  return { where: used.map(({ where }) => where).join(' AND '), bindings: Object.assign({}, ...used.map(({ bindings }) => bindings)) }
}

function stateWhere({ states = [] }: QuarantineFilter): Where {
  if (states.length === 0) return { where: PRESENT, bindings: {} }
  const shown = states.filter((state) => state !== 'gone')
  const gone = states.includes('gone') ? [`(q.state = 'open' AND q.seen_as = 'absent' AND q.waits_at IS NULL)`] : []
  return { where: `(${[`(${PRESENT} AND q.state IN (SELECT value FROM json_each(:states)))`, ...gone].join(' OR ')})`, bindings: { states: JSON.stringify(shown) } }
}

function runWhere({ run }: QuarantineFilter): Where[] {
  if (run === undefined) return []
  const number = (id: string): string => `(SELECT number FROM runs WHERE id = ${id})`
  return [{ where: `t.name = :runType AND ${number('q.first_run_id')} <= :runNumber AND ${number(LAST_RUN)} >= :runNumber`, bindings: { runType: run.dataType, runNumber: run.runNumber } }]
}

const SEARCHED_VALUES = ['reason', 'excerpt', 'key', 'value']
const SEARCHED_PLACES = ['file', 'record_id']

function wordsWhere({ text: words = '' }: QuarantineFilter, unsearched: readonly string[]): Where[] {
  if (words === '') return []
  const found = (columns: readonly string[]): string => `(${columns.map((column) => `instr(lower(coalesce(q.${column}, '')), lower(:words)) > 0`).join(' OR ')})`
  const isOpen = 'd.name NOT IN (SELECT value FROM json_each(:unsearched))'
  return [{ where: `(${found(SEARCHED_PLACES)} OR (${isOpen} AND ${found(SEARCHED_VALUES)}))`, bindings: { words, unsearched: JSON.stringify(unsearched) } }]
}

const decisionSchema = z.object({ decision_kind: z.string(), fields: z.string() })

function toRecord(row: Record<string, unknown>): QuarantineRecord {
  const isDecided = decisionSchema.safeParse(row).success
  return quarantineRecordSchema.parse({
    id: row['record_id'],
    dataset: row['dataset'],
    dataType: row['data_type'],
    state: row['state'] === 'open' && row['seen_as'] === 'absent' && row['waits_at'] === null ? 'gone' : row['state'],
    waits: row['waits_at'] !== null,
    rule: row['rule'],
    signature: row['signature'],
    column: row['column_name'],
    value: row['value'],
    key: row['key'] === null ? null : json(row, 'key'),
    file: row['file'],
    record: row['record'],
    line: row['line'],
    reason: row['reason'],
    excerpt: row['excerpt'],
    firstRun: row['first_run'],
    firstSeenAt: isoTime(int(row, 'first_seen_at')),
    lastRun: row['last_run'],
    decision: isDecided
      ? {
          id: row['decision_id'],
          kind: row['decision_kind'],
          fields: json(row, 'fields'),
          reason: row['decision_reason'],
          actor: json(row, 'decision_actor'),
          at: isoTime(int(row, 'decided_at')),
          forAll: row['decided_signature'] !== null,
        }
      : null,
  })
}

function toGroup(row: Record<string, unknown>): QuarantineGroup {
  return quarantineGroupSchema.parse({ ...row, dataType: row['data_type'] })
}
