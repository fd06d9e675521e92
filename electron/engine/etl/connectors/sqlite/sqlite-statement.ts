import type Database from 'better-sqlite3'
import { z } from 'zod'
import { quoteIdentifier } from '../../../../../shared/domain/naming.ts'
import type { DatabaseOptions } from '../../../workspace/model.ts'
import { missingTable } from '../missing-table.ts'

export interface SqliteStatement {
  sql: string
  /** The first value of a row is its rowid. */
  hasRowid: boolean
}

const tablesSchema = z.array(z.object({ name: z.string(), type: z.string(), wr: z.coerce.number() }))
const columnNamesSchema = z.array(z.object({ name: z.string() }))
/** Names under which a rowid can be had, as long as no column is called so. */
const ROWID_NAMES = ['rowid', '_rowid_', 'oid']

/** What is read of a database: the declared query or table, or its only table. */
export function statementFor(database: Database.Database, { table, query }: DatabaseOptions, file: string): SqliteStatement {
  if (query !== null) return { sql: query, hasRowid: false }
  const all = tablesSchema.parse(database.prepare('SELECT name, type, wr FROM pragma_table_list WHERE schema = \'main\' ORDER BY name').all())
  const tables = all.filter(({ name, type }) => !name.startsWith('sqlite_') && type !== 'shadow')
  const found = table === null ? onlyTable(tables) : tables.find(({ name }) => name.toLowerCase() === table.toLowerCase())
  if (found === undefined) throw missingTable({ wanted: table, names: tables.map(({ name }) => name), file })
  const columns = columnNamesSchema.parse(database.prepare('SELECT name FROM pragma_table_xinfo(?)').all(found.name)).map(({ name }) => name.toLowerCase())
  const rowid = found.type === 'table' && found.wr === 0 ? ROWID_NAMES.find((name) => !columns.includes(name)) : undefined
  const from = `FROM ${quoteIdentifier(found.name)}`
  return rowid === undefined ? { sql: `SELECT * ${from}`, hasRowid: false } : { sql: `SELECT ${rowid}, * ${from} ORDER BY ${rowid}`, hasRowid: true }
}

function onlyTable<T extends { type: string }>(tables: readonly T[]): T | undefined {
  const own = tables.filter(({ type }) => type !== 'view')
  return own.length === 1 ? own[0] : undefined
}
