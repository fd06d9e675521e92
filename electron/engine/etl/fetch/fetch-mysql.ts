import { connect } from 'node:net'
import { join } from 'node:path'
import mysql, { type Connection, type Query } from 'mysql2'
import { z } from 'zod'
import type { Redactor } from '../../secrets/redactor.ts'
import type { FetchInput, FetchNews, FetchOutput } from '../../workers/fetch-wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import type { DatabaseSpec } from '../../workspace/remote-model.ts'
import { databaseAddress, tlsOptions } from './database-address.ts'
import { checkColumns, databaseProblem } from './database-problem.ts'
import { writeLines } from './lines-file.ts'
import { type MysqlReading, quoteMysqlIdentifier, readMysqlColumn } from './mysql-columns.ts'
import { bindParameters } from './query-parameters.ts'

const ROWS_AT_ONCE = 2_000

const columnSchema = z.object({ name: z.string(), columnType: z.number(), flags: z.number(), characterSet: z.number(), columnLength: z.number(), decimals: z.number() })
const rowSchema = z.array(z.instanceof(Buffer).nullable())

/** The rows of a query, from one read-only snapshot of the server, as they come over the line, as NDJSON. */
export async function fetchMysql(input: FetchInput & { remote: DatabaseSpec }, context: OpContext<FetchNews>, redactor: Redactor): Promise<FetchOutput> {
  const { remote, values, secrets, incremental, dir, prefix } = input
  const address = databaseAddress(remote, { ...values, secrets }, redactor)
  const { host, port, database, user, password } = address
  const ssl = tlsOptions(address)
  // A line of our own: the driver's way to end one waits for what goes on.
  const socket = connect({ host, port, noDelay: true })
  const connection = mysql.createConnection({
    host, port, database, user, stream: socket, charset: 'utf8mb4', connectTimeout: remote.timeoutMs, disableEval: true, multipleStatements: false,
    ...(password === undefined ? {} : { password }),
    ...(ssl === undefined ? {} : { ssl: { rejectUnauthorized: ssl.rejectUnauthorized } }),
  })
  // The driver does not tell whoever waits for rows that the line is gone, so that is heard from the line itself.
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined)
  connection.on('error', (error: Error) => ended.reject(error))
  socket.once('close', () => ended.reject(new Error('the connection was lost')))
  // The server ends the query when it finds nobody to send rows to.
  const stop = (): void => {
    ended.reject(context.signal.reason)
    socket.destroy()
  }
  context.signal.addEventListener('abort', stop, { once: true })
  try {
    for (const setting of SETTINGS) await Promise.race([run(connection, setting), ended.promise])
    const { text, values: bound } = bindParameters(remote.query, values.parameters, () => '?')
    const isNarrowed = incremental !== null && values.cursor !== null
    const where = isNarrowed ? ` WHERE q.${quoteMysqlIdentifier(incremental.column)} > ?` : ''
    const query = connection.query({ sql: `SELECT q.* FROM (${text}\n) AS q${where}`, values: isNarrowed ? [...bound, values.cursor] : bound, rowsAsArray: true, typeCast: (field) => field.buffer() })
    const readings = columnsOf(query)
    const rows = rowsOf(query, { timeoutMs: remote.timeoutMs, ended: ended.promise })
    const columns = await Promise.race([readings, rows.failed, ended.promise])
    checkColumns(columns.map(({ name }) => name), incremental?.column ?? null)
    const name = `${prefix}-0001.ndjson`
    const report = (count: number): void => context.progress({ share: null, note: `${host}: ${count.toLocaleString('en')} rows` })
    const written = await writeLines(join(dir, name), rows.lines(columns), report)
    connection.end()
    return { files: [{ name, origin: address.origin, sha256: written.sha256, sizeBytes: written.sizeBytes, records: written.rows, etag: null, lastModified: null, isUnchanged: false }], columns: Object.fromEntries(columns.map((column) => [column.name, column.type])) }
  } catch (error) {
    socket.destroy()
    context.signal.throwIfAborted()
    throw databaseProblem(error, address)
  } finally {
    context.signal.removeEventListener('abort', stop)
  }
}

/** Values are quoted by the driver, which counts on backslashes. */
const SETTINGS = ["SET SESSION sql_mode = REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', '')", "SET time_zone = '+00:00'", 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY']

function run(connection: Connection, sql: string): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.query(sql, (error: Error | null) => (error === null ? resolve() : reject(error)))
  })
}

function columnsOf(query: Query): Promise<MysqlReading[]> {
  return new Promise((resolve, reject) => {
    query.once('fields', (fields: unknown) => {
      const parsed = z.array(columnSchema).safeParse(fields)
      if (parsed.success) resolve(parsed.data.map(readMysqlColumn))
      else reject(new Error('The server describes its columns in a way that is not understood'))
    })
  })
}

interface Rows {
  /** Rejected when the query fails before its first row. */
  failed: Promise<never>
  lines(columns: readonly MysqlReading[]): AsyncGenerator<string[], void, undefined>
}

function rowsOf(query: Query, { timeoutMs, ended }: { timeoutMs: number; ended: Promise<never> }): Rows {
  const stream = query.stream({ highWaterMark: ROWS_AT_ONCE })
  ended.catch((reason: unknown) => stream.destroy(reason instanceof Error ? reason : new Error(String(reason))))
  const failed = new Promise<never>((_resolve, reject) => void stream.once('error', reject))
  failed.catch(() => undefined)
  async function* lines(columns: readonly MysqlReading[]): AsyncGenerator<string[], void, undefined> {
    const keys = columns.map(({ name }) => `${JSON.stringify(name)}:`)
    let batch: string[] = []
    const silence = setTimeout(() => stream.destroy(new Error(`timeout: silent for ${timeoutMs / 1_000} s`)), timeoutMs)
    try {
      for await (const row of stream as AsyncIterable<unknown>) {
        silence.refresh()
        const cells = rowSchema.parse(row)
        batch.push(`{${columns.map(({ json }, index) => `${keys[index] ?? ''}${jsonOf(cells[index], json)}`).join(',')}}`)
        if (batch.length < ROWS_AT_ONCE) continue
        yield batch
        batch = []
      }
      if (batch.length > 0) yield batch
    } finally {
      clearTimeout(silence)
    }
  }
  return { failed, lines }
}

function jsonOf(cell: Buffer | null | undefined, json: MysqlReading['json']): string {
  return cell === null || cell === undefined ? 'null' : json(cell)
}
