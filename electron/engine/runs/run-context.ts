import type { DatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import { removedProblem } from '../keep/removed-problem.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import type { ParameterValues } from '../../../shared/domain/run-parameters.ts'
import type { OpProgress, SqlVariable, VersionSource } from '../workers/wire.ts'
import type { WorkerClient } from '../workers/worker-client.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'
import type { RunLog } from './run-log.ts'
import type { StepPlanner } from '../planning/step-planner.ts'
import type { Recipe } from '../zones/recipe.ts'
import { versionSource } from './version-source.ts'

/** One pass over one run: what its steps share. */
export interface RunContext {
  readonly parts: EngineParts
  readonly run: RunRow
  readonly dataType: DataTypeModel
  readonly signal: AbortSignal
  readonly log: RunLog
  /** Every declared parameter with its value. */
  readonly parameters: ParameterValues
  /** The same for SQL. */
  readonly variables: SqlVariable[]
  readonly planner: StepPlanner
  /** By which the steps that run make their versions; null for what is of more than one making. */
  readonly recipes: Map<DatasetId, Recipe | null>
  /** The run's own worker; a new one when the last one died. */
  worker(): WorkerClient<'run'>
  /** What a dataset's name means in this run: its own new version, else the version pinned when it was planned. */
  resolve(dataset: DatasetId): VersionRow | null
  /** The same for reading; throws when there is none. */
  source(dataset: DatasetId, reader: string): VersionSource
  progress(step: StepModel, stepId: number, progress: OpProgress): void
}

export interface ContextOptions {
  parts: EngineParts
  run: RunRow
  dataType: DataTypeModel
  signal: AbortSignal
  log: RunLog
  parameters: ParameterValues
  planner: StepPlanner
  onProgress(stepId: number, progress: OpProgress): void
}

export function createRunContext({ parts, run, dataType, signal, log, parameters, planner, onProgress }: ContextOptions): RunContext & AsyncDisposable {
  let worker: WorkerClient<'run'> | null = null
  const resolve = (dataset: DatasetId): VersionRow | null => {
    const made = planner.madeOf(dataset)
    if (made !== null) return made
    const own = parts.steps.inRun(run.id, dataset)
    if (own !== null && own.versionId !== null) return parts.versions.byId(own.versionId)
    return parts.versions.pins(run.id).find((version) => version.dataset === dataset) ?? null
  }
  return {
    parts,
    run,
    dataType,
    signal,
    log,
    parameters,
    variables: dataType.parameters.map(({ name, type }) => ({ name, type, value: parameters[name] ?? null })),
    planner,
    recipes: new Map(),
    resolve,
    worker() {
      if (worker !== null) return worker
      const started = parts.workers.take('run')
      started.onExit(() => {
        if (worker === started) worker = null
      })
      worker = started
      return started
    },
    source(dataset, reader) {
      const version = resolve(dataset)
      if (version !== null && version.removedAt !== null) throw removedProblem([version])
      if (version !== null) return versionSource(parts.layout, parts.versions, version)
      const [dataTypeName = ''] = dataset.split('.')
      throw new ProblemError('NOT_FOUND', `${reader} reads ${dataset}, which has no published version`, {
        hint: `Run ${dataTypeName} first`,
        details: { dataset, errorClass: 'bad_data' },
      })
    },
    progress(step, stepId, progress) {
      onProgress(stepId, progress)
      parts.hub.progress({ dataType: run.dataType, runNumber: run.runNumber, dataset: step.dataset, share: progress.share, text: progress.note })
    },
    async [Symbol.asyncDispose]() {
      if (worker !== null) parts.workers.release(worker)
      worker = null
    },
  }
}
