import { didYouMean } from '../../../shared/domain/naming.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import { parseSizeMb } from '../../../shared/domain/quantity.ts'
import { SECRET_NAME_PATTERN, secretReference } from '../../../shared/domain/secret-name.ts'
import { parseRecordPath } from '../etl/connectors/record-path.ts'
import { readDatabase } from './database-spec.ts'
import type { HttpFile } from './remote-file.schema.ts'
import { type HttpAuth, type HttpPaging, type HttpSpec, type IncrementalSpec, parametersOf, type RemoteSpec, usesCursor } from './remote-model.ts'
import { durationOr } from './retry-file.ts'
import type { SourceContext } from './source-context.ts'

type Path = readonly string[]
interface Complaint {
  code?: string
  message: string
  suggestion?: string | null
}

/** What a source says of the network; null when it says nothing of it, or nothing that can be used. */
export function readRemote(context: SourceContext): { remote: RemoteSpec; incremental?: IncrementalSpec } | null {
  const { source } = context
  const remote = readSpec(context)
  if (remote === null) {
    if (source.incremental !== undefined && source.files !== undefined) complain(context, ['incremental'], { code: 'option-not-for-format', message: '"incremental" is an option of sources that are asked over the network', suggestion: 'Remove incremental' })
    return null
  }
  const { incremental } = source
  checkReferences(context, remote)
  return incremental === undefined ? { remote } : { remote, incremental: { column: incremental.column, initial: incremental.initial === undefined ? null : String(incremental.initial) } }
}

function readSpec(context: SourceContext): RemoteSpec | null {
  const { http, postgres, mysql } = context.source
  if (http !== undefined) return readHttp(context, http)
  if (postgres !== undefined) return readDatabase(context, 'postgres', postgres)
  return mysql === undefined ? null : readDatabase(context, 'mysql', mysql)
}

function complain({ name, document, findings }: SourceContext, path: Path, { code = 'invalid-value', ...mistake }: Complaint): void {
  findings.add({ code, ...mistake, file: document.file, at: document.place(['sources', name, ...path]) })
}

const DEFAULT_TIMEOUT_MS = 60_000
const DEFAULT_MAX_MB = 1_024
const MS_PER: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

function readHttp(context: SourceContext, http: HttpFile): HttpSpec | null {
  if (!checkUrl(context, http.url)) return null
  const headers = textsOf(http.headers)
  checkHeaders(context, headers)
  return {
    kind: 'http',
    url: http.url,
    headers,
    query: textsOf(http.query),
    ...readMethod(context, http),
    auth: http.auth === undefined ? null : readAuth(context, http.auth),
    paging: http.paging === undefined ? null : readPaging(context, http.paging),
    ...readLimits(http),
    redirects: readRedirects(http),
  }
}

function readMethod(context: SourceContext, { body, method = body === undefined ? 'GET' : 'POST' }: HttpFile): Pick<HttpSpec, 'method' | 'body'> {
  if (body !== undefined && method !== 'POST') complain(context, ['http', 'body'], { message: 'Only a POST has a body', suggestion: 'Write method: POST' })
  return { method, body: body ?? null }
}

function readLimits({ rate, timeout, max_size }: HttpFile): Pick<HttpSpec, 'intervalMs' | 'timeoutMs' | 'maxBytes'> {
  const maxMb = (max_size === undefined ? null : parseSizeMb(max_size)) ?? DEFAULT_MAX_MB
  return { intervalMs: rate === undefined ? 0 : intervalOf(rate), timeoutMs: durationOr(timeout, DEFAULT_TIMEOUT_MS), maxBytes: maxMb * 2 ** 20 }
}

function readRedirects({ redirects = 'same_host' }: HttpFile): HttpSpec['redirects'] {
  if (redirects === 'none' || redirects === 'same_host' || redirects === 'any') return redirects
  return { hosts: typeof redirects === 'string' ? [redirects] : [...redirects] }
}

function textsOf(values: Readonly<Record<string, string | number | boolean>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}

function intervalOf(rate: string): number {
  const [count = '1', unit = 's'] = rate.split('/').map((part) => part.trim())
  return Math.ceil((MS_PER[unit] ?? 1_000) / Math.max(1, Number(count)))
}

