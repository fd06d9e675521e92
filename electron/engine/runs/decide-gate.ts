import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { type Actor, actorText } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { GateRow } from '../ledger/gates.store.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { EngineParts } from '../parts.ts'
import type { RunManager } from './run-manager.ts'

export interface GateDecision {
  ref: RunRef
  /** Left out: the gate that the run waits at. */
  gate?: string | undefined
  actor: Actor
  reason: string | null
}

type Parts = Pick<EngineParts, 'ledger' | 'runs' | 'steps' | 'gates' | 'audit' | 'clock'>

/**
 * Opens the gate for the versions it shows, and queues the run. One transaction: killed after it, the run is queued and resumes like
 * any other; killed before it, the run still waits.
 */
export function approveGate(parts: Parts, manager: Pick<RunManager, 'goOn'>, decision: GateDecision): RunRow {
  return parts.ledger.write(() => {
    const { run, gate } = waitingGate(parts, decision)
    decide(parts, gate, { ...decision, state: 'approved' })
    return manager.goOn(run, { summary: `Approved at ${gate.name}; queued again` })
  })
}

/** Ends the run as failed; what it made stays out of sight. Resuming it later asks again. */
export function rejectGate(parts: Parts, decision: GateDecision & { reason: string }): RunRow {
  return parts.ledger.write(() => {
    const { run, gate } = waitingGate(parts, decision)
    decide(parts, gate, { ...decision, state: 'rejected' })
    for (const step of parts.steps.ofRun(run.id)) if (step.state === 'pending') parts.steps.transition(step.id, 'skipped', { note: 'Not reached' })
    const problem = new ProblemError('REJECTED', `Rejected at ${gate.name} by ${actorText(decision.actor)}: ${decision.reason}`, {
      hint: 'Nothing was published. Mend what was wrong, then resume the run or start another',
      details: { gate: gate.name, reason: decision.reason },
    }).problem
    return parts.runs.transition(run.id, 'failed', { finishedAt: parts.clock(), problem, summary: problem.message })
  })
}

function waitingGate({ runs, gates }: Parts, { ref, gate: wanted }: GateDecision): { run: RunRow; gate: GateRow } {
  const name = `${ref.dataType} #${ref.runNumber}`
  const run = runs.find(ref.dataType, ref.runNumber)
  if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${name}`, { hint: `"strata runs ${ref.dataType}" lists them` })
  const known = gates.ofRun(run.id)
  const gate = known.find((candidate) => candidate.state === 'waiting' && (wanted === undefined || candidate.name === wanted))
  if (run.state === 'waiting' && gate !== undefined) return { run, gate }
  const decided = known.find((candidate) => candidate.name === wanted && candidate.state !== 'waiting')
  if (decided !== undefined) throw new ProblemError('CONFLICT', `The gate ${decided.name} of ${name} is ${decided.state} already`)
  if (run.state !== 'waiting') throw new ProblemError('CONFLICT', `${name} is ${run.state}; it waits at no gate`)
  throw new ProblemError('NOT_FOUND', `${name} does not wait at a gate ${wanted ?? ''}`, { hint: `It waits at ${known.filter(({ state }) => state === 'waiting').map((one) => one.name).join(', ')}` })
}

function decide({ gates, audit, clock }: Parts, gate: GateRow, { state, actor, reason }: GateDecision & { state: 'approved' | 'rejected' }): void {
  const at = clock()
  gates.decide(gate, { state, actor, reason, at })
  const shown = Object.fromEntries(gate.shown.map(({ dataset, version }) => [dataset, `v${version}`]))
  audit.append(
    {
      actor,
      action: state === 'approved' ? 'approve' : 'reject',
      target: `${gate.run.dataType} #${gate.run.runNumber}`,
      details: { gate: gate.name, reason, shown },
      before: { gate: 'waiting' },
      after: { gate: state },
    },
    at,
  )
}
