import { priorityRank, type RunPriority } from '../../../shared/domain/run-priority.ts'

/** A run in the queue. */
export interface Ticket {
  runId: number
  dataType: string
  priority: RunPriority
}

/** `later`: it stays where it is until another run has ended. `drop`: it is not to run any more, and whoever says so has ended it. */
export type Admission = 'start' | 'later' | 'drop'

export interface RunQueueOptions {
  execute(runId: number, signal: AbortSignal): Promise<void>
  /** How many may run at once, asked anew for every start. */
  capacity(): number
  /** By data type: the other data types that it reads. */
  reads(): ReadonlyMap<string, readonly string[]>
  /** The last word before a run starts. */
  admit(runId: number): Admission
  /** How many run, whenever that changes. */
  onRunning(count: number): void
}

export interface Waiting {
  ticket: Ticket
  /** From 1, in the order in which they would start. */
  position: number
  /** Runs that must end before this one may start; empty when it only waits for a place. */
  blockedBy: readonly Ticket[]
}

export interface RunQueue {
  /** Starts it as soon as it may. */
  add(ticket: Ticket): void
  /** True when it was waiting and now is not. */
  remove(runId: number): boolean
  /** Tells a run that is alive to stop. */
  abort(runId: number): void
  running(): readonly Ticket[]
  waiting(): readonly Waiting[]
  /** Waiting and alive. */
  size(): number
  onSize(listener: (size: number) => void): void
  /** Takes nothing more; returns the runs that were waiting. `idle` waits for the living ones. */
  stop(): number[]
  idle(): Promise<void>
}

interface Alive {
  ticket: Ticket
  abort: AbortController
  done: Promise<void>
}

/** The runs that wait, in the order in which they would start: by priority, then as they came. */
class WaitingList {
  readonly #tickets: Ticket[] = []

  get length(): number {
    return this.#tickets.length
  }

  push(ticket: Ticket): void {
    this.#tickets.push(ticket)
  }

  /** Stable, so that equals stay in the order in which they came. */
  ordered(): Ticket[] {
    return this.#tickets.toSorted((a, b) => priorityRank(b.priority) - priorityRank(a.priority))
  }

  take(runId: number): boolean {
    const index = this.#tickets.findIndex((ticket) => ticket.runId === runId)
    if (index >= 0) this.#tickets.splice(index, 1)
    return index >= 0
  }

  clear(): Ticket[] {
    return this.#tickets.splice(0)
  }
}

/**
 * Runs several runs at once, but of each data type one at a time, and none while a run before it makes what it reads: a run pins what it
 * reads when it starts, so it would publish from data that are about to be superseded. By priority, then first come, first served; a run
 * that cannot start yet holds nobody up who can.
 */
export function createRunQueue(options: RunQueueOptions): RunQueue {
  const waiting = new WaitingList()
  const alive = new Map<number, Alive>()
  const listeners: ((size: number) => void)[] = []
  let isStopped = false

  const size = (): number => waiting.length + alive.size
  const running = (): Ticket[] => [...alive.values()].map(({ ticket }) => ticket)
  const notify = (): void => {
    for (const listener of listeners) listener(size())
  }
  const start = (ticket: Ticket): void => {
    const abort = new AbortController()
    const done = options.execute(ticket.runId, abort.signal).finally(() => {
      alive.delete(ticket.runId)
      options.onRunning(alive.size)
      notify()
      pump()
    })
    alive.set(ticket.runId, { ticket, abort, done })
    options.onRunning(alive.size)
  }
  const pump = (): void => {
    const reads = options.reads()
    const before = running()
    for (const ticket of waiting.ordered()) {
      if (isStopped || alive.size >= Math.max(1, options.capacity())) return
      const admission = blockers(ticket, before, reads).length > 0 ? 'later' : options.admit(ticket.runId)
      if (admission !== 'later') waiting.take(ticket.runId)
      if (admission === 'start') start(ticket)
      if (admission === 'drop') notify()
      else before.push(ticket)
    }
  }
  return {
    add(ticket) {
      waiting.push(ticket)
      notify()
      // After the transaction that queued it.
      queueMicrotask(pump)
    },
    remove(runId) {
      if (!waiting.take(runId)) return false
      notify()
      queueMicrotask(pump)
      return true
    },
    abort: (runId) => alive.get(runId)?.abort.abort(),
    running,
    waiting: () => placesOf(waiting.ordered(), running(), options.reads()),
    size,
    onSize: (listener) => void listeners.push(listener),
    stop() {
      isStopped = true
      for (const { abort } of alive.values()) abort.abort()
      return waiting.clear().map(({ runId }) => runId)
    },
    idle: async () => void (await Promise.all([...alive.values()].map(({ done }) => done))),
  }
}

function placesOf(ordered: readonly Ticket[], running: readonly Ticket[], reads: ReadonlyMap<string, readonly string[]>): Waiting[] {
  return ordered.map((ticket, index) => ({ ticket, position: index + 1, blockedBy: blockers(ticket, [...running, ...ordered.slice(0, index)], reads) }))
}

function blockers(ticket: Ticket, before: readonly Ticket[], reads: ReadonlyMap<string, readonly string[]>): Ticket[] {
  const read = reads.get(ticket.dataType) ?? []
  return before.filter(({ dataType }) => dataType === ticket.dataType || read.includes(dataType))
}
