import { appendFile, mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { LineageEvent } from './facets.ts'
import { postEvent, type Refused } from './post-event.ts'

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
/** As much as a server may be behind; what comes then is not kept. */
const MOST_BYTES = 256 * 2 ** 20
const READ_BYTES = 4 * 2 ** 20

const progressSchema = z.object({ offset: z.int().min(0), sent: z.int(), refused: z.int(), lastSentAt: z.string().nullable() })
type Progress = z.infer<typeof progressSchema>
const NEW: Progress = { offset: 0, sent: 0, refused: 0, lastSentAt: null }

export async function openOutbox(options: OutboxOptions): Promise<Outbox> {
  const { dir, warn, waitsMs = WAITS_MS } = options
  const files = { waiting: path.join(dir, 'outbox.ndjson'), progress: path.join(dir, 'progress.json'), refused: path.join(dir, 'refused.ndjson') }
  let progress = await readProgress(files.progress)
  let problem: string | null = null
  let isFull = false
  const closing = new AbortController()
  let sending: Promise<void> | null = null
  let inLine: Promise<unknown> = Promise.resolve()
  /** One at a time: whoever empties the file must not meet one who adds to it. */
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const done = inLine.then(work)
    inLine = done.catch(() => undefined)
    return done
  }

  const keep = async (next: Progress): Promise<void> => {
    progress = next
    await writeFile(files.progress, JSON.stringify(progress))
  }
  const settle = (line: string, answer: Refused | null): Promise<void> =>
    exclusively(async () => {
      if (answer !== null) {
        await appendFile(files.refused, `${line}\n`)
        warn(`OpenLineage: the endpoint does not take an event (${answer.reason}); it is kept in ${files.refused}`)
      }
      const offset = progress.offset + Buffer.byteLength(line) + 1
      await keep({ offset, sent: progress.sent + (answer === null ? 1 : 0), refused: progress.refused + (answer === null ? 0 : 1), lastSentAt: answer === null ? new Date(options.clock()).toISOString() : progress.lastSentAt })
      if (offset < (await sizeOf(files.waiting))) return
      await truncate(files.waiting, 0)
      await keep({ ...progress, offset: 0 })
    })

  const sendAll = async (): Promise<void> => {
    for (let failures = 0; !closing.signal.aborted; ) {
      const line = await exclusively(() => firstLine(files.waiting, progress.offset))
      if (line === null) return
      try {
        const target = await options.target()
        if (target === null) return
        const answer = await postEvent(target, line, closing.signal)
        await settle(line, answer)
        problem = null
        failures = 0
      } catch (error) {
        if (closing.signal.aborted) return
        const reason = error instanceof Error ? error.message : String(error)
        if (problem !== reason) warn(`OpenLineage: events wait, the endpoint cannot be reached: ${reason}`)
        problem = reason
        await pause(waitsMs[Math.min(failures, waitsMs.length - 1)] ?? 1_000, closing.signal)
        failures += 1
      }
    }
  }
  const wake = (): void => {
    sending ??= sendAll()
      .catch((error: unknown) => warn(`OpenLineage: the outbox cannot be read: ${String(error)}`))
      .finally(() => {
        sending = null
      })
  }
  wake()
  return {
    async add(events) {
      if (events.length === 0) return
      await exclusively(async () => {
        await mkdir(dir, { recursive: true })
        const isNowFull = (await sizeOf(files.waiting)) - progress.offset > MOST_BYTES
        if (isNowFull && !isFull) warn(`OpenLineage: ${dir} is full, since nobody takes its events; newer ones are not kept. "strata openlineage" writes them again at any time`)
        isFull = isNowFull
        if (!isFull) await appendFile(files.waiting, events.map((one) => `${JSON.stringify(one)}\n`).join(''))
      })
      // A sender that is just ending may have seen an empty file.
      if (sending === null) wake()
      else void sending.then(wake)
    },
    state: async () => ({ waitingBytes: Math.max(0, (await sizeOf(files.waiting)) - progress.offset), sent: progress.sent, refused: progress.refused, lastSentAt: progress.lastSentAt, problem }),
    async close(graceMs) {
      const timer = setTimeout(() => closing.abort(), graceMs)
      if (problem !== null) closing.abort()
      await sending
      clearTimeout(timer)
      closing.abort()
      await inLine
    },
  }
}

async function readProgress(file: string): Promise<Progress> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return NEW
  // Cut off while it was written: everything that lies there is sent again, which a receiver can tell by the ids.
  const parsed = progressSchema.safeParse(parseOrNull(text))
  return parsed.success ? parsed.data : NEW
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch(() => null)
  return found?.size ?? 0
}

/** The line at `offset`, without its end; null where none is complete. */
async function firstLine(file: string, offset: number): Promise<string | null> {
  const size = await sizeOf(file)
  if (offset >= size) return null
  const handle = await open(file, 'r')
  try {
    for (let length = Math.min(READ_BYTES, size - offset); ; length = Math.min(length * 2, size - offset)) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset)
      const end = buffer.subarray(0, bytesRead).indexOf(0x0a)
      if (end !== -1) return buffer.subarray(0, end).toString('utf8')
      if (length >= size - offset) return null
    }
  } finally {
    await handle.close()
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })
}
