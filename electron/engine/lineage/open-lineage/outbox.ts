import { pause } from '../../pause.ts'
import type { LineageEvent } from './facets.ts'
import { postEvent } from './post-event.ts'
import { openWaitingEvents } from './waiting-events.ts'

/**
 * Events on their way to an endpoint. They lie in a file until the other side has taken them, one after the other, so that neither a
 * run nor a person ever waits for a server, and a server that is away loses nothing.
 */
export interface Outbox {
  add(events: readonly LineageEvent[]): Promise<void>
  state(): Promise<OutboxState>
  /** Gives what lies there a last chance of `graceMs`; the rest is sent when the workspace is opened next. */
  close(graceMs: number): Promise<void>
}

export interface OutboxState {
  waitingBytes: number
  sent: number
  /** Events the other side will never take, in refused.ndjson beside it. */
  refused: number
  lastSentAt: string | null
  problem: string | null
}

export interface OutboxOptions {
  dir: string
  /** Where to; null while nobody is told. Secrets are resolved anew for every event. */
  target(): Promise<{ url: URL; headers: Record<string, string> } | null>
  clock: () => number
  warn: (text: string) => void
  /** Waits between attempts, ms; the last one goes on. */
  waitsMs?: readonly number[]
}

const WAITS_MS = [1_000, 5_000, 30_000, 120_000, 300_000]

export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { dir, clock, warn, waitsMs = WAITS_MS } = options
  const events = await openWaitingEvents(dir)
  const closing = new AbortController()
  let problem: string | null = null
  let isFull = false
  let sending: Promise<void> | null = null

  /** Null when there is nothing to do; false when it is to be tried again. */
  const sendFirst = async (): Promise<boolean | null> => {
    const line = await events.first()
    const target = line === null ? null : await options.target()
    if (line === null || target === null) return null
    const refused = await postEvent(target, line, closing.signal)
    if (refused !== null) warn(`OpenLineage: the endpoint does not take an event (${refused.reason}); it is kept in ${events.refusedFile}`)
    await events.settle(line, { isTaken: refused === null, at: clock() })
    problem = null
    return true
  }
  const failed = (error: unknown): false => {
    const reason = error instanceof Error ? error.message : String(error)
    if (!closing.signal.aborted && problem !== reason) warn(`OpenLineage: events wait, the endpoint cannot be reached: ${reason}`)
    problem = reason
    return false
  }
  const sendAll = async (): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted; ) {
      const isSent = await sendFirst().catch(failed)
      if (isSent === null) return
      if (!isSent) await pause(waitsMs[Math.min(failures, waitsMs.length - 1)] ?? 1_000, closing.signal)
      failures = isSent ? 0 : failures + 1
    }
  }
  const wake = (): void => {
    sending ??= sendAll().finally(() => {
      sending = null
    })
  }
  wake()
  return {
    async add(added) {
      if (added.length === 0) return
      const isKept = await events.add(added.map((event) => JSON.stringify(event)))
      if (!isKept && !isFull) warn(`OpenLineage: ${dir} is full, since nobody takes its events; newer ones are not kept. "strata openlineage" makes them again at any time`)
      isFull = !isKept
      // A sender that is just ending may have seen an empty file.
      if (sending === null) wake()
      else void sending.then(wake)
    },
    state: async () => {
      const { sent, refused, lastSentAt } = events.progress()
      return { waitingBytes: await events.waitingBytes(), sent, refused, lastSentAt, problem }
    },
    async close(graceMs) {
      const timer = setTimeout(() => closing.abort(), graceMs)
      if (problem !== null) closing.abort()
      await sending
      clearTimeout(timer)
      closing.abort()
      await events.settled()
    },
  }
}
