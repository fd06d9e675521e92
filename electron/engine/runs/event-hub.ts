import type { EngineEvent } from '../../../shared/contract/runs.contract.ts'
import type { EventsReader } from '../ledger/events.store.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { isoTime } from '../ledger/rows.ts'
import { pause } from '../pause.ts'

/** Between two batches, so that a window is told at most ten times a second. */
const BATCH_INTERVAL_MS = 100
const REPLAY_PAGE = 2_000

export type Progress = Pick<EngineEvent, 'dataType' | 'runNumber' | 'dataset' | 'share' | 'text'>

export interface EventHub {
  /** Tells living subscribers; not kept. Newer progress of the same dataset replaces older in a batch. */
  progress(progress: Progress): void
  /** A line that is already in the run's log file. */
  log(line: { dataType: string; runNumber: number; dataset: string | null; text: string }): void
  /** Everything durable after `seq`, then live, in batches, until the signal aborts. */
  subscribe(afterSeq: number | undefined, signal: AbortSignal | undefined): AsyncGenerator<EngineEvent[]>
  close(): void
}

interface Subscriber {
  queue: EngineEvent[]
  wake(): void
}

export function createEventHub(options: { ledger: Ledger; events: EventsReader; clock: () => number }): EventHub {
  const { ledger, events, clock } = options
  const subscribers = new Set<Subscriber>()
  const closing = new AbortController()
  let lastSeq = events.lastSeq()

  const publish = (batch: readonly EngineEvent[]): void => {
    for (const subscriber of subscribers) {
      for (const event of batch) push(subscriber.queue, event)
      subscriber.wake()
    }
  }
  ledger.onEvents((batch) => {
    lastSeq = batch.at(-1)?.seq ?? lastSeq
    publish(batch)
  })

  return {
    progress: (progress) => publish([{ seq: lastSeq, at: isoTime(clock()), kind: 'progress', ...progress }]),
    log: (line) => publish([{ seq: lastSeq, at: isoTime(clock()), kind: 'log', share: null, ...line }]),
    async *subscribe(afterSeq, signal) {
      const stop = signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal])
      let wakeUp = Promise.withResolvers<void>()
      const subscriber: Subscriber = { queue: [], wake: () => wakeUp.resolve() }
      stop.addEventListener('abort', subscriber.wake, { once: true })
      subscribers.add(subscriber)
      try {
        let seen = afterSeq ?? lastSeq
        for (let page = events.after(seen, REPLAY_PAGE); page.length > 0; page = events.after(seen, REPLAY_PAGE)) {
          seen = page.at(-1)?.seq ?? seen
          yield page
        }
        while (!stop.aborted) {
          await wakeUp.promise
          if (stop.aborted) return
          wakeUp = Promise.withResolvers<void>()
          const batch = subscriber.queue.splice(0).filter((event) => isFleeting(event) || event.seq > seen)
          seen = Math.max(seen, ...batch.map((event) => event.seq))
          if (batch.length > 0) yield batch
          await pause(BATCH_INTERVAL_MS, stop)
        }
      } finally {
        subscribers.delete(subscriber)
        stop.removeEventListener('abort', subscriber.wake)
      }
    },
    close: () => closing.abort(),
  }
}

function isFleeting(event: EngineEvent): boolean {
  return event.kind === 'progress' || event.kind === 'log'
}

/** A slow reader needs only the newest progress of a dataset. */
function push(queue: EngineEvent[], event: EngineEvent): void {
  const last = queue.at(-1)
  const isNewer = event.kind === 'progress' && last?.kind === 'progress' && last.dataset === event.dataset && last.runNumber === event.runNumber
  if (isNewer) queue[queue.length - 1] = event
  else queue.push(event)
}
