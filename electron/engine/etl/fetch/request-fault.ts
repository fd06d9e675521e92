import { ProblemError } from '../../../../shared/domain/problem.ts'

/** Why a request came to nothing, and whether asking again may help. */
export class RequestFault extends Error {
  readonly problem: ProblemError
  readonly again: 'network' | 'timeout' | null
  /** What the server asked to wait. */
  readonly retryAfterMs: number | null

  constructor(problem: ProblemError, { again, retryAfterMs = null }: { again: RequestFault['again']; retryAfterMs?: number | null }) {
    super(problem.message, { cause: problem })
    this.problem = problem
    this.again = again
    this.retryAfterMs = retryAfterMs
  }
}

/** Statuses that are about the moment, not about the request. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])
const MISSING = new Set([404, 410])

export function statusFault(host: string, { status, reason, retryAfter }: { status: number; reason: string; retryAfter: string | undefined }): RequestFault {
  const again = PASSING.has(status) ? 'network' : null
  const message = `${host} answers ${status}${reason === '' ? '' : ` ${reason}`}`
  const details = { host, status, errorClass: again ?? 'bad_data' }
  const code = again !== null ? 'SOURCE_UNREACHABLE' : MISSING.has(status) ? 'SOURCE_MISSING' : 'SOURCE_UNREADABLE'
  return new RequestFault(new ProblemError(code, message, { details, retryable: again !== null, hint: statusHint(status) }), { again, retryAfterMs: parseRetryAfter(retryAfter, Date.now()) })
}

function statusHint(status: number): string {
  if (status === 401 || status === 403) return "Look at the source's auth, and whether its secret is the one that the server knows"
  if (MISSING.has(status)) return "Look at the source's url"
  if (PASSING.has(status)) return 'Nothing was taken over; run again later'
  return "Look at the source's url, query and headers"
}

/** Milliseconds of a Retry-After header: seconds, or a date (RFC 9110, 10.2.3). Null: none that can be read. */
export function parseRetryAfter(text: string | undefined, now: number): number | null {
  if (text === undefined) return null
  if (/^\d+$/.test(text.trim())) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|STRATA_PRIVATE/

/** What the network itself says. */
export function networkFault(host: string, error: Error): RequestFault {
  if (error instanceof RequestFault) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (UNTRUSTED.test(code)) {
    return new RequestFault(new ProblemError('SOURCE_UNREADABLE', `${host} is not trusted: ${error.message}`, { cause: error, details: { host }, hint: 'Nothing was sent. Look at the address, and at the certificate of the server' }), { again: null })
  }
  const problem = new ProblemError('SOURCE_UNREACHABLE', `${host} cannot be reached: ${error.message}`, {
    cause: error, retryable: true, details: { host, errorClass: 'network' }, hint: 'Look at the address and at the connection of this machine; nothing was taken over',
  })
  return new RequestFault(problem, { again: 'network' })
}

export function silenceFault(host: string, timeoutMs: number): RequestFault {
  const problem = new ProblemError('SOURCE_UNREACHABLE', `${host} has been silent for ${timeoutMs / 1_000} s`, { retryable: true, details: { host, errorClass: 'timeout' }, hint: "Run again later, or give the source a longer timeout" })
  return new RequestFault(problem, { again: 'timeout' })
}

export function cutFault(host: string): RequestFault {
  return new RequestFault(new ProblemError('SOURCE_UNREACHABLE', `The answer of ${host} was cut off`, { retryable: true, details: { host, errorClass: 'network' }, hint: 'Nothing was taken over; run again' }), { again: 'network' })
}
