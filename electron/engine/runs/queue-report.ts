import type { Queue } from '../../../shared/contract/queue.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { EngineParts } from '../parts.ts'
import type { RunQueue, Ticket } from './run-queue.ts'
import { runsAtOnce } from './run-share.ts'

type Parts = Pick<EngineParts, 'runs' | 'groups' | 'workspace'>

/** Who runs, and who waits for what. */
export function describeQueue(parts: Parts, queue: RunQueue): Queue {
  const refOf = ({ runId }: Ticket): RunRef => {
    const { dataType, runNumber } = parts.runs.byId(runId)
    return { dataType, runNumber }
  }
  const { limits } = parts.workspace.current()
  return {
    limits: { ...limits, runs: runsAtOnce(limits) },
    running: queue.running().map((ticket) => ({ run: refOf(ticket), group: parts.groups.placement(ticket.runId).groupId })),
    waiting: queue.waiting().map(({ ticket, position, blockedBy }) => ({
      run: refOf(ticket),
      position,
      priority: ticket.priority,
      group: parts.groups.placement(ticket.runId).groupId,
      waitingFor: blockedBy.map(refOf),
      text: waitingText(parts, queue, ticket.runId) ?? 'starts now',
    })),
  }
}

/** What a queued run waits for, in words; null when it does not wait. */
export function waitingText(parts: Parts, queue: RunQueue, runId: number): string | null {
  const entry = queue.waiting().find(({ ticket }) => ticket.runId === runId)
  if (entry === undefined) return null
  const names = entry.blockedBy.map((ticket) => {
    const { dataType, runNumber } = parts.runs.byId(ticket.runId)
    return `${dataType} #${runNumber}`
  })
  if (names.length > 0) return `Waiting for ${listText(names)}`
  const most = runsAtOnce(parts.workspace.current().limits)
  return `Place ${entry.position} in the queue: ${most === 1 ? 'one run at a time' : `at most ${most} runs at a time`}`
}

/** "a", "a and b", "a, b and c". */
function listText(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1) ?? ''].filter((part) => part !== '').join(' and ')
}
