import { z } from 'zod'
import type { AskedQuery } from '../../../shared/contract/sql-pad.contract.ts'
import { runRefSchema } from '../../../shared/contract/runs.contract.ts'
import { actorSchema } from '../../../shared/domain/actor.ts'
import type { Ledger } from './ledger.ts'
import { bool, int, intOrNull, isoTime, json, text, textOrNull } from './rows.ts'

export interface QueriesReader {
  /** Newest first; `containing` narrows to those whose SQL has the text, whatever its case. */
  list(of: { containing: string; offset: number; limit: number }): { total: number; entries: AskedQuery[] }
}

export interface QueriesStore extends QueriesReader {
  /** The oldest goes when there are too many. */
  add(query: Omit<AskedQuery, 'seq' | 'at'>, at: number): void
  /** How many there were. */
  clear(): number
}

const MAX_KEPT = 2_000

const INSERT = `
INSERT INTO queries (at, sql, as_of, pins, state, row_count, is_cut, took_ms, problem, actor)
VALUES (:at, :text, :asOf, :pins, :state, :rowCount, :isCut, :tookMs, :problem, :actor)`

const WHERE = `WHERE :containing = '' OR instr(lower(sql), lower(:containing)) > 0`

export function createQueriesStore(ledger: Ledger): QueriesStore {
  return {
    list: ({ containing, offset, limit }) => ({
      total: int(ledger.get(`SELECT count(*) AS n FROM queries ${WHERE}`, { containing }) ?? {}, 'n'),
      entries: ledger.all(`SELECT * FROM queries ${WHERE} ORDER BY seq DESC LIMIT :limit OFFSET :offset`, { containing, offset, limit }).map(toAsked),
    }),
    // As `text`, SQL passes what wipes out secrets.
    add: ({ sql, asOf, pins, isCut, actor, ...query }, at) =>
      ledger.write(() => {
        ledger.run(INSERT, { ...query, text: sql, at, asOf: asOf === null ? null : JSON.stringify(asOf), pins: JSON.stringify(pins), isCut: Number(isCut), actor: JSON.stringify(actor) })
        ledger.run('DELETE FROM queries WHERE seq <= (SELECT max(seq) FROM queries) - :kept', { kept: MAX_KEPT })
      }),
    clear: () => ledger.write(() => ledger.run('DELETE FROM queries').changes),
  }
}

const pinsSchema = z.array(z.object({ dataset: z.string(), version: z.int() }))

function toAsked(row: Record<string, unknown>): AskedQuery {
  const state = text(row, 'state')
  return {
    seq: int(row, 'seq'),
    at: isoTime(int(row, 'at')),
    sql: text(row, 'sql'),
    asOf: row['as_of'] === null ? null : runRefSchema.parse(json(row, 'as_of')),
    pins: pinsSchema.parse(json(row, 'pins')),
    state: state === 'succeeded' || state === 'cancelled' ? state : 'failed',
    rowCount: intOrNull(row, 'row_count'),
    isCut: bool(row, 'is_cut'),
    tookMs: int(row, 'took_ms'),
    problem: textOrNull(row, 'problem'),
    actor: actorSchema.parse(json(row, 'actor')),
  }
}
