import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import { createLivingShare, type LivingShare } from './living-share.ts'
import type { OpAsk, OpInput, OpName, OpOutput, OpProgress, WorkerKind } from './wire.ts'
import type { FromWorker, ToWorker } from './worker-messages.ts'

export interface OpContext<Ask> {
  init: LivingShare
  signal: AbortSignal
  progress(progress: OpProgress): void
  /** Resolves when the engine has acted on the payload; throws what it threw. */
  ask(payload: Ask): Promise<void>
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void
}

export type OpHandlers<K extends WorkerKind> = {
  [N in OpName<K>]: (input: OpInput<K, N>, context: OpContext<OpAsk<K, N>>) => Promise<OpOutput<K, N>>
}

interface Channel {
  post(message: FromWorker): void
  onMessage(listener: (message: ToWorker) => void): void
}

const PROGRESS_INTERVAL_MS = 100
const MEMORY_INTERVAL_MS = 2_000

/** Serves operations in a worker process, forked by plain Node or by Electron. Calls run side by side unless a handler queues them. */
export function serveWorker<K extends WorkerKind>(handlers: OpHandlers<K>): void {
  const channel = openChannel()
  const running = new Map<number, AbortController>()
  const asks = new Map<string, { resolve(): void; reject(error: unknown): void }>()
  const share = createLivingShare({ memoryMb: 1_024, threads: 2, tempDir: '' })

  channel.onMessage((message) => {
    switch (message.type) {
      case 'init':
        share.set(message.init)
        return channel.post({ type: 'ready' })
      case 'cancel':
        return running.get(message.id)?.abort()
      case 'answer': {
        const key = `${message.id}:${message.askId}`
        const waiting = asks.get(key)
        asks.delete(key)
        if (message.error === null) waiting?.resolve()
        else waiting?.reject(new ProblemError('INTERNAL', `The engine refused: ${String(message.error)}`))
        return
      }
      case 'call':
        return void call(message.id, message.op, message.input)
    }
  })
  const memory = setInterval(() => channel.post({ type: 'memory', rssBytes: process.memoryUsage.rss() }), MEMORY_INTERVAL_MS)
  memory.unref()

  async function call(id: number, op: string, input: unknown): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    let askCount = 0
    let lastProgressAt = 0
    const context: OpContext<unknown> = {
      init: share.current(),
      signal: controller.signal,
      progress(progress) {
        const now = Date.now()
        if (now - lastProgressAt < PROGRESS_INTERVAL_MS && progress.share !== 1) return
        lastProgressAt = now
        channel.post({ type: 'progress', id, progress })
      },
      ask(payload) {
        const askId = ++askCount
        return new Promise((resolve, reject) => {
          asks.set(`${id}:${askId}`, { resolve, reject })
          channel.post({ type: 'ask', id, askId, payload })
        })
      },
      log: (level, text) => channel.post({ type: 'log', level, text }),
    }
    try {
      const handler = (handlers as Record<string, (input: unknown, context: OpContext<unknown>) => Promise<unknown>>)[op]
      if (handler === undefined) throw new ProblemError('INTERNAL', `No such worker operation: ${op}`)
      channel.post({ type: 'done', id, output: await handler(input, context) })
    } catch (error) {
      channel.post({ type: 'failed', id, problem: toProblem(error) })
    } finally {
      running.delete(id)
    }
  }
}

interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown; ports: MessagePortLike[] }) => void): void
}
interface MessagePortLike {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): void
  on(event: 'close', listener: () => void): void
  start(): void
}

/** In a utility process the engine's port arrives as the first message; in a forked child the IPC channel is the port. */
function openChannel(): Channel {
  const parentPort = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (parentPort === undefined) {
    process.on('disconnect', () => process.exit(0))
    // Ctrl+C reaches every process of a terminal; only the engine decides what becomes of a worker.
    process.on('SIGINT', () => undefined)
    return {
      post: (message) => void process.send?.(message),
      onMessage: (listener) => void process.on('message', (message) => listener(message as ToWorker)),
    }
  }
  const listeners: ((message: ToWorker) => void)[] = []
  const outbox: FromWorker[] = []
  let port: MessagePortLike | null = null
  parentPort.on('message', ({ ports }) => {
    const [first] = ports
    if (first === undefined || port !== null) return
    port = first
    first.on('message', ({ data }) => {
      for (const listener of listeners) listener(data as ToWorker)
    })
    first.on('close', () => process.exit(0))
    first.start()
    for (const message of outbox.splice(0)) first.postMessage(message)
  })
  return {
    post: (message) => (port === null ? void outbox.push(message) : port.postMessage(message)),
    onMessage: (listener) => void listeners.push(listener),
  }
}
