import { problemSchema, ProblemError } from '../../../shared/domain/problem.ts'
import type { OpAsk, OpInput, OpName, OpOutput, OpProgress, WorkerInit, WorkerKind, WorkerProcess } from './wire.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

type LogListener = (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void

interface Pending {
  resolve(output: unknown): void
  reject(error: unknown): void
  onProgress: ((progress: OpProgress) => void) | undefined
  onAsk: ((payload: unknown) => Promise<void> | void) | undefined
}

export interface CallOptions<Ask = never> {
  signal?: AbortSignal | undefined
  onProgress?: (progress: OpProgress) => void
  /** Answers the worker's questions; what it throws is thrown in the worker. */
  onAsk?: (payload: Ask) => Promise<void> | void
}

export interface WorkerClient<K extends WorkerKind> {
  readonly kind: K
  readonly pid: number | null
  readonly memoryBytes: number | null
  /** It works on something, or has not yet said that it stopped. */
  readonly isBusy: boolean
  call<N extends OpName<K>>(op: N, input: OpInput<K, N>, options?: CallOptions<OpAsk<K, N>>): Promise<OpOutput<K, N>>
  /** What it may take, from its next operation on. */
  configure(init: WorkerInit): void
  onExit(listener: (reason: string) => void): void
  onLog(listener: LogListener): void
  /** Kills the process; every pending call is rejected. */
  kill(): void
}

/**
 * How long a worker may go on after a cancel before it is killed. Those that work for one job alone lose nothing by it, and a run is to end
 * when somebody says so, whatever a processor does; those that others share should hear of it in their own time.
 */
const CANCEL_GRACE_MS: Readonly<Record<WorkerKind, number>> = { run: 80, export: 80, profile: 80, copy: 80, sandbox: 500, reader: 3_000, analyst: 3_000, ingest: 3_000 }

/** The engine's end of a worker. When the process dies, everything pending is rejected and new calls are refused. */
export function createWorkerClient<K extends WorkerKind>(kind: K, process: WorkerProcess, init: WorkerInit): WorkerClient<K> {
  const pending = new Map<number, Pending>()
  const logListeners: LogListener[] = []
  const state = { nextId: 1, memoryBytes: null as number | null, exitReason: null as string | null }
  const send = (message: ToWorker): void => {
    if (state.exitReason === null) process.post(message)
  }

  process.onMessage((raw) => receive(raw as FromWorker, { pending, logListeners, send, onMemory: (bytes) => (state.memoryBytes = bytes) }))
  process.onExit((reason) => {
    state.exitReason = reason
    for (const id of [...pending.keys()]) settle(pending, id)?.reject(crashed(kind, reason))
  })
  send({ type: 'init', init })

  return {
    kind,
    pid: process.pid,
    get memoryBytes() {
      return state.memoryBytes
    },
    get isBusy() {
      return pending.size > 0
    },
    call(op, input, options = {}) {
      if (state.exitReason !== null) return Promise.reject(crashed(kind, state.exitReason))
      if (options.signal?.aborted) return Promise.reject(new ProblemError('CANCELLED', 'Cancelled'))
      const id = state.nextId++
      const cancellation = watchSignal(options.signal, { graceMs: CANCEL_GRACE_MS[kind], cancel: () => send({ type: 'cancel', id }), kill: () => process.kill() })
      const answer = new Promise<never>((resolve, reject: (error: unknown) => void) => {
        pending.set(id, { resolve, reject, onProgress: options.onProgress, onAsk: options.onAsk })
        send({ type: 'call', id, op, input })
      })
      return answer
        .catch((error: unknown) => {
          throw options.signal?.aborted ? new ProblemError('CANCELLED', 'Cancelled', { cause: error }) : error
        })
        .finally(cancellation)
    },
    configure: (next) => send({ type: 'init', init: next }),
    onExit: (listener) => process.onExit(listener),
    onLog: (listener) => void logListeners.push(listener),
    kill: () => process.kill(),
  }
}

interface Receiver {
  pending: Map<number, Pending>
  logListeners: readonly LogListener[]
  send(message: ToWorker): void
  onMemory(bytes: number): void
}

function receive(message: FromWorker, { pending, logListeners, send, onMemory }: Receiver): void {
  switch (message.type) {
    case 'done':
      return settle(pending, message.id)?.resolve(message.output)
    case 'failed':
      return settle(pending, message.id)?.reject(readProblem(message.problem))
    case 'progress':
      return pending.get(message.id)?.onProgress?.(message.progress)
    case 'ask': {
      const { id, askId, payload } = message
      void Promise.resolve()
        .then(() => pending.get(id)?.onAsk?.(payload))
        .then(
          () => send({ type: 'answer', id, askId, error: null }),
          (error: unknown) => send({ type: 'answer', id, askId, error: error instanceof Error ? error.message : String(error) }),
        )
      return
    }
    case 'log':
      for (const listener of logListeners) listener(message.level, message.text)
      return
    case 'memory':
      return onMemory(message.rssBytes)
    case 'ready':
      return
  }
}

function settle(pending: Map<number, Pending>, id: number): Pending | undefined {
  const entry = pending.get(id)
  pending.delete(id)
  return entry
}

/** Tells the worker of an abort, and ends it when it does not listen. Returns what stops the watching. */
function watchSignal(signal: AbortSignal | undefined, { graceMs, cancel, kill }: { graceMs: number; cancel(): void; kill(): void }): () => void {
  let grace: NodeJS.Timeout | undefined
  const onAbort = (): void => {
    cancel()
    grace = setTimeout(kill, graceMs)
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  return () => {
    clearTimeout(grace)
    signal?.removeEventListener('abort', onAbort)
  }
}

function crashed(kind: WorkerKind, reason: string): ProblemError {
  return new ProblemError('WORKER_CRASHED', `The ${kind} worker ended: ${reason}`, {
    retryable: true, hint: 'It is started again on the next call', details: { errorClass: 'crash' },
  })
}

function readProblem(raw: unknown): ProblemError {
  const parsed = problemSchema.safeParse(raw)
  return parsed.success ? ProblemError.from(parsed.data) : new ProblemError('INTERNAL', `The worker failed: ${JSON.stringify(raw)}`)
}
