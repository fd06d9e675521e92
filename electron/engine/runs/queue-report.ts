import type { Queue } from '../../../shared/contract/queue.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { EngineParts } from '../parts.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import { sourcesInGroup } from './group-admission.ts'
import type { RunQueue, Ticket } from './run-queue.ts'
import { runsAtOnce } from './run-share.ts'

type Parts = Pick<EngineParts, 'runs' | 'groups' | 'workspace'>

/** Who runs, and who waits for what. */
export function describeQueue(parts: Parts, queue: RunQueue): Queue {
  const refOf = ({ runId }: Ticket): RunRef => refOfRun(parts.runs.byId(runId))
  const { limits } = parts.workspace.current()
  return {
    limits: { ...limits, runs: runsAtOnce(limits) },
    running: queue.running().map((ticket) => ({ run: refOf(ticket), group: parts.groups.placement(ticket.runId).groupId })),
    waiting: queue.waiting().map(({ ticket, position, blockedBy }) => ({
      run: refOf(ticket),
      position,
      priority: ticket.priority,
      group: parts.groups.placement(ticket.runId).groupId,
      waitingFor: blockersOf(parts, ticket, blockedBy),
      text: waitingText(parts, queue, ticket.runId) ?? 'starts now',
    })),
  }
}

/** What a queued run waits for, in words; null when it does not wait. */
export function waitingText(parts: Parts, queue: RunQueue, runId: number): string | null {
  const entry = queue.waiting().find(({ ticket }) => ticket.runId === runId)
  if (entry === undefined) return null
  const names = blockersOf(parts, entry.ticket, entry.blockedBy).map(({ dataType, runNumber }) => `${dataType} #${runNumber}`)
  if (names.length > 0) return `Waiting for ${listText(names)}`
  const most = runsAtOnce(parts.workspace.current().limits)
  return `Place ${entry.position} in the queue: ${most === 1 ? 'one run at a time' : `at most ${most} runs at a time`}`
}

/** Runs of the queue, and runs of its group that make what it reads and hold no place in the queue: they wait at a gate. */
function blockersOf(parts: Parts, { runId }: Ticket, blockedBy: readonly Ticket[]): RunRef[] {
  const queued = blockedBy.map((ticket) => parts.runs.byId(ticket.runId))
  const atGate = sourcesInGroup(parts, parts.runs.byId(runId)).filter((source) => source.state === 'waiting' && queued.every(({ id }) => id !== source.id))
  return [...queued, ...atGate].map(refOfRun)
}

function refOfRun({ dataType, runNumber }: RunRow): RunRef {
  return { dataType, runNumber }
}

/** "a", "a and b", "a, b and c". */
function listText(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1) ?? ''].filter((part) => part !== '').join(' and ')
}
