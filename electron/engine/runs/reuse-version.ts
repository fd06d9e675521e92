import type { VersionRow } from '../ledger/versions.store.ts'
import { stagingFiles } from '../zones/layout.ts'
import type { RunContext } from './run-context.ts'
import type { StepOutcome } from './step-outcome.ts'

/** The version stays as it is: nothing that it is made of is other. */
export async function reuseVersion({ parts }: RunContext, version: VersionRow, { stepId, note }: { stepId: number; note: string }): Promise<StepOutcome> {
  const { staging } = parts.steps.byId(stepId)
  const { id, rowCount, sizeBytes, quarantined, skipped } = version
  parts.steps.patch(stepId, { versionId: id, rowsOut: rowCount, rowsIn: rowCount + quarantined + skipped, quarantined, skipped, sizeBytes, staging: null, journalBytes: 0 })
  if (staging !== null) for (const file of stagingFiles(parts.layout, staging)) await parts.durable.remove(file)
  return { kind: 'reused', version, note }
}
