import { ProblemError } from '../../../../shared/domain/problem.ts'
import { timeoutProblem } from './sandbox.ts'

/** What ends a query that nothing else ends. */
export interface GuardOptions {
  timeoutMs: number
  /** The process may take this much in all: what DuckDB counts, and what it does not. */
  maxBytes: number
  residentBytes(): number
  /** Ends the process, after the answer has gone out. */
  endProcess(): void
}

/** DuckDB answers an interrupt within milliseconds, except in the middle of one endless function call. */
const STUCK_AFTER_MS = 1_500
/** A single value may grow by gigabytes a second, outside of what DuckDB's memory limit counts. */
const LOOK_EVERY_MS = 40

/**
 * Runs a query under limits that hold even where DuckDB does not look at its own: then the answer is a plain problem, and the process
 * goes with everything in it.
 */
export async function guarded<T>({ timeoutMs, maxBytes, residentBytes, endProcess }: GuardOptions, work: () => Promise<T>): Promise<T> {
  let timers: NodeJS.Timeout[] = []
  const overrun = new Promise<never>((_, reject) => {
    const end = (problem: ProblemError): void => {
      reject(problem)
      endProcess()
    }
    timers = [
      setTimeout(() => end(timeoutProblem(timeoutMs)), timeoutMs + STUCK_AFTER_MS),
      setInterval(() => {
        if (residentBytes() > maxBytes) end(memoryProblem(maxBytes))
      }, LOOK_EVERY_MS),
    ]
  })
  try {
    return await Promise.race([work(), overrun])
  } finally {
    // Both kinds are cleared alike.
    for (const timer of timers) clearTimeout(timer)
  }
}

function memoryProblem(maxBytes: number): ProblemError {
  return new ProblemError('OUT_OF_MEMORY', `The query needed more than ${Math.round(maxBytes / 2 ** 20)} MB and was stopped`, {
    hint: 'Read less: filter earlier, aggregate, make smaller values, or make it a step of a pipeline',
  })
}
