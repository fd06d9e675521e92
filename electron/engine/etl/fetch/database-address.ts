import { ProblemError } from '../../../../shared/domain/problem.ts'
import { defaultTls } from '../../workspace/database-spec.ts'
import type { DatabaseSpec, DatabaseTls } from '../../workspace/remote-model.ts'
import type { Redactor } from '../../secrets/redactor.ts'
import { fillIn, type TemplateValues } from './template.ts'

/** A server with everything that is needed to be let in. */
export interface DatabaseAddress {
  host: string
  port: number
  database: string
  user: string
  password: string | undefined
  tls: DatabaseTls
  /** As it may be shown. */
  origin: string
}

const KINDS = { postgres: { schemes: ['postgres:', 'postgresql:'], port: 5_432 }, mysql: { schemes: ['mysql:', 'mariadb:'], port: 3_306 } } as const

/** @throws BAD_INPUT for a secret that is no address; it is not quoted */
export function databaseAddress({ kind, connection }: DatabaseSpec, values: TemplateValues, redactor: Redactor): DatabaseAddress {
  if (!('secret' in connection)) {
    const { host, port, database, user, tls } = connection
    const password = connection.password === null ? undefined : fillIn(connection.password, values)
    return { host, port, database, user, password, tls, origin: originOf(kind, { host, port, database }) }
  }
  const { schemes, port: usual } = KINDS[kind]
  const text = values.secrets[connection.secret] ?? ''
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !(schemes as readonly string[]).includes(url.protocol)) {
    throw new ProblemError('BAD_INPUT', `The secret ${connection.secret} is no address of a ${kind} server`, { hint: `Set it to something like ${schemes[0]}//user:password@host/database`, details: { secret: connection.secret, errorClass: 'bad_code' } })
  }
  const password = decodeURIComponent(url.password)
  redactor.learn(password)
  redactor.learn(url.password)
  const host = url.hostname.replaceAll(/[[\]]/g, '')
  const port = url.port === '' ? usual : Number(url.port)
  const database = decodeURIComponent(url.pathname.slice(1))
  return { host, port, database, user: decodeURIComponent(url.username), password: password === '' ? undefined : password, tls: tlsOf(url, host), origin: originOf(kind, { host, port, database }) }
}

/** libpq's word for it, and MySQL's. */
function tlsOf(url: URL, host: string): DatabaseTls {
  const mode = (url.searchParams.get('sslmode') ?? url.searchParams.get('ssl-mode') ?? '').toLowerCase().replaceAll('_', '-')
  if (mode === 'disable' || mode === 'disabled') return 'off'
  if (mode === 'require' || mode === 'required' || mode === 'prefer') return 'encrypt'
  return mode === '' ? defaultTls(host) : 'verify'
}

function originOf(kind: string, { host, port, database }: Pick<DatabaseAddress, 'host' | 'port' | 'database'>): string {
  return `${kind}://${host.includes(':') ? `[${host}]` : host}:${port}/${encodeURIComponent(database)}`
}

/** For both drivers. */
export function tlsOptions({ tls, host }: DatabaseAddress): { rejectUnauthorized: boolean; servername?: string } | undefined {
  return tls === 'off' ? undefined : { rejectUnauthorized: tls === 'verify', servername: host }
}
