import { secretReference } from '../../../shared/domain/secret-name.ts'
import type { DatabaseFile } from './database-file.schema.ts'
import type { DatabaseConnection, DatabaseSpec } from './remote-model.ts'
import { durationOr } from './retry-file.ts'
import type { SourceContext } from './source-context.ts'

const DEFAULT_TIMEOUT_MS = 300_000
const PORTS: Readonly<Record<DatabaseSpec['kind'], number>> = { postgres: 5_432, mysql: 3_306 }

/** What a source says of a database; null when that cannot be used. */
export function readDatabase(context: SourceContext, kind: DatabaseSpec['kind'], { connection, query, timeout }: DatabaseFile): DatabaseSpec | null {
  if (query.includes('{cursor}')) {
    complain(context, [kind, 'query'], { message: 'The query needs no {cursor}: with incremental, rows beyond the cursor are asked for by themselves', suggestion: 'Leave the condition out' })
  }
  const read = readConnection(context, kind, connection)
  return read === null ? null : { kind, connection: read, query: query.trim().replace(/;+\s*$/, ''), timeoutMs: durationOr(timeout, DEFAULT_TIMEOUT_MS) }
}

function readConnection(context: SourceContext, kind: DatabaseSpec['kind'], written: DatabaseFile['connection']): DatabaseConnection | null {
  const toKeep = 'Keep it with "strata secrets set <name>", and write secret:<name> here'
  if (typeof written === 'string') {
    const secret = secretReference(written)
    if (secret === null) complain(context, [kind, 'connection'], { message: '"connection" must name a secret, or say host, database and user', suggestion: toKeep })
    return secret === null ? null : { secret }
  }
  const { host, port = PORTS[kind], database, user, password = null, tls } = written
  if (password !== null && secretReference(password) === null) complain(context, [kind, 'connection', 'password'], { message: '"password" must name a secret, not hold one', suggestion: toKeep })
  return { host, port, database, user, password, tls: tls ?? defaultTls(host) }
}

/** On the machine itself there is no line to listen at. */
export function defaultTls(host: string): 'verify' | 'off' {
  return host === 'localhost' || host === '::1' || host.startsWith('127.') || host.startsWith('/') ? 'off' : 'verify'
}

function complain({ name, document, findings }: SourceContext, path: readonly string[], mistake: { message: string; suggestion: string }): void {
  findings.add({ code: 'invalid-value', ...mistake, file: document.file, at: document.place(['sources', name, ...path]) })
}
