import { appendFileSync, mkdirSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { type LogLine, logLineSchema } from '../../../shared/contract/runs.contract.ts'
import { archivedLog, expandLog } from './log-archive.ts'

export interface RunLog {
  write(level: LogLine['level'], text: string, step?: string | null): void
}

/** Opens the log of a run for appending: NDJSON, outside the ledger, one line an entry, numbered from 1. One that was compressed is expanded. */
export async function openRunLog(file: string, options: { clock: () => number; redact?: (text: string) => string; onLine(line: LogLine): void }): Promise<RunLog> {
  mkdirSync(path.dirname(file), { recursive: true })
  await expandLog(file)
  let seq = (await readRunLog(file, { limit: 1 })).at(-1)?.seq ?? 0
  return {
    write(level, written, step = null) {
      const text = options.redact?.(written) ?? written
      const line: LogLine = { seq: (seq += 1), at: new Date(options.clock()).toISOString(), level, step, text }
      appendFileSync(file, `${JSON.stringify(line)}\n`)
      options.onLine(line)
    },
  }
}

/** Lines after `afterSeq`, oldest first, at most `limit`; without afterSeq the last `limit`. A torn last line is left out. */
export async function readRunLog(file: string, { afterSeq, limit }: { afterSeq?: number | undefined; limit: number }): Promise<LogLine[]> {
  const isEnough = (lines: readonly LogLine[]): boolean => (afterSeq === undefined ? lines.length > limit : (lines[0]?.seq ?? Number.POSITIVE_INFINITY) <= afterSeq)
  const lines = (afterSeq === 0 ? null : await readTail(file, isEnough)) ?? (await readForward(file, { afterSeq, limit }))
  if (afterSeq === undefined) return lines.slice(-limit)
  return lines.filter((line) => line.seq > afterSeq).slice(0, limit)
}

const FIRST_TAIL_BYTES = 64 * 1024

/** The end of a growing file, as much as is needed: whoever follows it reads what is new, however long it is. Null: no plain file. */
async function readTail(file: string, isEnough: (lines: readonly LogLine[]) => boolean): Promise<LogLine[] | null> {
  const handle = await openIfThere(file)
  if (handle === null) return null
  try {
    const { size } = await handle.stat()
    for (let wanted = FIRST_TAIL_BYTES; ; wanted *= 4) {
      const from = Math.max(0, size - wanted)
      const buffer = Buffer.alloc(size - from)
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from)
      const texts = buffer.toString('utf8', 0, bytesRead).split('\n')
      // The first piece may be the end of a line.
      const lines = texts.slice(from === 0 ? 0 : 1).flatMap((text) => parseLine(text) ?? [])
      if (from === 0 || isEnough(lines)) return lines
    }
  } finally {
    await handle.close()
  }
}

async function readForward(file: string, { afterSeq, limit }: { afterSeq: number | undefined; limit: number }): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for await (const text of logTexts(file)) {
    const line = parseLine(text)
    if (line === null || (afterSeq !== undefined && line.seq <= afterSeq)) continue
    lines.push(line)
    if (afterSeq !== undefined && lines.length >= limit) break
    if (lines.length > 2 * limit) lines.splice(0, lines.length - limit)
  }
  return lines
}

/** Every line of a log as it is written, compressed or not; none when there is no log. */
export async function* logTexts(file: string, signal?: AbortSignal): AsyncGenerator<string> {
  // Opened, not looked for: the log may be compressed in this moment.
  const plain = await openIfThere(file)
  const handle = plain ?? (await openIfThere(archivedLog(file)))
  if (handle === null) return
  const source = handle.createReadStream()
  const input = plain === null ? source.pipe(createGunzip()) : source
  // A pipe does not pass errors on, and a reader that waits for the other end would wait for ever.
  source.on('error', (error) => void input.destroy(error))
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  try {
    for await (const text of reader) {
      signal?.throwIfAborted()
      yield text
    }
  } finally {
    reader.close()
    source.destroy()
    input.destroy()
  }
}

function openIfThere(file: string): Promise<FileHandle | null> {
  return open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** Null: a line cut by a power failure; what is before and after it still reads. */
export function parseLine(text: string): LogLine | null {
  if (text === '') return null
  try {
    return logLineSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
