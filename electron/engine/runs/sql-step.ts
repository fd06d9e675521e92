import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { SqlStep } from '../workspace/model.ts'
import { commitVersion } from './commit-version.ts'
import { runEntitySqlStep } from './entity-sql-step.ts'
import type { RunContext } from './run-context.ts'
import type { StepOutcome } from './step-outcome.ts'

interface StagedSql {
  row: StepRow & { staging: string; versionNumber: number }
  /** The end of the step, where it has no rules that are evaluated after it; false when it is not its end after all. */
  onCommit: ((version: VersionRow) => boolean) | null
}

/** SQL: one SELECT over the versions this run reads becomes a version. */
export async function runSqlStep(context: RunContext, step: SqlStep, { row, onCommit }: StagedSql): Promise<StepOutcome> {
  if (step.entity !== null) return runEntitySqlStep(context, { step, grain: step.entity, row })
  const { parts, run, signal } = context
  const written = await context.worker().call(
    'sql',
    {
      sql: step.sql,
      dataType: run.dataType,
      reads: step.inputs.map((input) => context.source(input, step.dataset)),
      outDir: parts.layout.tempVersionDir(step.dataset, row.staging),
      orderBy: step.contract?.key ?? [],
      variables: context.variables,
    },
    { signal, onProgress: (progress) => context.progress(step, row.id, progress) },
  )
  const inputs = step.inputs.map((input) => context.resolve(input)).filter((version): version is VersionRow => version !== null)
  let isEnded = false
  const end = onCommit === null ? null : (version: VersionRow): void => void (isEnded = onCommit(version))
  const version = await commitVersion(context, { step, row, onCommit: end }, { written, inputs, rejectsName: null, quarantined: 0, records: null, sourceHash: null, files: [] })
  return { kind: 'made', version, note: null, isEnded }
}
