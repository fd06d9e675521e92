import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { LiveStep, RunLive } from '../../../shared/contract/live.contract.ts'
import type { RunStep } from '../../../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { perSecond, runEtaMs, stepEtaMs, type UsualStep } from '../../../shared/domain/step-eta.ts'
import type { EntitiesReader } from '../ledger/entities.store.ts'
import type { HistoryReader } from '../ledger/history.store.ts'
import type { RunRow, RunsReader } from '../ledger/runs.store.ts'
import type { StepRow, StepsReader } from '../ledger/steps.store.ts'
import type { OpProgress } from '../workers/wire.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'
import type { Layout } from '../zones/layout.ts'
import type { Api } from './api.ts'
import { mustFindRun } from './find-run.ts'

export interface LiveControllerParts {
  runs: RunsReader
  steps: StepsReader
  entities: EntitiesReader
  history: HistoryReader
  workers: WorkerPool
  layout: Layout
  clock: () => number
  progressOf(stepId: number): OpProgress | null
}

export function liveController(api: Api, parts: LiveControllerParts) {
  return { run: api.live.run.handler(({ input }) => runLive(parts, mustFindRun(parts.runs, input.run))) }
}

async function runLive(parts: LiveControllerParts, run: RunRow): Promise<RunLive> {
  if (FINISHED_RUN_STATES.has(run.state)) return { steps: [], etaMs: null, memoryBytes: null }
  const described = new Map(parts.steps.describe(run.id).map((step) => [step.dataset, step]))
  const rows = parts.steps.ofRun(run.id)
  const usual = parts.history.usualSteps(rows.map((row) => row.dataset))
  const usualOf = ({ dataset }: StepRow): UsualStep => usual.get(dataset) ?? { durationMs: null, rows: null, sizeBytes: null }
  const running = rows.flatMap((row) => {
    const step = described.get(row.dataset)
    return row.state === 'running' && step !== undefined ? [{ row, step }] : []
  })
  const steps = await Promise.all(running.map(({ row, step }) => liveStep(parts, { row, step, usual: usualOf(row) })))
  const waiting = rows.filter((row) => row.state === 'pending').map((row) => usualOf(row).durationMs)
  const eta = runEtaMs(steps.map((step) => step.etaMs), waiting)
  const memory = parts.workers.living().filter((worker) => worker.kind === 'run').flatMap((worker) => worker.memoryBytes ?? [])
  return { steps, etaMs: eta === null ? null : Math.round(eta), memoryBytes: memory.length === 0 ? null : memory.reduce((sum, bytes) => sum + bytes, 0) }
}

interface RunningStep {
  row: StepRow
  step: RunStep
  usual: UsualStep
}

async function liveStep(parts: LiveControllerParts, { row, step, usual }: RunningStep): Promise<LiveStep> {
  const elapsedMs = step.startedAt === null ? 0 : Math.max(0, parts.clock() - Date.parse(step.startedAt))
  const share = parts.progressOf(row.id)?.share ?? null
  const isCounted = row.entitiesTotal !== null
  const rows = isCounted ? parts.entities.rowsOf(row.id) : share === null || usual.rows === null ? null : Math.round(share * usual.rows)
  const bytes = row.staging === null ? null : await writtenBytes(parts.layout, { dataset: row.dataset, staging: row.staging })
  const eta = stepEtaMs(elapsedMs, share, usual.durationMs)
  return {
    dataset: row.dataset,
    share,
    elapsedMs,
    rows,
    rowsAreEstimated: !isCounted,
    rowsPerSecond: perSecond(rows, elapsedMs),
    bytes,
    bytesPerSecond: perSecond(bytes, elapsedMs),
    etaMs: eta === null ? null : Math.round(eta),
  }
}

/** What lies in the folder and the journal of the attempt; null when there is nothing yet. */
async function writtenBytes(layout: Layout, { dataset, staging }: { dataset: string; staging: string }): Promise<number | null> {
  const dir = layout.tempVersionDir(dataset, staging)
  const names = await readdir(dir).catch(() => [])
  const files = [...names.map((name) => path.join(dir, name)), layout.journalFile(staging)]
  const sizes = await Promise.all(files.map((file) => stat(file).then((found) => (found.isFile() ? found.size : 0), () => 0)))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  return total === 0 ? null : total
}
