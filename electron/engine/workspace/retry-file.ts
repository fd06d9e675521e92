import { DEFAULT_RETRY, type ErrorClass, type RetryPolicy } from '../../../shared/domain/error-class.ts'
import { parseDurationMs } from '../../../shared/domain/quantity.ts'
import { RETRY_CLASSES, type RetryFile, type RetryPolicyFile } from './file-values.schema.ts'
import type { FindingList } from './finding-list.ts'
import type { YamlDocument } from './yaml-document.ts'

export type RetryPolicies = Partial<Record<ErrorClass, RetryPolicy>>

const MAX_BASE_DELAY_MS = 600_000
const MAX_DELAY_MS = 3_600_000

/** Retry policies as a file gives them; what it leaves out of a class comes from `base`, else from the built-in policy. */
export function readRetry(retry: RetryFile | undefined, base: RetryPolicies, at: { document: YamlDocument; findings: FindingList }): RetryPolicies {
  const policies = { ...base }
  for (const name of RETRY_CLASSES) {
    const written = retry?.[name]
    if (written === undefined) continue
    const policy = readPolicy(written, base[name] ?? DEFAULT_RETRY[name])
    const problem = policyProblem(policy)
    const { document, findings } = at
    if (problem !== null) findings.add({ code: 'invalid-value', file: document.file, at: document.place(['retry', name], 'key'), message: `"retry.${name}" ${problem}` })
    policies[name] = policy
  }
  return policies
}

function readPolicy(written: RetryPolicyFile, known: RetryPolicy): RetryPolicy {
  const baseDelayMs = durationOr(written.base_delay, known.baseDelayMs)
  return { attempts: written.attempts ?? known.attempts, baseDelayMs, maxDelayMs: durationOr(written.max_delay, Math.max(known.maxDelayMs, baseDelayMs)) }
}

/** Milliseconds of a duration as a file has it, or what holds where it says nothing. */
export function durationOr(written: string | number | undefined, fallback: number): number {
  return written === undefined ? fallback : (parseDurationMs(written) ?? fallback)
}

function policyProblem({ baseDelayMs, maxDelayMs }: RetryPolicy): string | null {
  if (baseDelayMs > MAX_BASE_DELAY_MS || maxDelayMs > MAX_DELAY_MS) return 'waits too long: base_delay may be 10m, max_delay 1h'
  if (maxDelayMs < baseDelayMs) return `has a max_delay (${maxDelayMs} ms) that is shorter than the first wait (${baseDelayMs} ms)`
  return null
}
