import type { Duck } from '../query/duckdb.ts'

const INTERVAL_MS = 150

/**
 * Polls DuckDB's progress bar while a statement runs on this connection.
 * @param report gets a share from 0 to 1
 * @returns stops the polling
 */
export function watchProgress(duck: Duck, report: (share: number) => void): Disposable {
  const timer = setInterval(() => {
    const { percentage } = duck.connection.progress
    if (percentage >= 0) report(Math.min(1, percentage / 100))
  }, INTERVAL_MS)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
