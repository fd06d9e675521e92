import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs, type RetryPolicy } from '../../../../shared/domain/error-class.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { FetchedFile, FetchInput, FetchNews, KnownAnswer } from '../../workers/fetch-wire.ts'
import { linkFile } from '../link-file.ts'
import { hashFile } from '../hash-file.ts'
import { exchange, type ExchangeOptions, type HttpRequest } from './http-exchange.ts'
import { cutFault, RequestFault, statusFault } from './request-fault.ts'
import { saveBody } from './save-body.ts'

/** A server may ask for patience, not for a day. */
const MOST_PATIENCE_MS = 10 * 60_000

export interface SavedAnswer {
  file: FetchedFile
  path: string
  /** Where it came from in the end. */
  url: URL
  link: string | undefined
}

export interface AskerOptions extends ExchangeOptions {
  maxBytes: number
  intervalMs: number
  dir: string
  retry: FetchInput['retry']
  known: readonly KnownAnswer[]
  /** An address as it may be shown. */
  originOf(url: URL): string
  news(news: FetchNews): Promise<void>
  report(note: string | null, bytes: number): void
}

/** Asks one page after the other: no faster than the source allows, again where that may help, and each answer is a file in the end. */
export function createAsker(options: AskerOptions): (request: HttpRequest, name: string) => Promise<SavedAnswer> {
  let lastAt = Number.NEGATIVE_INFINITY
  const inTime = async (): Promise<void> => {
    const waitMs = lastAt + options.intervalMs - Date.now()
    if (waitMs > 0) await delay(waitMs, undefined, { signal: options.signal })
    lastAt = Date.now()
  }
  return async (request, name) => {
    for (let tries = 1; ; tries++) {
      await inTime()
      try {
        return await askOnce(request, name, options)
      } catch (error) {
        options.signal.throwIfAborted()
        await orGiveUp(error, tries, options)
      }
    }
  }
}

async function askOnce(request: HttpRequest, name: string, options: AskerOptions): Promise<SavedAnswer> {
  const origin = options.originOf(request.url)
  const known = request.method === 'GET' ? options.known.find((answer) => answer.origin === origin) : undefined
  const response = await exchange({ ...request, headers: { ...request.headers, ...conditions(known) } }, options)
  const status = response.statusCode ?? 0
  const { link } = response.headers
  const path = join(options.dir, name)
  if (status === 304 && known !== undefined) {
    response.resume()
    await linkFile(known.path, path)
    const file = { name, origin, sha256: await hashFile(path, { signal: options.signal }), sizeBytes: known.sizeBytes, etag: known.etag, lastModified: known.lastModified, records: null, isUnchanged: true }
    return { file, path, url: request.url, link: linkOf(link) }
  }
  if (status < 200 || status > 299 || status === 206) {
    response.destroy()
    throw statusFault(request.url.host, { status, reason: response.statusMessage ?? '', retryAfter: response.headers['retry-after'] })
  }
  const suffix = packing(response, request.url.host)
  const saved = await saveBody(response, { host: request.url.host, path: `${path}${suffix}`, maxBytes: options.maxBytes, onBytes: (bytes) => options.report(null, bytes) })
  refuseWrongLength(response, { host: request.url.host, sizeBytes: saved.sizeBytes })
  const file = { name: `${name}${suffix}`, origin, ...saved, etag: response.headers.etag ?? null, lastModified: response.headers['last-modified'] ?? null, records: null, isUnchanged: false }
  return { file, path: `${path}${suffix}`, url: request.url, link: linkOf(link) }
}

/** Several Link headers mean the same as one with all of them. */
function linkOf(link: string | string[] | undefined): string | undefined {
  return Array.isArray(link) ? link.join(', ') : link
}

function conditions(known: KnownAnswer | undefined): Record<string, string> {
  if (known === undefined) return {}
  return { ...(known.etag === null ? {} : { 'if-none-match': known.etag }), ...(known.lastModified === null ? {} : { 'if-modified-since': known.lastModified }) }
}

/** Packed answers are kept packed; they were not asked for, and what unpacks them later goes by the name. */
function packing({ headers }: IncomingMessage, host: string): string {
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity') return ''
  if (encoding === 'gzip' || encoding === 'x-gzip') return '.gz'
  throw new RequestFault(new ProblemError('SOURCE_UNREADABLE', `${host} answers in the encoding ${encoding}, although it was asked for none`, { details: { host } }), { again: null })
}

/** Node notices an answer that is cut; this also notices one whose length was never right. */
function refuseWrongLength({ headers }: IncomingMessage, { host, sizeBytes }: { host: string; sizeBytes: number }): void {
  const promised = headers['content-length']
  if (promised !== undefined && Number(promised) !== sizeBytes) throw cutFault(host)
}

/** Waits before the next try, or throws what happened when there is none. */
async function orGiveUp(error: unknown, tries: number, { retry, signal, news, report }: AskerOptions): Promise<void> {
  if (!(error instanceof RequestFault)) throw error
  const policy: RetryPolicy | null = error.again === null ? null : retry[error.again]
  const patience = error.retryAfterMs ?? 0
  if (policy === null || tries >= policy.attempts || patience > MOST_PATIENCE_MS) {
    const { problem } = error.problem
    throw ProblemError.from({ ...problem, details: { ...problem.details, tries: policy === null ? 1 : policy.attempts } }, error.cause)
  }
  const waitMs = Math.max(patience, backoffMs(policy, tries, Math.random()))
  const text = `${error.message}; asked again in ${Math.ceil(waitMs / 1_000)} s, try ${tries + 1} of ${policy.attempts}`
  await news({ level: 'warn', text })
  report(text, 0)
  await delay(waitMs, undefined, { signal })
}
