/**
 * Decides which blocks of rows are fetched, and when. The grid asks for every block it scrolls past; on a sorted table of ten
 * million rows each may take seconds. So at most a few are under way, the ones in view come first, one that left the view is
 * aborted and put back, and a failed one waits for Retry instead of leaving a hole.
 */
export interface BlockRequest<P> {
  readonly startRow: number
  readonly endRow: number
  load(signal: AbortSignal): Promise<P>
  deliver(page: P): void
}

export interface RowRange {
  readonly first: number
  readonly last: number
}

export interface PageFailure {
  readonly startRow: number
  readonly endRow: number
  readonly error: unknown
}

interface SchedulerOptions {
  /** Rows in view now. */
  readonly inView: () => RowRange
  readonly maxInFlight: number
  /** Blocks waiting for longer than this many newer ones are forgotten: the grid has dropped them too. */
  readonly maxWaiting: number
  /** Called whenever what is loading or what has failed changes. */
  readonly onChange: (state: SchedulerState) => void
}

export interface SchedulerState {
  readonly loading: number
  readonly failure: PageFailure | null
}

interface Flight {
  readonly abort: AbortController
  displaced: boolean
}

export class PageScheduler<P> {
  readonly #options: SchedulerOptions
  #waiting: BlockRequest<P>[] = []
  readonly #flying = new Map<BlockRequest<P>, Flight>()
  #failed: { request: BlockRequest<P>; error: unknown }[] = []
  #closed = false

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  request(block: BlockRequest<P>): void {
    if (this.#closed) return
    this.#waiting.push(block)
    if (this.#waiting.length > this.#options.maxWaiting) this.#waiting.shift()
    this.#pump()
  }

  /** Tries every failed block again. */
  retry(): void {
    this.#waiting.push(...this.#failed.map(({ request }) => request))
    this.#failed = []
    this.#pump()
  }

  /** Aborts what is under way; nothing is delivered any more. */
  close(): void {
    this.#closed = true
    this.#waiting = []
    this.#failed = []
    for (const { abort } of this.#flying.values()) abort.abort()
    this.#flying.clear()
  }

  #pump(): void {
    this.#makeRoom()
    while (!this.#closed && this.#waiting.length > 0 && this.#flying.size < this.#options.maxInFlight) {
      const next = this.#takeNearest()
      if (next !== undefined) void this.#fly(next)
    }
    this.#report()
  }

  /** When a block in view waits behind one that is not, the one that is not goes back to the queue. */
  #makeRoom(): void {
    if (this.#flying.size < this.#options.maxInFlight) return
    const view = this.#options.inView()
    if (!this.#waiting.some((block) => distance(block, view) === 0)) return
    for (const [block, flight] of this.#flying) {
      if (distance(block, view) === 0 || flight.displaced) continue
      flight.displaced = true
      flight.abort.abort()
      this.#flying.delete(block)
      this.#waiting.unshift(block)
      return
    }
  }

  #takeNearest(): BlockRequest<P> | undefined {
    const view = this.#options.inView()
    const nearest = this.#waiting.reduce((best, block) => (distance(block, view) <= distance(best, view) ? block : best))
    this.#waiting = this.#waiting.filter((block) => block !== nearest)
    return nearest
  }

  async #fly(block: BlockRequest<P>): Promise<void> {
    const flight: Flight = { abort: new AbortController(), displaced: false }
    this.#flying.set(block, flight)
    try {
      const page = await block.load(flight.abort.signal)
      if (flight.abort.signal.aborted) return
      this.#flying.delete(block)
      block.deliver(page)
    } catch (error) {
      if (flight.abort.signal.aborted) return
      this.#flying.delete(block)
      this.#failed.push({ request: block, error })
    }
    if (!this.#closed) this.#pump()
  }

  #report(): void {
    const failed = this.#failed[0]
    this.#options.onChange({
      loading: this.#flying.size + this.#waiting.length,
      failure: failed === undefined ? null : { startRow: failed.request.startRow, endRow: failed.request.endRow, error: failed.error },
    })
  }
}

/** Rows between a block and the view; 0 when they touch. */
function distance(block: { startRow: number; endRow: number }, view: RowRange): number {
  return Math.max(0, block.startRow - view.last, view.first - (block.endRow - 1))
}
