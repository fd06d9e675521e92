import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Actor, actorSchema } from '../../../shared/domain/actor.ts'
import { type DecisionKind, decisionKindSchema } from '../../../shared/domain/quarantine-state.ts'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, json, text, textOrNull } from './rows.ts'

/** What somebody decided about one record of the quarantine, or about all with a signature. */
export interface DecisionRow {
  id: number
  dataset: string
  record: string | null
  signature: string | null
  kind: DecisionKind
  fields: Record<string, string | null>
  was: Record<string, string | null>
  rules: string[]
  reason: string
  actor: Actor
  at: number
  endedAt: number | null
}

export type NewDecision = Omit<DecisionRow, 'id' | 'endedAt'>

export interface DecisionsReader {
  byId(id: number): DecisionRow | null
  /** What holds now for a dataset, oldest first. */
  active(dataset: string): DecisionRow[]
  /** Everything that holds now about all records with a signature. */
  ofSignatures(): DecisionRow[]
  activeOf(dataset: string, of: { record: string } | { signature: string }): DecisionRow | null
  /** Stands for what the decisions of a dataset make of its records; null where there are none. */
  hashOf(dataset: string): string | null
}

export interface DecisionsStore extends DecisionsReader {
  /** Ends the decision that held before about the same. */
  add(decision: NewDecision): DecisionRow
  end(id: number, by: { actor: Actor; at: number }): void
}

const SELECT = 'SELECT q.*, d.name AS dataset FROM quarantine_decisions q JOIN datasets d ON d.id = q.dataset_id'
const OF_DATASET = `${SELECT} WHERE q.dataset_id = (SELECT id FROM datasets WHERE name = :dataset) AND q.ended_at IS NULL`

const INSERT = `
INSERT INTO quarantine_decisions (dataset_id, record_id, signature, kind, fields, was, rules, reason, actor, at)
VALUES ((SELECT id FROM datasets WHERE name = :dataset), :record, :signature, :kind, :fields, :was, :rules, :reason, :actor, :at)`

export function createDecisionsStore(ledger: Ledger): DecisionsStore {
  const end: DecisionsStore['end'] = (id, { actor, at }) => {
    ledger.write(() => ledger.run('UPDATE quarantine_decisions SET ended_at = :at, ended_by = :actor WHERE id = :id AND ended_at IS NULL', { id, at, actor: JSON.stringify(actor) }))
  }
  const byId = (id: number): DecisionRow | null => {
    const row = ledger.get(`${SELECT} WHERE q.id = :id`, { id })
    return row === undefined ? null : toDecision(row)
  }
  const activeOf: DecisionsReader['activeOf'] = (dataset, of) => {
    const [column, value] = 'record' in of ? ['record_id', of.record] : ['signature', of.signature]
    const row = ledger.get(`${OF_DATASET} AND q.${column} = :value`, { dataset, value })
    return row === undefined ? null : toDecision(row)
  }
  return {
    byId,
    activeOf,
    active: (dataset) => ledger.all(`${OF_DATASET} ORDER BY q.id`, { dataset }).map(toDecision),
    ofSignatures: () => ledger.all(`${SELECT} WHERE q.ended_at IS NULL AND q.signature IS NOT NULL ORDER BY q.id DESC`).map(toDecision),
    hashOf(dataset) {
      const rows = ledger.all(`${OF_DATASET} ORDER BY q.record_id, q.signature`, { dataset })
      if (rows.length === 0) return null
      const hash = createHash('sha256')
      // Who decided and why changes nothing about the rows.
      for (const row of rows) hash.update(JSON.stringify([row['record_id'], row['signature'], row['kind'], row['fields'], row['was'], row['rules']]))
      return hash.digest('hex')
    },
    add: (decision) =>
      ledger.write(() => {
        const { dataset, record, signature, fields, was, rules, actor, ...rest } = decision
        const before = record !== null ? activeOf(dataset, { record }) : signature !== null ? activeOf(dataset, { signature }) : null
        if (before !== null) end(before.id, { actor, at: decision.at })
        const { lastId } = ledger.run(INSERT, {
          ...rest, dataset, record, signature, fields: sorted(fields), was: sorted(was), rules: JSON.stringify(rules.toSorted()), actor: JSON.stringify(actor),
        })
        return { ...decision, id: lastId, endedAt: null }
      }),
    end,
  }
}

/** The same values are the same text, whatever order they came in. */
function sorted(values: Readonly<Record<string, string | null>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

const textsSchema = z.record(z.string(), z.string().nullable())

function toDecision(row: Record<string, unknown>): DecisionRow {
  return {
    id: int(row, 'id'),
    dataset: text(row, 'dataset'),
    record: textOrNull(row, 'record_id'),
    signature: textOrNull(row, 'signature'),
    kind: decisionKindSchema.parse(row['kind']),
    fields: textsSchema.parse(json(row, 'fields')),
    was: textsSchema.parse(json(row, 'was')),
    rules: z.array(z.string()).parse(json(row, 'rules')),
    reason: text(row, 'reason'),
    actor: actorSchema.parse(json(row, 'actor')),
    at: int(row, 'at'),
    endedAt: intOrNull(row, 'ended_at'),
  }
}
