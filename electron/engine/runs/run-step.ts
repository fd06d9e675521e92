import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { backoffMs, classifyProblem, DEFAULT_RETRY, type RetryPolicy } from '../../../shared/domain/error-class.ts'
import { type Problem, ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { StepModel } from '../workspace/model.ts'
import { stagingFiles } from '../zones/layout.ts'
import { undoMoves } from '../zones/take-delivery.ts'
import { carryJournal } from './carry-journal.ts'
import { runEntityStep } from './entity-step.ts'
import { evaluateChecks, isDeferred } from './evaluate-checks.ts'
import { runExtractStep } from './extract-step.ts'
import { recoverStep } from './recovery.ts'
import type { RunContext } from './run-context.ts'
import { runSqlStep } from './sql-step.ts'
import type { StepOutcome } from './step-outcome.ts'

type StagedRow = StepRow & { staging: string; versionNumber: number }

/** One step from pending to an end: its version (or the one it reuses), its checks, its retries. Throws what it failed with. */
export async function runStep(context: RunContext, step: StepModel, stepId: number): Promise<void> {
  const { parts, log } = context
  const { steps, clock } = parts
  steps.transition(stepId, 'running', { startedAt: clock(), finishedAt: null, problem: null, note: null })
  for (let attempt = steps.byId(stepId).attempt + 1, tries = 1; ; attempt += 1, tries += 1) {
    steps.patch(stepId, { attempt })
    steps.beginAttempt(stepId, attempt)
    try {
      const outcome = await produce(context, step, stepId)
      await checkVersion(context, step, { stepId, version: outcome.version })
      const state = outcome.kind === 'made' ? 'succeeded' : 'reused'
      parts.ledger.write(() => {
        steps.endAttempt(stepId, attempt, { state, problem: null })
        steps.transition(stepId, state, { finishedAt: clock(), note: outcome.note })
      })
      return
    } catch (error) {
      const problem = withPlace(toProblem(error), step)
      steps.endAttempt(stepId, attempt, { state: 'failed', problem })
      await clearStaging(context, steps.byId(stepId))
      context.signal.throwIfAborted()
      const { policy, errorClass } = policyFor(context, step, problem)
      if (tries >= policy.attempts) throw ProblemError.from(problem, error)
      const waitMs = backoffMs(policy, tries, Math.random())
      const note = `Retrying in ${Math.ceil(waitMs / 1_000)} s, attempt ${tries + 1} of ${policy.attempts}: ${problem.message}`
      log.write('warn', `${note} (${errorClass})`, step.dataset)
      steps.transition(stepId, 'retrying', { note })
      await wait(waitMs, context.signal)
      steps.transition(stepId, 'running', { note: null })
    }
  }
}

async function produce(context: RunContext, step: StepModel, stepId: number): Promise<StepOutcome> {
  const { parts } = context
  await recoverStep(parts, parts.steps.byId(stepId))
  const row = parts.steps.byId(stepId)
  if (row.versionId !== null) return { kind: 'made', version: parts.versions.byId(row.versionId), note: null }
  const staged = await stage(context, row)
  const outcome = await byKind(context, step, staged)
  if (outcome.kind === 'reused') {
    const { id, rowCount, sizeBytes, quarantined } = outcome.version
    parts.steps.patch(stepId, { versionId: id, rowsOut: rowCount, rowsIn: rowCount + quarantined, quarantined, sizeBytes, staging: null })
  }
  return outcome
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

async function checkVersion(context: RunContext, step: StepModel, { stepId, version }: { stepId: number; version: VersionRow }): Promise<void> {
  const all = step.contract?.checks ?? []
  const checks = all.filter((check) => !isDeferred(context, step, check))
  const results = await evaluateChecks(context, { step, stepId, version, checks, earlier: [] })
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
