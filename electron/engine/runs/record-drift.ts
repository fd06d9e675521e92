import { columnChanges, driftText, renameCandidates } from '../../../shared/domain/column-drift.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import type { StepModel } from '../workspace/model.ts'
import type { RunContext } from './run-context.ts'
import { versionSource } from './version-source.ts'

/** Compares the columns of a version that was just made with those of the published one before, and keeps what came of it. */
export async function recordDrift({ parts, signal, worker, log }: RunContext, step: StepModel, version: VersionRow): Promise<void> {
  const { versions, metrics, layout } = parts
  const [before] = versions.publishedBefore(version, 1)
  if (before === undefined || metrics.driftOf(version.id) !== null) return
  const pairs = renameCandidates(before.columns, version.columns)
  const likeness = pairs.length === 0 || before.removedAt !== null ? null : await worker().call('likeness', { before: versionSource(layout, versions, before), after: versionSource(layout, versions, version), pairs }, { signal })
  const changes = columnChanges(before.columns, version.columns, ({ from, to }) => likeness?.find((pair) => pair.from === from && pair.to === to)?.share ?? null)
  metrics.saveDrift(version.id, { againstId: before.id, changes })
  if (changes.length > 0) log.write(step.drift === 'evolve' ? 'info' : 'warn', `Columns are other than in v${before.number}: ${driftText(changes)}`, step.dataset)
}

/** Whether there is something to compare. Names and types in their order: what most versions have in common with the one before. */
export function hasOtherColumns({ versions }: Pick<EngineParts, 'versions'>, version: VersionRow): boolean {
  const [before] = versions.publishedBefore(version, 1)
  const essence = ({ columns }: VersionRow): string => JSON.stringify(columns.map(({ name, type }) => [name, type]))
  return before !== undefined && essence(before) !== essence(version)
}
