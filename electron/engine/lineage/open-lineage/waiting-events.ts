import { appendFile, mkdir, open, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** Lines in a file, of which those before an offset are settled. One who adds and one who empties it never meet. */
export interface WaitingEvents {
  readonly refusedFile: string
  progress(): Progress
  waitingBytes(): Promise<number>
  /** False where there are too many already. */
  add(lines: readonly string[]): Promise<boolean>
  /** The oldest that is not settled; null where none is. */
  first(): Promise<string | null>
  /** The oldest was taken, or refused and put aside. */
  settle(line: string, outcome: { isTaken: boolean; at: number }): Promise<void>
  /** Until nobody writes any more. */
  settled(): Promise<void>
}

/** As much as the other side may be behind. */
const MOST_BYTES = 256 * 2 ** 20
const READ_BYTES = 4 * 2 ** 20

const progressSchema = z.object({ offset: z.int().min(0), sent: z.int(), refused: z.int(), lastSentAt: z.string().nullable() })
export type Progress = z.infer<typeof progressSchema>
const NEW: Progress = { offset: 0, sent: 0, refused: 0, lastSentAt: null }

export async function openWaitingEvents(dir: string): Promise<WaitingEvents> {
  const [waiting, progressFile, refusedFile] = [path.join(dir, 'outbox.ndjson'), path.join(dir, 'progress.json'), path.join(dir, 'refused.ndjson')]
  let progress = await readProgress(progressFile)
  let inLine: Promise<unknown> = Promise.resolve()
  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const done = inLine.then(work)
    inLine = done.catch(() => undefined)
    return done
  }
  const keep = async (next: Progress): Promise<void> => {
    progress = next
    await writeFile(progressFile, JSON.stringify(next))
  }
  const waitingBytes = async (): Promise<number> => Math.max(0, (await sizeOf(waiting)) - progress.offset)
  return {
    refusedFile,
    progress: () => progress,
    waitingBytes,
    first: () => exclusively(() => firstLine(waiting, progress.offset)),
    add: (lines) =>
      exclusively(async () => {
        if ((await waitingBytes()) > MOST_BYTES) return false
        await mkdir(dir, { recursive: true })
        await appendFile(waiting, lines.map((line) => `${line}\n`).join(''))
        return true
      }),
    settle: (line, { isTaken, at }) =>
      exclusively(async () => {
        if (!isTaken) await appendFile(refusedFile, `${line}\n`)
        const offset = progress.offset + Buffer.byteLength(line) + 1
        const { sent, refused, lastSentAt } = progress
        await keep(isTaken ? { offset, sent: sent + 1, refused, lastSentAt: new Date(at).toISOString() } : { offset, sent, refused: refused + 1, lastSentAt })
        if (offset < (await sizeOf(waiting))) return
        await truncate(waiting, 0)
        await keep({ ...progress, offset: 0 })
      }),
    settled: async () => void (await inLine),
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
