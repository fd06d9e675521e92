import type { Limits } from '../workspace/model.ts'

/** Less, and DuckDB spends its time on spilling. */
const LEAST_MEMORY_MB = 128

/** How many runs may go on together: as many as the workspace says, as long as each has a thread and enough memory to work with. */
export function runsAtOnce({ runs, threads, memoryMb }: Limits): number {
  return Math.max(1, Math.min(runs, threads, Math.floor(memoryMb / LEAST_MEMORY_MB)))
}

/** What each of `count` runs that go on together may take. */
export function runShare({ memoryMb, threads }: Pick<Limits, 'memoryMb' | 'threads'>, count: number): { memoryMb: number; threads: number } {
  const sharers = Math.max(1, count)
  return { memoryMb: Math.max(LEAST_MEMORY_MB, Math.floor(memoryMb / sharers)), threads: Math.max(1, Math.floor(threads / sharers)) }
}
