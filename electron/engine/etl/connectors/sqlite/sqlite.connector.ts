import { setImmediate as nextTurn } from 'node:timers/promises'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { unreadable } from '../../source-problem.ts'
import { uniqueColumnNames } from '../column-names.ts'
import type { Connector, SourceFile } from '../connector.ts'
import { extractTable, type TableReading } from '../table/extract-table.ts'
import { openDelivered, sqliteProblem } from './delivered-database.ts'
import { statementFor } from './sqlite-statement.ts'
import { promisedType, type SqliteColumn, takeValue } from './sqlite-values.ts'

const NO_OPTIONS = { table: null, query: null }
/** Rows between two looks at whether the run was cancelled. */
const BATCH_ROWS = 1_000

/** A table or query of SQLite databases, read row by row. `_record` counts the rows in the order of their rowid. */
export const sqliteConnector: Connector = { format: 'sqlite', extract: (job) => extractTable(job, { read, hasLines: false }) }

async function read(file: SourceFile, reading: TableReading): Promise<void> {
  const { job } = reading
  const path = file.path
  const database = await openDelivered({ path, origin: file.path, file: file.name, scratchDir: dirname(path) === job.scratchDir ? dirname(path) : job.scratchDir })
  try {
    const { sql, hasRowid } = statementFor(database, job.source.database ?? NO_OPTIONS, file.name)
    await readRows(prepare(database, sql, file.name), { hasRowid, file, reading })
  } catch (error) {
    throw sqliteProblem(error, file.name)
  } finally {
    database.close()
  }
}

function prepare(database: Database.Database, sql: string, file: string): Database.Statement {
  const statement = prepareOne(database, sql, file)
  if (!statement.reader || !statement.readonly) throw unreadable('the query of the source does not only read', { file, hint: 'Write one SELECT' })
  return statement.raw(true).safeIntegers(true)
}

function prepareOne(database: Database.Database, sql: string, file: string): Database.Statement {
  try {
    return database.prepare(sql)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // better-sqlite3's word for several statements, or none.
    throw unreadable(`the query of the source is not one statement (${error.message})`, { file, cause: error, hint: 'Write one SELECT' })
  }
}

interface RowReading {
  hasRowid: boolean
  file: SourceFile
  reading: TableReading
}

async function readRows(statement: Database.Statement, { hasRowid, file, reading }: RowReading): Promise<void> {
  const { job, sink, drain, report } = reading
  const columns = columnsOf(statement, { hasRowid, file, reading })
  const from = hasRowid ? 1 : 0
  let ordinal = 0
  for (const row of statement.iterate()) {
    ordinal++
    if (!Array.isArray(row)) continue
    for (const [index, column] of columns.entries()) takeValue(sink, column, row[index + from])
    const rowid: unknown = row[0]
    sink.end(hasRowid && typeof rowid === 'bigint' ? rowid : ordinal)
    if (ordinal % BATCH_ROWS > 0) continue
    await drain()
    // Reading is synchronous, so cancelling would go unheard.
    await nextTurn()
    job.signal.throwIfAborted()
    // How many rows there are is not known without counting; it comes near the end, never there.
    report(ordinal / (ordinal + file.sizeBytes / ROW_BYTES))
  }
}

const ROW_BYTES = 100

function columnsOf(statement: Database.Statement, { hasRowid, reading: { job, sink } }: RowReading): SqliteColumn[] {
  const described = statement.columns().slice(hasRowid ? 1 : 0)
  const names = uniqueColumnNames(described.map(({ name }) => name))
  const declared = new Map(Object.entries(job.source.columns).map(([name, type]) => [name.toLowerCase(), type]))
  sink.place()
  return described.map(({ type }, index) => {
    const name = names[index] ?? ''
    const promised = promisedType(type)
    const position = sink.column(name, promised === null ? {} : { type: promised })
    sink.nameCells(position, `"${name}" of ${hasRowid ? 'rowid' : 'row'} `)
    return { position, type: declared.get(name.toLowerCase()) ?? promised }
  })
}
