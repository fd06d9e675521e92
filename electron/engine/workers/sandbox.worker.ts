import { explainQuery } from '../query/sandbox/explain-query.ts'
import { queryRows } from '../query/sandbox/query-rows.ts'
import { guarded } from '../query/sandbox/sandbox-guard.ts'
import { storeResult } from '../query/sandbox/store-result.ts'
import { testStatement } from '../query/sandbox/test-statement.ts'
import type { OpContext } from './worker-server.ts'
import { serveWorker } from './worker-server.ts'

/** What Node and DuckDB take besides the memory that DuckDB counts, measured at a sort that spills. */
const UNCOUNTED_MB = 512
const UNCOUNTED_SHARE = 0.5
/** For the last answer to reach the engine. */
const LAST_WORDS_MS = 50

/** Queries that people and programs typed, one at a time, so that what one of them does to the process is done to nobody else. */
serveWorker<'sandbox'>({
  query: (input, context) => alone(input, context, () => queryRows(input, context.init, context.signal)),
  store: (input, context) => alone(input, context, () => storeResult(input, context)),
  test: (input, context) => alone(input, context, () => testStatement(input, context.init, context.signal)),
  explain: (input, context) => alone(input, context, () => explainQuery(input, context.init, context.signal)),
})

function alone<T>({ timeoutMs }: { timeoutMs: number }, { init: { memoryMb }, log }: Pick<OpContext<never>, 'init' | 'log'>, work: () => Promise<T>): Promise<T> {
  const limits = {
    timeoutMs,
    maxBytes: (memoryMb * (1 + UNCOUNTED_SHARE) + UNCOUNTED_MB) * 2 ** 20,
    residentBytes: () => process.memoryUsage.rss(),
    endProcess: () => {
      log('warn', 'A query did not keep to its limits: the sandbox ends')
      setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_WORDS_MS)
    },
  }
  return guarded(limits, work)
}
