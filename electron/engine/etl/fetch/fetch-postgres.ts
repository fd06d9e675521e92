import { Socket } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import Cursor from 'pg-cursor'
import { z } from 'zod'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import type { Redactor } from '../../secrets/redactor.ts'
import type { FetchInput, FetchNews, FetchOutput } from '../../workers/fetch-wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import type { DatabaseSpec } from '../../workspace/remote-model.ts'
import { type DatabaseAddress, databaseAddress, tlsOptions } from './database-address.ts'
import { checkColumns, databaseProblem } from './database-problem.ts'
import { writeLines } from './lines-file.ts'
import { type PostgresColumn, postgresColumn, type PostgresType } from './postgres-columns.ts'
import { bindParameters } from './query-parameters.ts'

const ROWS_AT_ONCE = 2_000

/** The rows of a query, from one read-only snapshot of the server, a cursor's page at a time, as NDJSON. */
export async function fetchPostgres(input: FetchInput & { remote: DatabaseSpec }, context: OpContext<FetchNews>, redactor: Redactor): Promise<FetchOutput> {
  const { remote, values, secrets, incremental, dir, prefix } = input
  const address = databaseAddress(remote, { ...values, secrets }, redactor)
  const socket = new Socket()
  const client = connect(address, remote.timeoutMs, socket)
  // The server notices that nobody listens any more, whatever it does.
  const stop = (): void => void socket.destroy()
  context.signal.addEventListener('abort', stop, { once: true })
  let broken: Error | null = null
  client.on('error', (error: Error) => (broken = error))
  try {
    await client.connect()
    for (const setting of SETTINGS) await client.query(setting)
    const query = bindParameters(remote.query, values.parameters, (position) => `$${position}`)
    const columns = await describe(client, query)
    checkColumns(columns.map(({ name }) => name), incremental?.column ?? null)
    const name = `${prefix}-0001.ndjson`
    const cursor = client.query(new Cursor<[string]>(...selection(columns, query, { column: incremental?.column ?? null, cursor: values.cursor }), { rowMode: 'array' }))
    const report = (rows: number): void => context.progress({ share: null, note: `${address.host}: ${rows.toLocaleString('en')} rows` })
    const { sha256, sizeBytes, rows } = await writeLines(join(dir, name), pages(cursor), report)
    await client.query('COMMIT')
    await client.end()
    return { files: [{ name, origin: address.origin, sha256, sizeBytes, records: rows, etag: null, lastModified: null, isUnchanged: false }], columns: Object.fromEntries(columns.map((column) => [column.name, column.type])) }
  } catch (error) {
    socket.destroy()
    throw databaseProblem(broken ?? error, address)
  } finally {
    context.signal.removeEventListener('abort', stop)
  }
}

const SETTINGS = [
  "SET client_encoding = 'UTF8'", "SET TIME ZONE 'UTC'", "SET DateStyle = 'ISO, YMD'", 'SET extra_float_digits = 3', 'SET standard_conforming_strings = on',
  'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY',
]

function connect(address: DatabaseAddress, timeoutMs: number, socket: Socket): pg.Client {
  const { host, port, database, user, password } = address
  socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`timeout: silent for ${timeoutMs / 1_000} s`)))
  const ssl = tlsOptions(address)
  return new pg.Client({ host, port, database, user, password, connectionTimeoutMillis: timeoutMs, application_name: 'strata', ssl: ssl ?? false, stream: () => socket })
}

interface BoundQuery {
  text: string
  values: (string | number | boolean | null)[]
}

function selection(columns: readonly PostgresColumn[], { text, values }: BoundQuery, { column, cursor }: { column: string | null; cursor: string | null }): [string, unknown[]] {
  const list = columns.map(({ name, expression }) => `${expression} AS ${quoteIdentifier(name)}`).join(', ')
  const isNarrowed = column !== null && cursor !== null
  const where = isNarrowed ? ` WHERE q.${quoteIdentifier(column)} > $${values.length + 1}` : ''
  return [`SELECT row_to_json(r)::text FROM (SELECT ${list} FROM (${text}\n) AS q${where}) AS r`, isNarrowed ? [...values, cursor] : values]
}

async function* pages(cursor: Cursor<[string]>): AsyncGenerator<string[], void, undefined> {
  for (let rows = await cursor.read(ROWS_AT_ONCE); rows.length > 0; rows = await cursor.read(ROWS_AT_ONCE)) yield rows.map(([line]) => line)
}

async function describe(client: pg.Client, { text, values }: BoundQuery): Promise<PostgresColumn[]> {
  const { fields } = await client.query({ text: `SELECT * FROM (${text}\n) AS q LIMIT 0`, values })
  const types = await typesOf(client, fields.map(({ dataTypeID }) => dataTypeID))
  return fields.map(({ name, dataTypeID, dataTypeModifier }) => postgresColumn(name, typeOf(types, dataTypeID, dataTypeModifier)))
}

const typeRowSchema = z.object({ oid: z.coerce.number(), typname: z.string(), typtype: z.string(), typelem: z.coerce.number(), typbasetype: z.coerce.number(), typtypmod: z.coerce.number(), typcategory: z.string() })
type TypeRow = z.infer<typeof typeRowSchema>

/** The types and, round by round, what they are made of. */
async function typesOf(client: pg.Client, wanted: readonly number[]): Promise<Map<number, TypeRow>> {
  const known = new Map<number, TypeRow>()
  for (let next = [...new Set(wanted)]; next.length > 0; ) {
    const { rows } = await client.query('SELECT oid, typname, typtype::text, typelem, typbasetype, typtypmod, typcategory::text FROM pg_type WHERE oid = ANY($1::oid[])', [next])
    const found = z.array(typeRowSchema).parse(rows)
    for (const row of found) known.set(row.oid, row)
    next = [...new Set(found.flatMap(({ typelem, typbasetype }) => [typelem, typbasetype]))].filter((oid) => oid !== 0 && !known.has(oid))
  }
  return known
}

function typeOf(types: ReadonlyMap<number, TypeRow>, oid: number, modifier: number): PostgresType {
  const row = types.get(oid)
  if (row === undefined) return { name: 'text', kind: 'b', inner: null, isArray: false, modifier: -1 }
  const isArray = row.typcategory === 'A'
  const innerOid = isArray ? row.typelem : row.typbasetype
  const inner = innerOid === 0 ? null : typeOf(types, innerOid, isArray ? modifier : row.typtypmod)
  return { name: row.typname, kind: row.typtype, inner, isArray, modifier }
}
