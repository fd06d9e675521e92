import { appendFileSync, createReadStream, existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { toProblem } from '../../../shared/domain/problem.ts'
import { type LogLine, logLineSchema } from '../../../shared/contract/runs.contract.ts'

export interface RunLog {
  write(level: LogLine['level'], text: string, step?: string | null): void
}

/** Opens the log of a run for appending: NDJSON, outside the ledger, one line an entry, numbered from 1. */
export async function openRunLog(file: string, options: { clock: () => number; onLine(line: LogLine): void }): Promise<RunLog> {
  mkdirSync(path.dirname(file), { recursive: true })
  let waiting = ''
  let seq = (await readRunLog(file, { limit: 1 })).at(-1)?.seq ?? 0
  return {
    write(level, text, step = null) {
      const line: LogLine = { seq: (seq += 1), at: new Date(options.clock()).toISOString(), level, step, text }
      waiting = append(file, `${waiting}${JSON.stringify(line)}\n`)
      options.onLine(line)
    },
  }
}

const MAX_WAITING_CHARS = 1_000_000

/** What could not be written because the disk is full, for the next time; no run fails for its log. */
function append(file: string, text: string): string {
  try {
    appendFileSync(file, text)
    return ''
  } catch (error) {
    if (toProblem(error).code !== 'DISK_FULL') throw error
    return text.slice(-MAX_WAITING_CHARS)
  }
}

/** Lines after `afterSeq`, oldest first, at most `limit`; without afterSeq the last `limit`. A torn last line is left out. */
export async function readRunLog(file: string, { afterSeq, limit }: { afterSeq?: number | undefined; limit: number }): Promise<LogLine[]> {
  if (!existsSync(file)) return []
  const lines: LogLine[] = []
  const reader = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })
  for await (const text of reader) {
    const line = parseLine(text)
    if (line === null || (afterSeq !== undefined && line.seq <= afterSeq)) continue
    lines.push(line)
    if (afterSeq !== undefined && lines.length >= limit) break
    if (lines.length > 2 * limit) lines.splice(0, lines.length - limit)
  }
  reader.close()
  return lines.slice(-limit)
}

function parseLine(text: string): LogLine | null {
  try {
    return logLineSchema.parse(JSON.parse(text))
  } catch {
    // A line cut by a power failure: what is before and after it still reads.
    return null
  }
}
