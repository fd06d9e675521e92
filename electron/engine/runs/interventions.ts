import type { MarkKind, RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { DONE_STEP_STATES, FINISHED_RUN_STATES, RESUMABLE_RUN_STATES } from '../../../shared/domain/run-status.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { EngineParts } from '../parts.ts'
import type { RunManager } from './run-manager.ts'

/** What people decide against the machine. Each is one transaction with its audit entry and, where asked for, with the run's return to the queue. */
type Parts = Pick<EngineParts, 'ledger' | 'runs' | 'steps' | 'versions' | 'checks' | 'entities' | 'marks' | 'audit' | 'clock'>
type Manager = Pick<RunManager, 'goOn'>

interface Target {
  ref: RunRef
  dataset: string
  actor: Actor
  reason: string
}

export interface BlockingRule {
  dataset: string
  rule: string
}

/** Lets a version pass in spite of one rule. When nothing else blocks, the run goes on. */
export function overrideCheck(parts: Parts, manager: Manager, request: Target & { rule: string }): { run: RunRow; stillBlocking: BlockingRule[] } {
  return parts.ledger.write(() => {
    const { run, step } = find(parts, request)
    refuseUnlessResumable(run)
    passRule(parts, { run, step, ...request })
    const stillBlocking = blockingRules(parts, run)
    return { run: stillBlocking.length > 0 ? run : manager.goOn(run, { summary: `${request.rule} overridden; queued again` }), stillBlocking }
  })
}

/** Rules of the run's versions that block and that nobody has overridden. */
function blockingRules({ checks }: Parts, run: RunRow): BlockingRule[] {
  return checks
    .ofRun(run.id)
    .filter(({ passed, severity, override }) => !passed && severity === 'block' && override === null)
    .map(({ dataset, rule }) => ({ dataset, rule }))
}

function passRule(parts: Parts, { run, step, rule, actor, reason }: { run: RunRow; step: StepRow; rule: string; actor: Actor; reason: string }): void {
  const result = parts.checks.ofRun(run.id).find((check) => check.dataset === step.dataset && check.rule === rule)
  if (result === undefined || step.versionId === null) {
    const rules = blockingRules(parts, run).map((blocking) => `${blocking.dataset} ${blocking.rule}`)
    throw new ProblemError('NOT_FOUND', `${nameOf(run)} has no result of ${rule} on ${step.dataset}`, { hint: rules.length === 0 ? 'No rule blocks this run' : `What blocks it: ${rules.join('; ')}` })
  }
  if (result.passed || result.severity !== 'block') throw new ProblemError('CONFLICT', `${rule} on ${step.dataset} blocks nothing: it ${result.passed ? 'holds' : result.severity === 'warn' ? 'only warns' : 'takes rows into quarantine'}`)
  const at = parts.clock()
  parts.marks.override({ stepId: step.id, versionId: step.versionId, rule }, { actor, at, reason })
  const version = `v${parts.versions.byId(step.versionId).number}`
  const details = { dataset: step.dataset, version, rule, reason, failingRows: result.failingRows, message: result.message }
  parts.audit.append({ actor, action: 'override', target: nameOf(run), details, before: { outcome: result.override === null ? 'blocked' : 'overridden' }, after: { outcome: 'overridden' } }, at)
}

export interface MarkRequest extends Target {
  as: MarkKind
  resume: boolean
}

/** Marks a step of a run that has stopped. */
export function markStep(parts: Parts, manager: Manager, request: MarkRequest): RunRow {
  const { as, actor, reason, resume } = request
  return parts.ledger.write(() => {
    const { run, step } = find(parts, request)
    refuseUnlessResumable(run)
    if (DONE_STEP_STATES.has(step.state)) throw new ProblemError('CONFLICT', `${step.dataset} is ${step.state} in ${nameOf(run)}; there is nothing to mark`)
    if (as === 'accepted') acceptStep(parts, { run, step, ...request })
    if (as === 'skipped') skipStep(parts, { run, step })
    const at = parts.clock()
    parts.marks.markStep(step.id, as, { actor, at, reason })
    if (as === 'retry' && step.state !== 'pending') parts.steps.transition(step.id, 'pending', { note: null })
    parts.audit.append({ actor, action: 'mark', target: nameOf(run), details: { dataset: step.dataset, reason }, before: { state: step.state }, after: { mark: as } }, at)
    return resume ? manager.goOn(run, { summary: `${step.dataset} marked ${as}; queued again` }) : parts.runs.byId(run.id)
  })
}

/** Its version counts in spite of every rule that blocks. */
function acceptStep(parts: Parts, { run, step, actor, reason }: { run: RunRow; step: StepRow; actor: Actor; reason: string }): void {
  const rules = blockingRules(parts, run).filter(({ dataset }) => dataset === step.dataset)
  if (step.versionId === null || rules.length === 0) {
    throw new ProblemError('CONFLICT', `${step.dataset} has made nothing in ${nameOf(run)} that could be accepted`, { hint: 'Mark it skipped, so that others read what is published of it, or retry' })
  }
  for (const { rule } of rules) passRule(parts, { run, step, rule, actor, reason })
}

/** Others read what is published of it; where nothing is, those that read it would fail, so it is refused. */
function skipStep({ steps, versions }: Parts, { run, step }: { run: RunRow; step: StepRow }): void {
  const current = versions.current(step.dataset)
  if (current === null) {
    throw new ProblemError('CONFLICT', `${step.dataset} has no published version that others could read in its place`, { hint: 'Mend the step and retry' })
  }
  versions.pin(run.id, [current.id])
  if (step.state !== 'pending') steps.transition(step.id, 'pending', {})
  const own = step.versionId === null ? {} : { versionId: null, versionNumber: null, staging: null, rowsOut: null, rowsIn: null, sizeBytes: null, quarantined: 0 }
  steps.transition(step.id, 'skipped', { ...own, note: `Skipped: v${current.number} is read in its place`, problem: null })
}

/** Marks entities of an entity step. Accepting changes nothing else, so it can be done in a run that has succeeded, too. */
export function markEntities(parts: Parts, manager: Manager, request: MarkRequest & { entities: readonly string[] }): { run: RunRow; marked: number } {
  const { as, actor, reason, entities, resume } = request
  return parts.ledger.write(() => {
    const { run, step } = find(parts, request)
    const isAcceptance = as === 'accepted' && !resume
    if (!(isAcceptance ? FINISHED_RUN_STATES : RESUMABLE_RUN_STATES).has(run.state) || (!isAcceptance && run.state === 'succeeded')) throw notStopped(run)
    const before = markable(parts, step, request)
    const at = parts.clock()
    parts.marks.markEntities({ stepId: step.id, dataType: run.dataType, entityIds: entities }, as, { actor, at, reason })
    const details = { dataset: step.dataset, reason, entities: entities.length, first: entities.slice(0, 20) }
    parts.audit.append({ actor, action: 'mark', target: nameOf(run), details, before, after: { [as]: entities.length } }, at)
    return { run: resume ? manager.goOn(run, { summary: `${entities.length.toLocaleString('en')} entities marked ${as}; queued again` }) : parts.runs.byId(run.id), marked: entities.length }
  })
}

/** Counts of the entities' states, after a refusal of those that cannot be marked so. */
function markable({ marks }: Parts, step: StepRow, { as, entities }: { as: MarkKind; entities: readonly string[] }): Record<string, number> {
  const states = marks.entityStates(step.id, entities)
  const unknown = entities.find((entity) => !states.has(entity))
  if (unknown !== undefined) throw new ProblemError('NOT_FOUND', `${step.dataset} has no entity ${unknown} in this run`, { hint: 'The entities tab of the run lists them' })
  const allowed: readonly string[] = as === 'accepted' ? ['failed', 'quarantined'] : as === 'skipped' ? ['failed', 'quarantined', 'pending'] : ['failed', 'quarantined', 'skipped']
  const counts: Record<string, number> = {}
  for (const [entity, state] of states) {
    if (!allowed.includes(state)) throw new ProblemError('CONFLICT', `${entity} is ${state} in ${step.dataset}; only what is ${allowed.join(' or ')} can be marked ${as === 'retry' ? 'to be retried' : as}`)
    counts[state] = (counts[state] ?? 0) + 1
  }
  return counts
}

function find({ runs, steps }: Parts, { ref, dataset }: { ref: RunRef; dataset: string }): { run: RunRow; step: StepRow } {
  const run = runs.find(ref.dataType, ref.runNumber)
  if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${ref.dataType} #${ref.runNumber}`, { hint: `"strata runs ${ref.dataType}" lists them` })
  const all = steps.ofRun(run.id)
  const step = all.find((candidate) => candidate.dataset === dataset)
  if (step === undefined) throw new ProblemError('NOT_FOUND', `${nameOf(run)} has no step that makes ${dataset}`, { hint: `It has ${all.map((one) => one.dataset).join(', ')}` })
  return { run, step }
}

function refuseUnlessResumable(run: RunRow): void {
  if (!RESUMABLE_RUN_STATES.has(run.state) || run.state === 'succeeded') throw notStopped(run)
}

function notStopped(run: RunRow): ProblemError {
  const hint = run.state === 'succeeded' ? 'What it made is published; start another run instead' : run.state === 'waiting' ? 'Approve or reject it' : 'Cancel it first, or wait until it has stopped'
  return new ProblemError('CONFLICT', `${nameOf(run)} is ${run.state}; only in a run that has failed, was cancelled or interrupted can this be changed`, { hint })
}

function nameOf({ dataType, runNumber }: RunRef): string {
  return `${dataType} #${runNumber}`
}
