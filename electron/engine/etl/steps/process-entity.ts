import { setTimeout as delay } from 'node:timers/promises'
import type { ProcessingResult } from '../../../../shared/domain/processing-result.ts'
import { backoffMs, classifyProblem, type ErrorClass } from '../../../../shared/domain/error-class.ts'
import { toProblem } from '../../../../shared/domain/problem.ts'
import type { ParameterValues } from '../../../../shared/domain/run-parameters.ts'
import type { InputRow, Processor } from './processor-api.ts'

export interface EntityWork {
  processor: Processor
  key: string
  dataType: string
  runNumber: number
  parameters: ParameterValues
  attempts: number
  retryDelayMs: number
  timeoutMs: number
  signal: AbortSignal
  log(text: string): void
}

export type ProcessedEntity =
  | { state: 'succeeded'; result: ProcessingResult; attempts: number; durationMs: number }
  | { state: 'skipped'; attempts: number; durationMs: number }
  | { state: 'failed'; error: string; errorClass: ErrorClass; attempts: number; durationMs: number }

const MAX_DELAY_MS = 60_000

/** Runs the processor for one entity; tries again what waiting can mend. Never throws for what the processor did, only when cancelled. */
export async function processEntity(entityId: string, rows: readonly InputRow[], work: EntityWork): Promise<ProcessedEntity> {
  const startedAt = performance.now()
  const took = (): number => performance.now() - startedAt
  for (let attempt = 1; ; attempt += 1) {
    try {
      const data = await callProcessor(entityId, rows, work)
      if (data === null) return { state: 'skipped', attempts: attempt, durationMs: took() }
      const result = { entityId, data, processingTimestamp: new Date().toISOString(), runNumber: work.runNumber }
      return { state: 'succeeded', result, attempts: attempt, durationMs: took() }
    } catch (error) {
      work.signal.throwIfAborted()
      const { retryable, errorClass, message } = judge(error)
      if (!retryable || attempt >= work.attempts) return { state: 'failed', error: message, errorClass, attempts: attempt, durationMs: took() }
      const waitMs = backoffMs({ attempts: work.attempts, baseDelayMs: work.retryDelayMs, maxDelayMs: MAX_DELAY_MS }, attempt, Math.random())
      work.log(`${entityId}: ${message}; trying again in ${waitMs} ms, attempt ${attempt + 1} of ${work.attempts}`)
      await delay(waitMs, undefined, { signal: work.signal })
    }
  }
}

async function callProcessor(entityId: string, rows: readonly InputRow[], work: EntityWork): Promise<Record<string, unknown>[] | null> {
  const timeout = new AbortController()
  const context = { runNumber: work.runNumber, dataType: work.dataType, parameters: work.parameters, signal: timeout.signal, log: work.log }
  const stop = (): void => timeout.abort(work.signal.reason)
  work.signal.addEventListener('abort', stop, { once: true })
  try {
    const output = work.processor.process(entityId, rows, context)
    const answer = output instanceof Promise ? await withTimeout(output, work, timeout) : output
    if (answer === null) return null
    return (Array.isArray(answer) ? answer : [answer]).map((row, index) => parseRow(row, { entityId, index, work }))
  } finally {
    work.signal.removeEventListener('abort', stop)
  }
}

async function withTimeout<T>(output: Promise<T>, work: EntityWork, timeout: AbortController): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new EntityTimeout(work.timeoutMs))
      timeout.abort()
    }, work.timeoutMs)
    timeout.signal.addEventListener('abort', () => reject(new EntityTimeout(work.timeoutMs)), { once: true })
  })
  try {
    return await Promise.race([output, expired])
  } finally {
    clearTimeout(timer)
  }
}

class EntityTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`No answer within ${timeoutMs} ms`)
    this.name = 'EntityTimeout'
  }
}

function parseRow(row: unknown, { entityId, index, work }: { entityId: string; index: number; work: EntityWork }): Record<string, unknown> {
  const parsed = work.processor.result.safeParse(row)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue === undefined || issue.path.length === 0 ? 'the row' : issue.path.join('.')
    throw new TypeError(`Row ${index + 1} does not fit the result: ${place}: ${issue?.message ?? 'invalid'}`)
  }
  const named = parsed.data[work.key]
  if (named !== undefined && String(named) !== entityId) {
    throw new TypeError(`Row ${index + 1} is about ${work.key} "${String(named)}", but the entity is "${entityId}"`)
  }
  return named === undefined ? { [work.key]: entityId, ...parsed.data } : parsed.data
}

function judge(error: unknown): { retryable: boolean; errorClass: ErrorClass; message: string } {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof EntityTimeout) return { retryable: true, errorClass: 'timeout', message }
  const isRetryable = error instanceof Error && (error as { retryable?: unknown }).retryable === true
  const found = classifyProblem(toProblem(error))
  const errorClass = found === 'bad_code' && !(error instanceof ReferenceError || error instanceof SyntaxError) ? 'bad_data' : found
  if (isRetryable) return { retryable: true, errorClass: errorClass === 'bad_data' ? 'busy' : errorClass, message }
  return { retryable: errorClass === 'busy' || errorClass === 'network' || errorClass === 'timeout', errorClass, message }
}
