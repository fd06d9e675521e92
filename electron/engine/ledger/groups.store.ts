import { z } from 'zod'
import { type Actor, actorSchema } from '../../../shared/domain/actor.ts'
import { type RunPriority, runPrioritySchema } from '../../../shared/domain/run-priority.ts'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, isoTime, json, text } from './rows.ts'
import type { RunRow, RunsReader } from './runs.store.ts'

const leftOutSchema = z.array(z.object({ dataType: z.string(), reason: z.string() }))
export type LeftOut = z.infer<typeof leftOutSchema>

export interface GroupRow {
  id: number
  trigger: string
  actor: Actor
  queuedAt: string
  /** Data types that got no run. */
  leftOut: LeftOut
}

/** What the queue needs to know of a run besides the run itself. */
export interface Placement {
  groupId: number | null
  priority: RunPriority
}

export interface GroupsReader {
  find(groupId: number): GroupRow | null
  /** Newest first. */
  list(page: { offset: number; limit: number }): { total: number; groups: GroupRow[] }
  /** In the order in which they were queued. */
  runsOf(groupId: number): RunRow[]
  placement(runId: number): Placement
}

export interface GroupsStore extends GroupsReader {
  create(group: { trigger: string; actor: Actor; leftOut: LeftOut; at: number }): number
  place(runId: number, placement: Placement): void
}

export function createGroupsStore(ledger: Ledger, runs: RunsReader): GroupsStore {
  return {
    find(groupId) {
      const row = ledger.get('SELECT * FROM run_groups WHERE id = :groupId', { groupId })
      return row === undefined ? null : toGroup(row)
    },
    list: ({ offset, limit }) => ({
      total: int(ledger.get('SELECT count(*) AS n FROM run_groups') ?? {}, 'n'),
      groups: ledger.all('SELECT * FROM run_groups ORDER BY id DESC LIMIT :limit OFFSET :offset', { offset, limit }).map(toGroup),
    }),
    runsOf: (groupId) => ledger.all('SELECT id FROM runs WHERE group_id = :groupId ORDER BY id', { groupId }).map((row) => runs.byId(int(row, 'id'))),
    placement(runId) {
      const row = ledger.get('SELECT group_id, priority FROM runs WHERE id = :runId', { runId }) ?? {}
      return { groupId: intOrNull(row, 'group_id'), priority: runPrioritySchema.parse(row['priority']) }
    },
    create({ trigger, actor, leftOut, at }) {
      const bindings = { trigger, at, actor: JSON.stringify(actor), leftOut: JSON.stringify(leftOut) }
      return ledger.run('INSERT INTO run_groups ("trigger", actor, left_out, queued_at) VALUES (:trigger, :actor, :leftOut, :at)', bindings).lastId
    },
    place(runId, { groupId, priority }) {
      ledger.run('UPDATE runs SET group_id = :groupId, priority = :priority WHERE id = :runId', { runId, groupId, priority })
    },
  }
}

function toGroup(row: Record<string, unknown>): GroupRow {
  return {
    id: int(row, 'id'),
    trigger: text(row, 'trigger'),
    actor: actorSchema.parse(json(row, 'actor')),
    queuedAt: isoTime(int(row, 'queued_at')),
    leftOut: leftOutSchema.parse(json(row, 'left_out')),
  }
}
