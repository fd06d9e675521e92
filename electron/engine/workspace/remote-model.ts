/** Sources that are asked over the network, as pipeline.yaml declares them. Secrets are in it by name only. */
export type RemoteSpec = HttpSpec | DatabaseSpec

export interface HttpSpec {
  kind: 'http'
  /** Texts are templates: `{cursor}`, `{param:name}`, `{secret:name}`, or nothing but `secret:name`. */
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  query: Record<string, string>
  body: string | null
  auth: HttpAuth | null
  paging: HttpPaging | null
  /** Least time between two requests. */
  intervalMs: number
  /** Without a byte for so long, a request has failed. */
  timeoutMs: number
  /** Largest answer. */
  maxBytes: number
  /** `hosts`: those besides the declared one. */
  redirects: 'none' | 'same_host' | 'any' | { hosts: string[] }
}

/** Templates, which hold a secret. */
export type HttpAuth = { by: 'bearer'; token: string } | { by: 'basic'; user: string; password: string } | { by: 'header'; name: string; value: string }

export interface HttpPaging {
  by: 'page' | 'offset' | 'cursor' | 'link'
  /** Query parameter that takes the page, the offset or the cursor. */
  parameter: string
  start: number
  /** Records a page, where it is known; the parameter that asks for so many. */
  size: number | null
  sizeParameter: string | null
  /** Where an answer names the next page; `cursor` only. */
  next: string | null
  maxPages: number
}

export interface DatabaseSpec {
  kind: 'postgres' | 'mysql'
  connection: DatabaseConnection
  query: string
  /** For connecting, and between two rows. */
  timeoutMs: number
}

export type DatabaseConnection = { secret: string } | { host: string; port: number; database: string; user: string; password: string | null; tls: DatabaseTls }

/** `verify`: encrypted, with a certificate that holds; `encrypt`: whoever it is; `off`: in the clear. */
export type DatabaseTls = 'verify' | 'encrypt' | 'off'

/** Only what is new is asked for, and appended to what was delivered before. */
export interface IncrementalSpec {
  /** Column whose highest value the next run goes on from. */
  column: string
  /** Before there is a value. */
  initial: string | null
}

const SECRET = /\{secret:([a-z][a-z0-9_]*)\}|^secret:([a-z][a-z0-9_]*)$/g

/** Names of the secrets that a source needs. */
export function secretsOf(remote: RemoteSpec): string[] {
  const names = textsOf(remote).flatMap((text) => [...text.matchAll(SECRET)].flatMap((match) => match[1] ?? match[2] ?? []))
  return [...new Set(names)]
}

const PARAMETER = /\{param:([^{}]*)\}/g

/** Names of the run parameters that a source uses. */
export function parametersOf(remote: RemoteSpec): string[] {
  return [...new Set(textsOf(remote).flatMap((text) => [...text.matchAll(PARAMETER)].flatMap((match) => match[1] ?? [])))]
}

export function usesCursor(remote: RemoteSpec): boolean {
  return textsOf(remote).some((text) => text.includes('{cursor}'))
}

/** What may hold references. */
function textsOf(remote: RemoteSpec): string[] {
  if (remote.kind !== 'http') {
    const { connection } = remote
    return 'secret' in connection ? [`secret:${connection.secret}`, remote.query] : [connection.password ?? '', remote.query]
  }
  const { url, headers, query, body, auth } = remote
  return [url, body ?? '', ...Object.values(headers), ...Object.values(query), ...(auth === null ? [] : authTexts(auth))]
}

function authTexts(auth: HttpAuth): string[] {
  switch (auth.by) {
    case 'bearer':
      return [auth.token]
    case 'basic':
      return [auth.user, auth.password]
    case 'header':
      return [auth.value]
  }
}

/** Whom a run would contact, as far as the files say: a host with its port, or the secret that names the server. */
export function hostsOf(remote: RemoteSpec): string[] {
  if (remote.kind !== 'http') {
    const { connection } = remote
    return 'secret' in connection ? [`the server in secret:${connection.secret}`] : [`${connection.host}:${connection.port}`]
  }
  const others = typeof remote.redirects === 'object' ? remote.redirects.hosts : []
  return [new URL(remote.url.replaceAll(/[{}]/g, '')).host, ...others]
}
