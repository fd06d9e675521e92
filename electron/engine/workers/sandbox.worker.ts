import { runSandboxed } from '../query/sandbox.ts'
import { createTurns } from '../query/turns.ts'
import { serveWorker } from './worker-server.ts'

/** Queries at once; they share the worker's memory. */
const QUERIES = 2
/** DuckDB answers an interrupt within milliseconds, except in the middle of one endless function call: then the process goes. */
const STUCK_AFTER_MS = 3_000

const turns = createTurns(QUERIES)

serveWorker<'sandbox'>({
  query: (input, { init, signal, log }) =>
    turns(signal, async () => {
      const end = setTimeout(() => {
        log('warn', 'A query did not answer to its time limit: the sandbox ends')
        process.kill(process.pid, 'SIGKILL')
      }, input.timeoutMs + STUCK_AFTER_MS)
      try {
        return await runSandboxed(input, { ...init, memoryMb: Math.max(64, Math.floor(init.memoryMb / QUERIES)) }, signal)
      } finally {
        clearTimeout(end)
      }
    }),
})
