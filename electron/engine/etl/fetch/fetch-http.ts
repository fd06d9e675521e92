import { rm } from 'node:fs/promises'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { FetchedFile, FetchInput, FetchNews, FetchOutput } from '../../workers/fetch-wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import type { HttpAuth, HttpSpec } from '../../workspace/remote-model.ts'
import type { Redactor } from '../../secrets/redactor.ts'
import { createAsker } from './http-asker.ts'
import { createAgents, type HttpRequest } from './http-exchange.ts'
import { hostRule } from './host-rule.ts'
import { walkPages } from './page-walk.ts'
import { fillIn, lacksCursor, type TemplateValues } from './template.ts'

const PAGE_DIGITS = 4

/** Every page of an HTTP source as a file, byte for byte: all of them, or a problem. */
export async function fetchHttp(input: FetchInput & { remote: HttpSpec }, context: OpContext<FetchNews>, redactor: Redactor): Promise<FetchOutput> {
  const { remote, format, record, dir, prefix } = input
  const { signal } = context
  const values: TemplateValues = { ...input.values, secrets: input.secrets }
  const base = addressOf(remote, values)
  const request = requestOf(remote, values, redactor)
  const walk = walkPages(base, remote.paging, { format, record, signal })
  const files: FetchedFile[] = []
  let bytes = 0
  const report = (note: string | null, more: number): void => {
    bytes += more
    context.progress({ share: null, note: note ?? `${base.host}: ${files.length + 1} ${files.length === 0 ? 'answer' : 'answers'}, ${megabytes(bytes)}` })
  }
  using agents = createAgents()
  const ask = createAsker({
    rule: hostRule(base, remote.redirects), agents, signal, dir, report,
    timeoutMs: remote.timeoutMs, maxBytes: remote.maxBytes, intervalMs: remote.intervalMs, retry: input.retry, known: input.known,
    originOf: ({ href }) => redactor.text(href),
    news: (news) => context.ask({ ...news, text: redactor.text(news.text) }),
  })
  for (let next: URL | null = walk.first(); next !== null; ) {
    const name = `${prefix}-${String(files.length + 1).padStart(PAGE_DIGITS, '0')}.${format}`
    const answer = await ask({ ...request, url: next }, name)
    const step = await walk.after({ file: { path: answer.path, name: answer.file.name }, url: answer.url, link: answer.link })
    // A page that only says that there are no more is no delivery, unless it is all there is.
    if (step.isEmpty && files.length > 0) await rm(answer.path, { force: true })
    else files.push(answer.file)
    next = step.next
    if (next !== null) refuseRepetition(files, base)
  }
  return { files, columns: {} }
}

/** Two pages may hold the same by chance; one that comes over and over comes from a server that was not asked for another. */
const MOST_ALIKE = 3

function refuseRepetition(files: readonly FetchedFile[], { host }: URL): void {
  const last = files.slice(-MOST_ALIKE)
  if (last.length < MOST_ALIKE || last.some(({ sha256 }) => sha256 !== last[0]?.sha256)) return
  throw new ProblemError('SOURCE_UNREADABLE', `${host} answers with the same page again and again: ${last.map(({ name }) => name).join(', ')} are the same byte for byte, and there would be more`, {
    details: { host, errorClass: 'bad_data' }, hint: "It may not know the parameter by which the source asks for the next page. Look at the source's paging",
  })
}

function addressOf(remote: HttpSpec, values: TemplateValues): URL {
  const url = new URL(fillIn(remote.url, values, encodeURIComponent))
  for (const [name, text] of Object.entries(remote.query)) if (!lacksCursor(text, values)) url.searchParams.set(name, fillIn(text, values))
  return url
}

/** Headers that hold a secret are for the declared server alone. */
function requestOf(remote: HttpSpec, values: TemplateValues, redactor: Redactor): Omit<HttpRequest, 'url'> {
  const headers: Record<string, string> = { 'user-agent': 'Strata', accept: '*/*', 'accept-encoding': 'identity' }
  const privateHeaders: Record<string, string> = remote.auth === null ? {} : authorization(remote.auth, values, redactor)
  for (const [name, text] of Object.entries(remote.headers)) {
    const isSecret = text.includes('secret:')
    ;(isSecret ? privateHeaders : headers)[name.toLowerCase()] = fillIn(text, values)
  }
  return { method: remote.method, headers, privateHeaders, body: remote.body === null ? null : fillIn(remote.body, values) }
}

function authorization(auth: HttpAuth, values: TemplateValues, redactor: Redactor): Record<string, string> {
  switch (auth.by) {
    case 'bearer':
      return { authorization: `Bearer ${fillIn(auth.token, values)}` }
    case 'basic': {
      const pair = `${fillIn(auth.user, values)}:${fillIn(auth.password, values)}`
      redactor.learn(pair)
      return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
    }
    case 'header':
      return { [auth.name.toLowerCase()]: fillIn(auth.value, values) }
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
