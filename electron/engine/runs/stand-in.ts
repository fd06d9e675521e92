import type { Problem } from '../../../shared/domain/problem.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { StepModel } from '../workspace/model.ts'
import type { RunContext } from './run-context.ts'

/** What an optional source that is missing or cannot be read is replaced by; null where nothing may stand in. */
export function lastGoodVersion({ parts }: RunContext, step: StepModel, { code }: Problem): VersionRow | null {
  if (step.kind !== 'extract' || step.source.optional !== true) return null
  return code === 'SOURCE_MISSING' || code === 'SOURCE_UNREADABLE' || code === 'SOURCE_UNREACHABLE' ? parts.versions.current(step.dataset) : null
}

/** The step ends with that version, and says so; so does the run. */
export function degrade({ parts, log }: RunContext, stepId: number, { version, problem }: { version: VersionRow; problem: Problem }): VersionRow {
  const { steps, clock } = parts
  const { dataset } = steps.byId(stepId)
  const note = `${problem.message}. v${version.number} of #${version.runNumber} stands in`
  log.write('warn', note, dataset)
  const { id, rowCount, sizeBytes, quarantined, skipped } = version
  steps.transition(stepId, 'reused', { note, degraded: true, versionId: id, rowsOut: rowCount, rowsIn: rowCount + quarantined + skipped, quarantined, skipped, sizeBytes, staging: null, journalBytes: 0, finishedAt: clock() })
  return version
}
