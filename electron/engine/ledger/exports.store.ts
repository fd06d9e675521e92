import { type Export, type ExportAgainst, exportSchema } from '../../../shared/contract/exports.contract.ts'
import { type PivotSpec, pivotSpecSchema } from '../../../shared/domain/pivot.ts'
import { type TableQuery, tableQuerySchema } from '../../../shared/domain/table-query.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { int, isoOrNull, isoTime, json, problemOrNull } from './rows.ts'

export interface ExportsReader {
  find(id: string): Export | null
  list(offset: number, limit: number): { total: number; exports: Export[] }
  /** Finished ones, newest first. */
  ofDatasets(datasets: readonly string[], limit: number): Export[]
}

export interface ExportsStore extends ExportsReader {
  insert(entry: { id: string; versionId: number; format: Export['format']; path: string; query: TableQuery; against: ExportAgainst | null; pivot: PivotSpec | null; at: number }): Export
  finish(id: string, outcome: { state: Export['state']; rowCount: number | null; sizeBytes: number | null; sha256: string | null; problem: Problem | null; at: number }): Export
  /** Exports that a dead engine left running become failed. */
  failRunning(problem: Problem, at: number): number
}

const SELECT = `
SELECT x.*, d.name AS dataset, v.number AS version FROM exports x JOIN versions v ON v.id = x.version_id JOIN datasets d ON d.id = v.dataset_id`

export function createExportsStore(ledger: Ledger, events: EventsStore): ExportsStore {
  const find = (id: string): Export | null => {
    const row = ledger.get(`${SELECT} WHERE x.id = :id`, { id })
    return row === undefined ? null : toExport(row)
  }
  const must = (id: string): Export => {
    const entry = find(id)
    if (entry === null) throw new TypeError(`ledger: no export ${id}`)
    return entry
  }
  return {
    find,
    list: (offset, limit) => ({
      total: int(ledger.get('SELECT count(*) AS n FROM exports') ?? {}, 'n'),
      exports: ledger.all(`${SELECT} ORDER BY x.started_at DESC LIMIT :limit OFFSET :offset`, { limit, offset }).map(toExport),
    }),
    ofDatasets: (datasets, limit) =>
      ledger
        .all(`${SELECT} WHERE x.state = 'succeeded' AND d.name IN (SELECT value FROM json_each(:datasets)) ORDER BY x.started_at DESC LIMIT :limit`, { datasets: JSON.stringify(datasets), limit })
        .map(toExport),
    insert: ({ id, versionId, format, path, query, against, pivot, at }) =>
      ledger.write(() => {
        ledger.run(
          `INSERT INTO exports (id, version_id, format, state, path, query, against, started_at) VALUES (:id, :versionId, :format, 'running', :path, :query, :against, :at)`,
          { id, versionId, format, path, query: JSON.stringify(pivot === null ? query : { ...query, pivot }), against: against === null ? null : JSON.stringify(against), at },
        )
        const entry = must(id)
        events.append({ kind: 'export', dataset: entry.dataset, text: 'running' }, at)
        return entry
      }),
    finish: (id, { state, rowCount, sizeBytes, sha256, problem, at }) =>
      ledger.write(() => {
        ledger.run(
          `UPDATE exports SET state = :state, row_count = :rowCount, size_bytes = :sizeBytes, sha256 = :sha256, problem = :problem, finished_at = :at WHERE id = :id`,
          { id, state, rowCount, sizeBytes, sha256, problem: problem === null ? null : JSON.stringify(problem), at },
        )
        const entry = must(id)
        events.append({ kind: 'export', dataset: entry.dataset, text: state }, at)
        return entry
      }),
    failRunning: (problem, at) =>
      ledger.write(() => ledger.run(`UPDATE exports SET state = 'failed', problem = :problem, finished_at = :at WHERE state = 'running'`, { problem: JSON.stringify(problem), at }).changes),
  }
}

/** What was asked for, with the groups where they were written in place of rows. */
const storedQuerySchema = tableQuerySchema.extend({ pivot: pivotSpecSchema.nullable().default(null) })

function toExport(row: Record<string, unknown>): Export {
  const { pivot, ...query } = storedQuerySchema.parse(json(row, 'query'))
  return exportSchema.parse({
    id: row['id'],
    dataset: row['dataset'],
    version: row['version'],
    format: row['format'],
    state: row['state'],
    path: row['path'],
    rowCount: row['row_count'],
    sizeBytes: row['size_bytes'],
    sha256: row['sha256'],
    share: null,
    startedAt: isoTime(int(row, 'started_at')),
    finishedAt: isoOrNull(row, 'finished_at'),
    query,
    against: row['against'] === null ? null : json(row, 'against'),
    pivot,
    problem: problemOrNull(row, 'problem'),
  })
}
