import { DEFAULT_RETRY, type ErrorClass, type RetryPolicy } from '../../../shared/domain/error-class.ts'
import { parseDurationMs } from '../../../shared/domain/quantity.ts'
import { RETRY_CLASSES, type RetryFile } from './file-values.schema.ts'
import type { FindingList } from './finding-list.ts'
import type { YamlDocument } from './yaml-document.ts'

const MAX_BASE_DELAY_MS = 600_000
const MAX_DELAY_MS = 3_600_000

/** Retry policies as a file gives them; what it leaves out of a class comes from `base`, else from the built-in policy. */
export function readRetry(retry: RetryFile | undefined, base: Partial<Record<ErrorClass, RetryPolicy>>, at: { document: YamlDocument; findings: FindingList }): Partial<Record<ErrorClass, RetryPolicy>> {
  const policies = { ...base }
  for (const name of RETRY_CLASSES) {
    const written = retry?.[name]
    if (written === undefined) continue
    const known = base[name] ?? DEFAULT_RETRY[name]
    const baseDelayMs = written.base_delay === undefined ? known.baseDelayMs : (parseDurationMs(written.base_delay) ?? known.baseDelayMs)
    const maxDelayMs = written.max_delay === undefined ? Math.max(known.maxDelayMs, baseDelayMs) : (parseDurationMs(written.max_delay) ?? known.maxDelayMs)
    if (baseDelayMs > MAX_BASE_DELAY_MS || maxDelayMs > MAX_DELAY_MS) {
      at.findings.add({
        code: 'invalid-value',
        file: at.document.file,
        at: at.document.place(['retry', name], 'key'),
        message: `"retry.${name}" waits too long: base_delay may be 10m, max_delay 1h`,
      })
    }
    if (maxDelayMs < baseDelayMs) {
      at.findings.add({
        code: 'invalid-value',
        file: at.document.file,
        at: at.document.place(['retry', name, 'max_delay']),
        message: `"retry.${name}.max_delay" (${maxDelayMs} ms) is shorter than the first wait (${baseDelayMs} ms)`,
      })
    }
    policies[name] = { attempts: written.attempts ?? known.attempts, baseDelayMs, maxDelayMs }
  }
  return policies
}
