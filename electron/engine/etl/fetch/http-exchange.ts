import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { HostRule } from './host-rule.ts'
import { networkFault, RequestFault, silenceFault } from './request-fault.ts'

export interface HttpRequest {
  url: URL
  method: 'GET' | 'POST'
  /** For whoever is asked. */
  headers: Record<string, string>
  /** For the declared server alone. */
  privateHeaders: Record<string, string>
  body: string | null
}

export interface ExchangeOptions {
  rule: HostRule
  agents: HttpAgents
  timeoutMs: number
  signal: AbortSignal
}

export interface HttpAgents extends Disposable {
  readonly http: http.Agent
  readonly https: https.Agent
}

export function createAgents(): HttpAgents {
  const options = { keepAlive: true, maxSockets: 1 }
  const agents = { http: new http.Agent(options), https: new https.Agent(options) }
  return {
    ...agents,
    [Symbol.dispose]() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MOST_REDIRECTS = 10

/** Sends a request, and goes where it is sent on to as far as the source allows. The body is yet to be read. */
export async function exchange(first: HttpRequest, options: ExchangeOptions): Promise<IncomingMessage> {
  let request = first
  for (let hop = 0; ; hop++) {
    options.rule.check(request.url)
    const response = await send(request, options)
    const { location } = response.headers
    if (!REDIRECTS.has(response.statusCode ?? 0) || location === undefined) return response
    response.destroy()
    if (hop === MOST_REDIRECTS) throw tooManyRedirects(first.url)
    request = sentOn(request, { location, status: response.statusCode ?? 0 })
  }
}

function sentOn(request: HttpRequest, { location, status }: { location: string; status: number }): HttpRequest {
  if (!URL.canParse(location, request.url.href)) throw new ProblemError('SOURCE_UNREADABLE', `${request.url.host} sends on to something that is no address`, { details: { host: request.url.host } })
  const url = new URL(location, request.url)
  const becomesGet = status === 303 || (request.method === 'POST' && (status === 301 || status === 302))
  return { ...request, url, ...(becomesGet ? { method: 'GET', body: null } : {}) }
}

function send({ url, method, headers, privateHeaders, ...request }: HttpRequest, { rule, agents, timeoutMs, signal }: ExchangeOptions): Promise<IncomingMessage> {
  const isDeclared = rule.isDeclared(url)
  const lookup = rule.lookupFor(url)
  // What went with a redirect belongs to the declared server.
  const body = isDeclared ? request.body : null
  const isEncrypted = url.protocol === 'https:'
  const options: https.RequestOptions = {
    method,
    headers: { ...headers, ...(isDeclared ? privateHeaders : {}), ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
    agent: isEncrypted ? agents.https : agents.http,
    timeout: timeoutMs,
    signal,
    ...(lookup === undefined ? {} : { lookup }),
  }
  return new Promise((resolve, reject) => {
    const sent = (isEncrypted ? https : http).request(url, options)
    sent.on('response', resolve)
    sent.on('timeout', () => sent.destroy(silenceFault(url.host, timeoutMs)))
    sent.on('error', (error) => reject(signal.aborted || error instanceof RequestFault ? error : networkFault(url.host, error)))
    sent.end(body ?? undefined)
  })
}

function tooManyRedirects({ host }: URL): ProblemError {
  return new ProblemError('SOURCE_UNREADABLE', `${host} sends on more than ${MOST_REDIRECTS} times`, { details: { host }, hint: "Look at the source's url" })
}
