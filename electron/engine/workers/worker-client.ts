import { problemSchema, ProblemError } from '../../../shared/domain/problem.ts'
import type { FromWorker, OpAsk, OpInput, OpName, OpOutput, OpProgress, ToWorker, WorkerInit, WorkerKind, WorkerProcess } from './wire.ts'

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
  call<N extends OpName<K>>(op: N, input: OpInput<K, N>, options?: CallOptions<OpAsk<K, N>>): Promise<OpOutput<K, N>>
  onExit(listener: (reason: string) => void): void
  onLog(listener: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void): void
  /** Kills the process; every pending call is rejected. */
  kill(): void
}

/** How long a worker may go on after a cancel before it is killed. */
const CANCEL_GRACE_MS = 3_000

/** The engine's end of a worker. When the process dies, everything pending is rejected and new calls are refused. */
export function createWorkerClient<K extends WorkerKind>(kind: K, process: WorkerProcess, init: WorkerInit): WorkerClient<K> {
  const pending = new Map<number, Pending>()
  const logListeners: ((level: 'debug' | 'info' | 'warn' | 'error', text: string) => void)[] = []
  let nextId = 1
  let memoryBytes: number | null = null
  let exitReason: string | null = null

  const send = (message: ToWorker): void => process.post(message)
  const crashed = (reason: string): ProblemError =>
    new ProblemError('WORKER_CRASHED', `The ${kind} worker ended: ${reason}`, { retryable: true, hint: 'It is started again on the next call', details: { errorClass: 'crash' } })

  const answer = (id: number, askId: number, error: unknown): void => {
    if (exitReason === null) send({ type: 'answer', id, askId, error })
  }

  process.onMessage((raw) => {
    const message = raw as FromWorker
    switch (message.type) {
      case 'done':
        return settle(message.id)?.resolve(message.output)
      case 'failed':
        return settle(message.id)?.reject(readProblem(message.problem))
      case 'progress':
        return pending.get(message.id)?.onProgress?.(message.progress)
      case 'ask':
        return void Promise.resolve()
          .then(() => pending.get(message.id)?.onAsk?.(message.payload))
          .then(() => answer(message.id, message.askId, null))
          .catch((error: unknown) => answer(message.id, message.askId, error instanceof Error ? error.message : String(error)))
      case 'log':
        for (const listener of logListeners) listener(message.level, message.text)
        return
      case 'memory':
        memoryBytes = message.rssBytes
        return
      case 'ready':
        return
    }
  })
  process.onExit((reason) => {
    exitReason = reason
    for (const id of [...pending.keys()]) settle(id)?.reject(crashed(reason))
  })
  send({ type: 'init', init })

  function settle(id: number): Pending | undefined {
    const entry = pending.get(id)
    pending.delete(id)
    return entry
  }

  return {
    kind,
    get pid() {
      return process.pid
    },
    get memoryBytes() {
      return memoryBytes
    },
    call(op, input, options = {}) {
      if (exitReason !== null) return Promise.reject(crashed(exitReason))
      if (options.signal?.aborted) return Promise.reject(new ProblemError('CANCELLED', 'Cancelled'))
      const id = nextId++
      return new Promise((resolve, reject) => {
        let grace: NodeJS.Timeout | undefined
        const onAbort = (): void => {
          send({ type: 'cancel', id })
          grace = setTimeout(() => process.kill(), CANCEL_GRACE_MS)
        }
        const finish = (): void => {
          clearTimeout(grace)
          options.signal?.removeEventListener('abort', onAbort)
        }
        options.signal?.addEventListener('abort', onAbort, { once: true })
        pending.set(id, {
          resolve: (output) => (finish(), resolve(output as never)),
          reject: (error) => (finish(), reject(options.signal?.aborted ? new ProblemError('CANCELLED', 'Cancelled', { cause: error }) : error)),
          onProgress: options.onProgress,
          onAsk: options.onAsk as Pending['onAsk'],
        })
        send({ type: 'call', id, op, input })
      })
    },
    onExit: (listener) => process.onExit(listener),
    onLog: (listener) => void logListeners.push(listener),
    kill: () => process.kill(),
  }
}

function readProblem(raw: unknown): ProblemError {
  const parsed = problemSchema.safeParse(raw)
  return parsed.success ? ProblemError.from(parsed.data) : new ProblemError('INTERNAL', `The worker failed: ${JSON.stringify(raw)}`)
}
