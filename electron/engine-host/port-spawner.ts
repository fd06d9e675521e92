import type { FromEngine } from '../../shared/contract/engine-process.contract.ts'
import type { WorkerProcess, WorkerSpawner } from '../engine/workers/wire.ts'

/** A port of Electron, as far as workers need it. */
interface WorkerPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  start(): void
}

export interface PortSpawner {
  readonly spawn: WorkerSpawner
  /** Main has started the worker: `port` leads to it. */
  started(id: number, pid: number | null, port: WorkerPort): void
  gone(id: number, reason: string): void
}

interface Pending {
  pid: number | null
  port: WorkerPort | null
  outbox: unknown[]
  messageListeners: ((message: unknown) => void)[]
  exitListeners: ((reason: string) => void)[]
  exitReason: string | null
}

/** Only Electron's main process can start utility processes, so it is asked, and hands over a port to each worker. */
export function createPortSpawner(ask: (message: FromEngine) => void): PortSpawner {
  const workers = new Map<number, Pending>()
  let lastId = 0
  return {
    spawn(kind): WorkerProcess {
      const id = ++lastId
      const worker: Pending = { pid: null, port: null, outbox: [], messageListeners: [], exitListeners: [], exitReason: null }
      workers.set(id, worker)
      ask({ type: 'worker:spawn', id, kind })
      return {
        get pid() {
          return worker.pid
        },
        post(message) {
          if (worker.port === null) worker.outbox.push(message)
          else worker.port.postMessage(message)
        },
        onMessage: (listener) => void worker.messageListeners.push(listener),
        onExit(listener) {
          if (worker.exitReason === null) worker.exitListeners.push(listener)
          else listener(worker.exitReason)
        },
        kill: () => ask({ type: 'worker:kill', id }),
      }
    },
    started(id, pid, port) {
      const worker = workers.get(id)
      if (worker === undefined) return
      worker.pid = pid
      worker.port = port
      port.on('message', ({ data }) => {
        for (const listener of worker.messageListeners) listener(data)
      })
      port.start()
      for (const message of worker.outbox.splice(0)) port.postMessage(message)
    },
    gone(id, reason) {
      const worker = workers.get(id)
      workers.delete(id)
      if (worker === undefined) return
      worker.exitReason = reason
      for (const listener of worker.exitListeners) listener(reason)
    },
  }
}
