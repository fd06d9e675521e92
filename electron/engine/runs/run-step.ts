import { backoffMs, classifyProblem, DEFAULT_RETRY, type RetryPolicy } from '../../../shared/domain/error-class.ts'
import { type Problem, ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { retryText } from '../../../shared/domain/retry-wait.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { isLaterCheck } from '../planning/check-timing.ts'
import { isChild } from '../planning/decide-child.ts'
import { isRemote } from '../planning/decide-remote.ts'
import { FORCED, type StepDecision } from '../planning/step-decision.ts'
import type { CheckSpec, StepModel } from '../workspace/model.ts'
import { runChildStep } from './child-step.ts'
import { runEntityStep } from './entity-step.ts'
import { evaluateChecks } from './evaluate-checks.ts'
import { hasOtherColumns, recordDrift } from './record-drift.ts'
import { runExtractStep } from './extract-step.ts'
import { runRemoteStep } from './remote-step.ts'
import { reuseVersion } from './reuse-version.ts'
import { listQuarantine } from './list-quarantine.ts'
import { recoverStep } from './recovery.ts'
import type { RunContext } from './run-context.ts'
import { runSqlStep } from './sql-step.ts'
import { clearStaging, requireWritable, stage, stageFresh, type StagedRow } from './stage-step.ts'
import { degrade, lastGoodVersion } from './stand-in.ts'
import type { StepOutcome } from './step-outcome.ts'

/**
 * One step from pending to an end: its version (or the one it reuses), its checks, its retries. Throws what it failed with.
 * @param of.summary what the run says of itself meanwhile
 */
export async function runStep(context: RunContext, decision: StepDecision, { stepId, summary }: { stepId: number; summary: string }): Promise<VersionRow> {
  const { parts, run, log } = context
  const { steps, clock } = parts
  const { step, recipe } = decision
  const fresh = { startedAt: clock(), finishedAt: null, problem: null, note: null, retry: null, degraded: false, ...(recipe === null ? {} : { recipe }) }
  for (let attempt = steps.byId(stepId).attempt + 1, tries = 1; ; attempt += 1, tries += 1) {
    const staged = parts.ledger.write(() => {
      if (tries === 1) parts.runs.patch(run.id, { summary })
      steps.transition(stepId, 'running', { ...(tries === 1 ? fresh : { note: null, retry: null }), attempt })
      steps.beginAttempt(stepId, attempt)
      return decision.action === 'run' ? stageFresh(parts, steps.byId(stepId)) : null
    })
    const end = (state: 'succeeded' | 'reused', note: string | null): void => {
      steps.endAttempt(stepId, attempt, { state, problem: null })
      steps.transition(stepId, state, { finishedAt: clock(), note })
    }
    try {
      const lookedAt = clock()
      const outcome = await produce(context, decision, { stepId, staged, end })
      await listQuarantine(context, outcome.version, lookedAt)
      if (outcome.isEnded === true) return outcome.version
      if (outcome.kind === 'made') await recordDrift(context, step, outcome.version)
      await checkVersion(context, { step, stepId, version: outcome.version, checks: checksNow(context, step), which: 'checksHash' })
      parts.ledger.write(() => end(outcome.kind === 'made' ? 'succeeded' : 'reused', outcome.note))
      return outcome.version
    } catch (error) {
      const problem = withPlace(toProblem(error), step)
      // First what the attempt wrote goes: on a full disk the ledger needs that room to say how it ended.
      await clearStaging(parts, steps.byId(stepId)).catch((cause: unknown) => log.write('warn', `What the attempt left cannot be removed now: ${toProblem(cause).message}`, step.dataset))
      steps.endAttempt(stepId, attempt, { state: 'failed', problem })
      context.signal.throwIfAborted()
      const { policy, errorClass } = policyFor(context, step, problem)
      // A server has been asked again already, page by page.
      if (Math.max(tries, Number(problem.details['tries'] ?? 0)) >= policy.attempts) {
        const standIn = lastGoodVersion(context, step, problem)
        if (standIn === null) throw ProblemError.from(problem, error)
        return degrade(context, stepId, { version: standIn, problem })
      }
      const waitMs = backoffMs(policy, tries, Math.random())
      const retry = { at: clock() + waitMs, attempt: tries + 1, of: policy.attempts, reason: problem.message }
      const note = retryText(retry, clock())
      log.write('warn', `${note} (${errorClass})`, step.dataset)
      steps.transition(stepId, 'retrying', { note, retry })
      await wait(waitMs, context.signal)
    }
  }
}

/** Made once: making one takes longer than many a step has to say. */
const COUNTS = new Intl.NumberFormat('en')

interface Attempt {
  stepId: number
  /** Where it begins in a place of its own; null: what is there has to be looked at first. */
  staged: StagedRow | null
  /** Writes down that the step is done. */
  end(state: 'succeeded' | 'reused', note: string | null): void
}

async function produce(context: RunContext, decision: StepDecision, { stepId, staged, end }: Attempt): Promise<StepOutcome> {
  const { parts } = context
  const { action, version, reasons } = decision
  if (action === 'reuse' && version !== null) return reuseVersion(context, version, { stepId, note: reasons.map(({ text }) => text).join('; ') })
  if (staged !== null) {
    await requireWritable(parts)
    return byKind(context, decision, { row: staged, end })
  }
  const found = parts.steps.byId(stepId)
  await recoverStep(parts, found)
  const row = found.staging === null ? found : parts.steps.byId(stepId)
  if (row.versionId !== null) return { kind: 'made', version: parts.versions.byId(row.versionId), note: null }
  return byKind(context, decision, { row: await stage(parts, row), end })
}

function byKind(context: RunContext, { step, reasons }: StepDecision, { row, end }: { row: StagedRow; end: Attempt['end'] }): Promise<StepOutcome> {
  switch (step.kind) {
    case 'extract':
      if (isChild(step)) return runChildStep(context, step, row)
      return isRemote(step) ? runRemoteStep(context, step, { row, isForced: reasons.includes(FORCED) }) : runExtractStep(context, step, row)
    case 'sql':
      return runSqlStep(context, step, { row, onCommit: checksNow(context, step).length > 0 ? null : (version) => endUnchecked(context, step, { version, end }) })
    case 'entity':
      return runEntityStep(context, step, row)
  }
}

/** Part of the transaction that enters the version. False: its columns changed, which has to be looked at first. */
function endUnchecked({ log, parts }: RunContext, step: StepModel, { version, end }: { version: VersionRow; end: Attempt['end'] }): boolean {
  if (hasOtherColumns(parts, version)) return false
  log.write('info', rowsText(version), step.dataset)
  end('succeeded', null)
  return true
}

function rowsText({ rowCount, number }: VersionRow): string {
  return `${COUNTS.format(rowCount)} rows, v${number}`
}

function checksNow({ dataType }: RunContext, step: StepModel): CheckSpec[] {
  return (step.contract?.checks ?? []).filter((check) => !isLaterCheck(dataType, step, check))
}

export interface VersionToCheck {
  step: StepModel
  stepId: number
  version: VersionRow
  checks: readonly CheckSpec[]
  which: 'checksHash' | 'laterChecksHash'
}

/** Evaluates rules, unless an earlier step found out about the same rules and the same contents. Throws CHECK_BLOCKED. */
export async function checkVersion(context: RunContext, { step, stepId, version, checks: declared, which }: VersionToCheck): Promise<void> {
  const { parts, run, planner } = context
  const { hash, keptFrom, rules, checks } = planner.checksOf({ step, version, checks: declared, which })
  if (keptFrom !== null) {
    parts.checks.keep({ stepId, fromStepId: keptFrom, at: parts.clock() }, rules)
    parts.steps.patch(stepId, { [which]: hash })
    return
  }
  const earlier = which === 'checksHash' ? null : parts.checks.ofRun(run.id).filter((result) => result.dataset === step.dataset && !rules.includes(result.rule))
  const results = await evaluateChecks(context, { step, stepId, version, checks, earlier })
  if (checks.length > 0) parts.steps.patch(stepId, { [which]: hash })
  const rows = rowsText(version)
  context.log.write('info', results.length === 0 ? rows : `${rows}, ${results.filter((result) => result.passed).length} of ${results.length} checks hold`, step.dataset)
}

function policyFor({ dataType }: RunContext, step: StepModel, problem: Problem): { policy: RetryPolicy; errorClass: string } {
  const errorClass = classifyProblem(problem)
  return { errorClass, policy: step.retry[errorClass] ?? dataType.retry[errorClass] ?? DEFAULT_RETRY[errorClass] }
}

function withPlace(problem: Problem, step: StepModel): Problem {
  return { ...problem, details: { dataset: step.dataset, file: step.file, ...problem.details } }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      if (signal.aborted) reject(new ProblemError('CANCELLED', 'Cancelled'))
      else resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
}
