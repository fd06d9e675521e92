import type { Expectation } from '../../../shared/contract/plan.contract.ts'
import type { Execution } from '../ledger/steps.store.ts'

/** Executions that an expectation rests on: enough for a median that one odd run does not move, few enough to follow a growing table. */
export const EXECUTIONS = 10

/** What a step will probably take and make; null when it never ran. */
export function expectFrom(executions: readonly Execution[]): Expectation | null {
  if (executions.length === 0) return null
  const figure = (values: number[]): Expectation['ms'] => {
    const sorted = values.toSorted((a, b) => a - b)
    return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0 }
  }
  return {
    runs: executions.length,
    ms: figure(executions.map(({ ms }) => ms)),
    rows: figure(executions.map(({ rows }) => rows)),
    bytes: figure(executions.map(({ bytes }) => bytes)),
  }
}
