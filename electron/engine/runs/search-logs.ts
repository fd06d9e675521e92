import type { LogHit, LogSearch } from '../../../shared/contract/logs.contract.ts'
import { LOG_LEVELS, type LogLine, type RunRef } from '../../../shared/contract/runs.contract.ts'
import type { RunsReader } from '../ledger/runs.store.ts'
import type { Layout } from '../zones/layout.ts'
import { logTexts, parseLine } from './run-log.ts'

export interface LogSearchRequest {
  text: string
  level: LogLine['level']
  dataType?: string | undefined
  run?: RunRef | undefined
  from?: string | undefined
  to?: string | undefined
  limit: number
}

const RUNS_AT_ONCE = 200
/** Between two answers, so that a window shows hits while the search goes on. */
const BATCH_MS = 100

/** Goes through the logs of the chosen runs, newest run first, and answers with what was found so far, until the end or the limit. */
export async function* searchLogs({ runs, layout }: { runs: RunsReader; layout: Layout }, request: LogSearchRequest, signal?: AbortSignal): AsyncGenerator<LogSearch> {
  const matches = matcher(request)
  let hits: LogHit[] = []
  let [found, searched, total] = [0, 0, 0]
  let lastAt = performance.now()
  const flush = (): LogSearch => {
    const batch = { hits, searched, total, isTruncated: found >= request.limit }
    hits = []
    lastAt = performance.now()
    return batch
  }
  for await (const { run, of } of chosenRuns(runs, request)) {
    total = of
    for await (const text of logTexts(layout.runLogFile(run.dataType, run.runNumber), signal)) {
      const line = matches(text)
      if (line === null) continue
      hits.push({ run, line })
      found += 1
      if (found >= request.limit) return yield flush()
    }
    searched += 1
    signal?.throwIfAborted()
    if (performance.now() - lastAt >= BATCH_MS) yield flush()
  }
  yield flush()
}

async function* chosenRuns(runs: RunsReader, { run, dataType, from, to }: LogSearchRequest): AsyncGenerator<{ run: RunRef; of: number }> {
  if (run !== undefined) return yield { run, of: 1 }
  for (let offset = 0; ; offset += RUNS_AT_ONCE) {
    const page = runs.list({ dataType, from, to, offset, limit: RUNS_AT_ONCE })
    for (const found of page.runs) yield { run: { dataType: found.dataType, runNumber: found.runNumber }, of: page.total }
    if (page.runs.length < RUNS_AT_ONCE) return
  }
}

/** Looks at the written text first: most lines need not be parsed. */
function matcher({ text, level }: LogSearchRequest): (written: string) => LogLine | null {
  const wanted = text.toLowerCase()
  const escaped = JSON.stringify(wanted).slice(1, -1)
  const least = LOG_LEVELS.indexOf(level)
  return (written) => {
    if (!written.toLowerCase().includes(escaped)) return null
    const line = parseLine(written)
    if (line === null || LOG_LEVELS.indexOf(line.level) < least) return null
    return `${line.step ?? ''} ${line.text}`.toLowerCase().includes(wanted) ? line : null
  }
}
