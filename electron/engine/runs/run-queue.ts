export interface RunQueue {
  /** Starts it when nothing else runs, else after those before it. */
  add(runId: number): void
  /** True when it was waiting and now is not. */
  remove(runId: number): boolean
  /** Tells a run that is alive to stop. */
  abort(runId: number): void
  /** Waiting and alive. */
  size(): number
  onSize(listener: (size: number) => void): void
  /** Takes nothing more; returns the runs that were waiting. `abort` and wait for the living one with `idle`. */
  stop(): number[]
  idle(): Promise<void>
}

/** Runs go one at a time, first come, first served: two DuckDB steps at once would only fight for the same cores. */
export function createRunQueue(execute: (runId: number, signal: AbortSignal) => Promise<void>): RunQueue {
  const waiting: number[] = []
  const listeners: ((size: number) => void)[] = []
  let alive: { runId: number; abort: AbortController; done: Promise<void> } | null = null
  let isStopped = false

  const size = (): number => waiting.length + (alive === null ? 0 : 1)
  const notify = (): void => {
    for (const listener of listeners) listener(size())
  }
  const pump = (): void => {
    if (isStopped || alive !== null) return
    const runId = waiting.shift()
    if (runId === undefined) return
    const abort = new AbortController()
    const done = execute(runId, abort.signal).finally(() => {
      alive = null
      notify()
      pump()
    })
    alive = { runId, abort, done }
  }
  return {
    add(runId) {
      waiting.push(runId)
      notify()
      // After the transaction that queued it.
      queueMicrotask(pump)
    },
    remove(runId) {
      const index = waiting.indexOf(runId)
      if (index < 0) return false
      waiting.splice(index, 1)
      notify()
      return true
    },
    abort(runId) {
      if (alive?.runId === runId) alive.abort.abort()
    },
    size,
    onSize: (listener) => void listeners.push(listener),
    stop() {
      isStopped = true
      alive?.abort.abort()
      return waiting.splice(0)
    },
    idle: async () => alive?.done,
  }
}
