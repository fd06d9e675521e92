import { randomUUID } from 'node:crypto'
import { constants, existsSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { backoffMs, classifyProblem, DEFAULT_RETRY, type RetryPolicy } from '../../../shared/domain/error-class.ts'
import { type Problem, ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { retryText } from '../../../shared/domain/retry-wait.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { isLaterCheck } from '../planning/check-timing.ts'
import type { StepDecision } from '../planning/step-decision.ts'
import type { CheckSpec, StepModel } from '../workspace/model.ts'
import { stagingFiles } from '../zones/layout.ts'
import { undoMoves } from '../zones/take-delivery.ts'
import { carryJournal } from './carry-journal.ts'
import { runEntityStep } from './entity-step.ts'
import { evaluateChecks } from './evaluate-checks.ts'
import { runExtractStep } from './extract-step.ts'
import { recoverStep } from './recovery.ts'
import type { RunContext } from './run-context.ts'
import { runSqlStep } from './sql-step.ts'
import { degrade, lastGoodVersion } from './stand-in.ts'
import type { StepOutcome } from './step-outcome.ts'

type StagedRow = StepRow & { staging: string; versionNumber: number }

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
    parts.ledger.write(() => {
      if (tries === 1) parts.runs.patch(run.id, { summary })
      steps.transition(stepId, 'running', { ...(tries === 1 ? fresh : { note: null, retry: null }), attempt })
      steps.beginAttempt(stepId, attempt)
    })
    try {
      const outcome = await produce(context, decision, stepId)
      await checkVersion(context, { step, stepId, version: outcome.version, checks: checksNow(context, step), which: 'checksHash' })
      const state = outcome.kind === 'made' ? 'succeeded' : 'reused'
      parts.ledger.write(() => {
        steps.endAttempt(stepId, attempt, { state, problem: null })
        steps.transition(stepId, state, { finishedAt: clock(), note: outcome.note })
      })
      return outcome.version
    } catch (error) {
      const problem = withPlace(toProblem(error), step)
      // First what the attempt wrote goes: on a full disk the ledger needs that room to say how it ended.
      await clearStaging(context, steps.byId(stepId)).catch((cause: unknown) => log.write('warn', `What the attempt left cannot be removed now: ${toProblem(cause).message}`, step.dataset))
      steps.endAttempt(stepId, attempt, { state: 'failed', problem })
      context.signal.throwIfAborted()
      const { policy, errorClass } = policyFor(context, step, problem)
      if (tries >= policy.attempts) {
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

async function produce(context: RunContext, { step, action, version, reasons }: StepDecision, stepId: number): Promise<StepOutcome> {
  const { parts } = context
  if (action === 'reuse' && version !== null) return reuse(context, version, { stepId, note: reasons.map(({ text }) => text).join('; ') })
  const found = parts.steps.byId(stepId)
  await recoverStep(parts, found)
  const row = found.staging === null ? found : parts.steps.byId(stepId)
  if (row.versionId !== null) return { kind: 'made', version: parts.versions.byId(row.versionId), note: null }
  const staged = await stage(context, row)
  return byKind(context, step, staged)
}

/** The version stays as it is; its contract is another, or what that refers to. */
async function reuse({ parts }: RunContext, version: VersionRow, { stepId, note }: { stepId: number; note: string }): Promise<StepOutcome> {
  const { staging } = parts.steps.byId(stepId)
  const { id, rowCount, sizeBytes, quarantined, skipped } = version
  parts.steps.patch(stepId, { versionId: id, rowsOut: rowCount, rowsIn: rowCount + quarantined + skipped, quarantined, skipped, sizeBytes, staging: null, journalBytes: 0 })
  if (staging !== null) for (const file of stagingFiles(parts.layout, staging)) await parts.durable.remove(file)
  return { kind: 'reused', version, note }
}

function byKind(context: RunContext, step: StepModel, row: StagedRow): Promise<StepOutcome> {
  switch (step.kind) {
    case 'extract':
      return runExtractStep(context, step, row)
    case 'sql':
      return runSqlStep(context, step, row)
    case 'entity':
      return runEntityStep(context, step, row)
  }
}

/**
 * Names the folder and the version in the ledger before the first byte is written, so that recovery knows whose they are. Every
 * attempt has a folder and a journal of its own: what an earlier one may still be writing can never mix in.
 */
async function stage({ parts }: RunContext, row: StepRow): Promise<StagedRow> {
  const { steps, layout, durable } = parts
  // Making a folder on a read-only disk fails with a message that misleads.
  await access(layout.zonesDir, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  const staging = randomUUID()
  const journalBytes = await carryJournal(parts, row, staging)
  const staged = parts.ledger.write(() => {
    let versionNumber = row.versionNumber ?? steps.takeVersionNumber(row.dataset)
    while (existsSync(layout.versionDir(row.dataset, versionNumber))) versionNumber = steps.takeVersionNumber(row.dataset)
    steps.patch(row.id, { staging, versionNumber, journalBytes })
    return { ...row, staging, versionNumber, journalBytes }
  })
  if (row.staging !== null) {
    for (const file of stagingFiles(layout, row.staging)) await durable.remove(file)
  }
  return staged
}

/** What a failed attempt wrote goes; what it took from the inbox goes back; the journal of an entity step stays. */
async function clearStaging({ parts }: RunContext, row: StepRow): Promise<void> {
  if (row.staging === null) return
  const dir = parts.layout.tempVersionDir(row.dataset, row.staging)
  await undoMoves(parts.durable, dir)
  await parts.durable.remove(dir)
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
export async function checkVersion(context: RunContext, { step, stepId, version, checks, which }: VersionToCheck): Promise<void> {
  const { parts, run, planner } = context
  const { hash, keptFrom, rules } = planner.checksOf({ step, version, checks, which })
  if (keptFrom !== null) {
    parts.checks.keep({ stepId, fromStepId: keptFrom, at: parts.clock() }, rules)
    parts.steps.patch(stepId, { [which]: hash })
    return
  }
  const earlier = which === 'checksHash' ? null : parts.checks.ofRun(run.id).filter((result) => result.dataset === step.dataset && !rules.includes(result.rule))
  const results = await evaluateChecks(context, { step, stepId, version, checks, earlier })
  if (checks.length > 0) parts.steps.patch(stepId, { [which]: hash })
  const rows = `${version.rowCount.toLocaleString('en')} rows, v${version.number}`
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