const HEAD = /^https?:\/\/[^/?#{}@]+([/?#]|$)/i

function checkUrl(context: SourceContext, url: string): boolean {
  const isAddress = HEAD.test(url) && URL.canParse(url.replaceAll(/\{[^{}]*\}/g, 'x'))
  if (isAddress) return true
  const hasUser = /^https?:\/\/[^/]*@/i.test(url)
  complain(context, ['http', 'url'], {
    message: hasUser ? `A user name or password in the address would be readable for everybody` : `"${url}" is no address that can be asked`,
    suggestion: hasUser ? 'Write auth: { basic: { user: name, password: secret:name } }' : 'Write it like https://api.example.org/v1/orders; {cursor} and {param:name} may stand behind the host',
  })
  return false
}

const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie'])

function checkHeaders(context: SourceContext, headers: Readonly<Record<string, string>>): void {
  for (const [header, value] of Object.entries(headers)) {
    if (/[\r\n]/.test(value) || !/^[\w!#$%&'*+.^`|~-]+$/.test(header)) complain(context, ['http', 'headers', header], { message: `"${header}" is no header with one line of value` })
    else if (SECRET_HEADERS.has(header.toLowerCase())) requireSecret(context, ['http', 'headers', header], value)
  }
}

/** Whoever reads the file must not read the secret. */
function requireSecret(context: SourceContext, path: Path, value: string): void {
  if (secretReference(value) !== null || value.includes('{secret:')) return
  complain(context, path, { message: `"${path.slice(1).join('.')}" must name a secret, not hold one`, suggestion: 'Keep it with "strata secrets set <name>", and write secret:<name> here' })
}

function readAuth(context: SourceContext, auth: NonNullable<HttpFile['auth']>): HttpAuth | null {
  const { bearer, basic, header } = auth
  const ways = [bearer, basic, header].filter((way) => way !== undefined).length
  if (ways !== 1) complain(context, ['http', 'auth'], { message: '"auth" must be one of bearer, basic and header' })
  if (bearer !== undefined) {
    requireSecret(context, ['http', 'auth', 'bearer'], bearer)
    return { by: 'bearer', token: bearer }
  }
  if (basic !== undefined) {
    requireSecret(context, ['http', 'auth', 'basic', 'password'], basic.password)
    return { by: 'basic', ...basic }
  }
  if (header === undefined) return null
  requireSecret(context, ['http', 'auth', 'header', 'value'], header.value)
  return { by: 'header', ...header }
}

const DEFAULT_MAX_PAGES = 10_000

type PagingFile = NonNullable<HttpFile['paging']>

function readPaging(context: SourceContext, paging: PagingFile): HttpPaging {
  checkPaging(context, paging)
  const { by, parameter = by, start = by === 'page' ? 1 : 0, size = null, size_parameter: sizeParameter = null, next = null, max_pages: maxPages = DEFAULT_MAX_PAGES } = paging
  return { by, parameter, start, size, sizeParameter, next, maxPages }
}

function checkPaging(context: SourceContext, { by, size, next }: PagingFile): void {
  const path = ['http', 'paging']
  if (by === 'offset' && size === undefined) complain(context, path, { code: 'missing-key', message: 'Paging by offset needs the number of records a page', suggestion: 'Add size' })
  if (by === 'cursor' && next === undefined) complain(context, path, { code: 'missing-key', message: 'Paging by cursor needs the place at which an answer names the next page', suggestion: 'Add next, such as $.meta.next' })
  if (by !== 'cursor' && next !== undefined) complain(context, [...path, 'next'], { message: `"next" is for paging by cursor, not by ${by}`, suggestion: 'Write by: cursor' })
  if (next !== undefined) checkNextPath(context, next)
}

function checkNextPath(context: SourceContext, next: string): void {
  try {
    parseRecordPath(next)
  } catch (error) {
    const { message, hint } = toProblem(error)
    complain(context, ['http', 'paging', 'next'], { message, suggestion: hint })
  }
}

const REFERENCE = /\{([^{}\s"':,]*)(?::([^{}\s"',]*))?\}/g

/** Every reference is one that is understood, and names what is there. */
function checkReferences(context: SourceContext, remote: RemoteSpec): void {
  const { kind } = remote
  for (const name of parametersOf(remote)) {
    if (context.parameters.includes(name)) continue
    complain(context, [kind], { code: 'unknown-parameter', message: `pipeline.yaml declares no parameter "${name}"`, suggestion: didYouMean(name, context.parameters) })
  }
  if (remote.kind === 'http' && usesCursor(remote) && context.source.incremental === undefined) {
    complain(context, [kind], { code: 'missing-key', message: '{cursor} needs to know which column it is the highest value of', suggestion: 'Add incremental: { column: <name> }' })
  }
  if (remote.kind !== 'http') return
  for (const text of [remote.url, ...Object.values(remote.query), ...Object.values(remote.headers)]) checkText(context, kind, text)
}

function checkText(context: SourceContext, key: string, text: string): void {
  for (const [whole, word = '', name = ''] of text.matchAll(REFERENCE)) {
    const isKnown = (word === 'cursor' && name === '') || word === 'param' || (word === 'secret' && SECRET_NAME_PATTERN.test(name))
    if (!isKnown) complain(context, [key], { message: `${whole} is not understood`, suggestion: 'Write {cursor}, {param:name} or {secret:name}' })
  }
  if (text.startsWith('secret:') && secretReference(text) === null) complain(context, [key], { message: `"${text}" names no secret`, suggestion: 'Names are lower-case letters, digits and _' })
}
