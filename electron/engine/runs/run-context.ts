import type { DatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import type { OpProgress, VersionSource } from '../workers/wire.ts'
import type { WorkerClient } from '../workers/worker-client.ts'
import type { DataTypeModel, StepModel } from '../workspace/model.ts'
import type { RunLog } from './run-log.ts'
import { versionSource } from './version-source.ts'

/** One pass over one run: what its steps share. */
export interface RunContext {
  readonly parts: EngineParts
  readonly run: RunRow
  readonly dataType: DataTypeModel
  readonly signal: AbortSignal
  readonly log: RunLog
  /** The run's own worker; a new one when the last one died. */
  worker(): WorkerClient<'run'>
  /** What a dataset's name means in this run: its own new version, else the version pinned when it was planned. */
  resolve(dataset: DatasetId): VersionRow | null
  /** The same for reading; throws when there is none. */
  source(dataset: DatasetId, reader: string): VersionSource
  /** True while this run has yet to make the dataset. */
  isAwaited(dataset: DatasetId): boolean
  progress(step: StepModel, stepId: number, progress: OpProgress): void
}

export interface ContextOptions {
  parts: EngineParts
  run: RunRow
  dataType: DataTypeModel
  signal: AbortSignal
  log: RunLog
  onProgress(stepId: number, progress: OpProgress): void
}

export function createRunContext({ parts, run, dataType, signal, log, onProgress }: ContextOptions): RunContext & AsyncDisposable {
  let worker: WorkerClient<'run'> | null = null
  const stepOf = (dataset: DatasetId): { versionId: number | null; isDone: boolean } | null => {
    const step = parts.steps.ofRun(run.id).find((candidate) => candidate.dataset === dataset)
    return step === undefined ? null : { versionId: step.versionId, isDone: DONE_STEP_STATES.has(step.state) || step.versionId !== null }
  }
  const resolve = (dataset: DatasetId): VersionRow | null => {
    const own = stepOf(dataset)
    if (own?.versionId !== null && own?.versionId !== undefined) return parts.versions.byId(own.versionId)
    return parts.versions.pins(run.id).find((version) => version.dataset === dataset) ?? null
  }
  return {
    parts,
    run,
    dataType,
    signal,
    log,
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
      if (version !== null) return versionSource(parts.layout, parts.versions, version)
      const [dataTypeName = ''] = dataset.split('.')
      throw new ProblemError('NOT_FOUND', `${reader} reads ${dataset}, which has no published version`, {
        hint: `Run ${dataTypeName} first`,
        details: { dataset, errorClass: 'bad_data' },
      })
    },
    isAwaited: (dataset) => stepOf(dataset)?.isDone === false,
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
