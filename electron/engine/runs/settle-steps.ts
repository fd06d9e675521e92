import { setImmediate } from 'node:timers/promises'
import type { StepDecision } from '../planning/step-decision.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import { stagingFiles } from '../zones/layout.ts'
import { listQuarantine } from './list-quarantine.ts'
import type { RunContext } from './run-context.ts'

export interface SettledStep {
  row: StepRow
  decision: StepDecision
}

/** Steps a transaction: a hundred that need no work cost two syncs of the disk, and the engine's thread is free in between. */
const CHUNK = 50

/** Writes down steps that are reused as they are, or left out. */
export async function settleSteps(context: RunContext, settled: readonly SettledStep[]): Promise<void> {
  const { parts } = context
  for (let from = 0; from < settled.length; from += CHUNK) {
    const chunk = settled.slice(from, from + CHUNK)
    parts.ledger.write(() => {
      for (const step of chunk) settle(context, step)
    })
    await setImmediate()
  }
  for (const { row, decision } of settled) {
    if (decision.action === 'reuse' && decision.version !== null) await listQuarantine(context, decision.version, parts.clock())
    if (row.staging !== null) for (const file of stagingFiles(parts.layout, row.staging)) await parts.durable.remove(file)
  }
}

function settle({ parts, run }: RunContext, { row, decision }: SettledStep): void {
  const { action, version, reasons, recipe, checks } = decision
  const at = parts.clock()
  const note = reasons.map(({ text }) => text).join('; ')
  if (action === 'skip') {
    if (version !== null) parts.versions.pin(run.id, [version.id])
    parts.steps.transition(row.id, 'skipped', { note, staging: null, journalBytes: 0 })
    return
  }
  if (version === null) return
  const { id, rowCount, sizeBytes, quarantined, skipped } = version
  parts.steps.transition(row.id, 'reused', {
    note, recipe, versionId: id, rowsOut: rowCount, rowsIn: rowCount + quarantined + skipped, quarantined, skipped, sizeBytes,
    checksHash: checks.hash, startedAt: at, finishedAt: at, staging: null, journalBytes: 0,
  })
  if (checks.keptFrom !== null) parts.checks.keep({ stepId: row.id, fromStepId: checks.keptFrom, at }, checks.rules)
}
