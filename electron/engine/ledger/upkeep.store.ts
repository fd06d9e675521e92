import type { z } from 'zod'
import { type Upkeep, upkeepSchema } from '../../../shared/contract/storage.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import type { EventsStore } from './events.store.ts'
import type { Ledger } from './ledger.ts'
import { int, isoOrNull, isoTime, json, problemOrNull } from './rows.ts'

const figuresSchema = upkeepSchema.pick({ versions: true, files: true, sizeBytes: true, damaged: true })
/** What a piece of upkeep came to so far. */
export type UpkeepFigures = z.infer<typeof figuresSchema>

export const NO_FIGURES: UpkeepFigures = { versions: 0, files: 0, sizeBytes: 0, damaged: 0 }

export interface UpkeepReader {
  find(id: string): Upkeep | null
  /** Newest first. */
  list(filter: { kind?: Upkeep['kind'] | undefined; offset: number; limit: number }): { total: number; upkeep: Upkeep[] }
}

export interface UpkeepStore extends UpkeepReader {
  begin(entry: { id: string; kind: Upkeep['kind']; dataset: string | null; actor: string; at: number }): void
  finish(id: string, outcome: { state: Upkeep['state']; figures: UpkeepFigures; problem: Problem | null; at: number }): void
  /** What a dead engine left running is over. */
  failRunning(problem: Problem, at: number): number
}

const INSERT = `
INSERT INTO upkeep (id, kind, scope, state, actor, started_at) VALUES (:id, :kind, :dataset, 'running', :actor, :at)`

const FINISH = `
UPDATE upkeep SET state = :state, result = :result, problem = :problem, finished_at = :at WHERE id = :id`

const WHERE_KIND = `WHERE :kind = '' OR kind = :kind`

export function createUpkeepStore(ledger: Ledger, events: EventsStore): UpkeepStore {
  const told = (kind: string, state: string, at: number): void => events.append({ kind: 'storage', text: `${kind} ${state}` }, at)
  return {
    find(id) {
      const row = ledger.get('SELECT * FROM upkeep WHERE id = :id', { id })
      return row === undefined ? null : toUpkeep(row)
    },
    list: ({ kind = '', offset, limit }) => ({
      total: int(ledger.get(`SELECT count(*) AS n FROM upkeep ${WHERE_KIND}`, { kind }) ?? {}, 'n'),
      upkeep: ledger.all(`SELECT * FROM upkeep ${WHERE_KIND} ORDER BY started_at DESC, rowid DESC LIMIT :limit OFFSET :offset`, { kind, limit, offset }).map(toUpkeep),
    }),
    begin: (entry) =>
      ledger.write(() => {
        ledger.run(INSERT, entry)
        told(entry.kind, 'running', entry.at)
      }),
    finish: (id, { state, figures, problem, at }) =>
      ledger.write(() => {
        ledger.run(FINISH, { id, state, result: JSON.stringify(figures), problem: problem === null ? null : JSON.stringify(problem), at })
        told('upkeep', state, at)
      }),
    failRunning: (problem, at) =>
      ledger.write(() => ledger.run(`UPDATE upkeep SET state = 'failed', problem = :problem, finished_at = :at WHERE state = 'running'`, { problem: JSON.stringify(problem), at }).changes),
  }
}

function toUpkeep(row: Record<string, unknown>): Upkeep {
  const figures = row['result'] === null ? NO_FIGURES : (figuresSchema.parse(json(row, 'result')))
  return upkeepSchema.parse({
    ...NO_FIGURES,
    ...figures,
    id: row['id'],
    kind: row['kind'],
    dataset: row['scope'],
    state: row['state'],
    startedAt: isoTime(int(row, 'started_at')),
    finishedAt: isoOrNull(row, 'finished_at'),
    share: null,
    problem: problemOrNull(row, 'problem'),
  })
}
