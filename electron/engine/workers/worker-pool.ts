import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import type { WorkerInit, WorkerKind, WorkerSpawner } from './wire.ts'
import { createWorkerClient, type WorkerClient } from './worker-client.ts'

export interface WorkerPool {
  /** The one shared worker of a kind, started when first needed and again after it died. */
  shared<K extends 'reader' | 'analyst' | 'ingest'>(kind: K): WorkerClient<K>
  /** A worker for one job alone; give it back with `release`. One idle worker of those that are needed at once is kept warm. */
  take<K extends 'run' | 'export' | 'sandbox' | 'profile' | 'copy'>(kind: K): WorkerClient<K>
  release(worker: WorkerClient<'run'> | WorkerClient<'export'> | WorkerClient<'sandbox'> | WorkerClient<'profile'> | WorkerClient<'copy'>): void
  /** How many runs go on: what runs may take is divided between them, from each worker's next operation on. */
  share(runs: number): void
  living(): { kind: WorkerKind; pid: number | null; memoryBytes: number | null; isBusy: boolean }[]
  /** Ends all workers and waits until they are gone. */
  close(): Promise<void>
}

export interface PoolOptions {
  spawn: WorkerSpawner
  /** What a worker may take while `runs` runs go on. */
  initFor(kind: WorkerKind, runs: number): WorkerInit
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void
}

const EXIT_WAIT_MS = 3_000
const KEPT_WARM: ReadonlySet<WorkerKind> = new Set(['run', 'sandbox'])

export function createWorkerPool({ spawn, initFor, log }: PoolOptions): WorkerPool {
  const living = new Map<WorkerClient<WorkerKind>, (runs: number) => WorkerInit>()
  const sharedWorkers = new Map<WorkerKind, WorkerClient<WorkerKind>>()
  const idle = new Map<WorkerKind, WorkerClient<WorkerKind>>()
  /** Those that are ended because their work is done. */
  const dismissed = new WeakSet<WorkerClient<WorkerKind>>()
  let isClosing = false
  let runs = 1

  const start = <K extends WorkerKind>(kind: K): WorkerClient<K> => {
    // A folder each, so that what a killed one has spilled can go.
    const tempDir = path.join(initFor(kind, runs).tempDir, `${kind}-${randomUUID()}`)
    const initOf = (count: number): WorkerInit => ({ ...initFor(kind, count), tempDir })
    const worker = createWorkerClient(kind, spawn(kind), initOf(runs))
    const any = worker as WorkerClient<WorkerKind>
    living.set(any, initOf)
    worker.onLog((level, text) => log(level, `${kind}: ${text}`))
    worker.onExit((reason) => {
      living.delete(any)
      rm(tempDir, { recursive: true, force: true }).catch((error: unknown) => log('warn', `${tempDir} cannot be removed: ${String(error)}`))
      if (sharedWorkers.get(kind) === any) sharedWorkers.delete(kind)
      if (idle.get(kind) === any) idle.delete(kind)
      if (!isClosing && !dismissed.has(any)) log('warn', `The ${kind} worker (pid ${worker.pid ?? '?'}) ended: ${reason}`)
    })
    return worker
  }

  return {
    shared(kind) {
      const known = sharedWorkers.get(kind)
      if (known !== undefined) return known as unknown as WorkerClient<typeof kind>
      const worker = start(kind)
      sharedWorkers.set(kind, worker)
      return worker
    },
    take(kind) {
      const warm = idle.get(kind)
      if (warm === undefined) return start(kind)
      idle.delete(kind)
      return warm as unknown as WorkerClient<typeof kind>
    },
    release(worker) {
      const any = worker as WorkerClient<WorkerKind>
      if (!living.has(any)) return
      if (KEPT_WARM.has(worker.kind) && !idle.has(worker.kind) && !isClosing) idle.set(worker.kind, any)
      else {
        dismissed.add(any)
        worker.kill()
      }
    },
    share(count) {
      runs = Math.max(1, count)
      for (const [worker, initOf] of living) if (worker.kind === 'run') worker.configure(initOf(runs))
    },
    living: () => [...living.keys()].map(({ kind, pid, memoryBytes, isBusy }) => ({ kind, pid, memoryBytes, isBusy })),
    async close() {
      isClosing = true
      await endAll([...living.keys()])
    },
  }
}

/** Ends workers and waits until they are gone. */
async function endAll(workers: readonly WorkerClient<WorkerKind>[]): Promise<void> {
  const gone = workers.map((worker) => new Promise<void>((resolve) => worker.onExit(() => resolve())))
  for (const worker of workers) worker.kill()
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, EXIT_WAIT_MS)))
  await Promise.race([Promise.all(gone), timeout])
  clearTimeout(timer)
}
