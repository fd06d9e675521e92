import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow'
import { DuckDBInstance } from '@duckdb/node-api'
import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { SourceSpec } from '../workspace/model.ts'
import { makeDatabase } from './connectors/sqlite/test-database.ts'
import { makeWorkbook } from './connectors/xlsx/test-workbook.ts'

/** Tables of texts as files of every format, for tests of what all connectors have to withstand. */

export interface TextTable {
  columns: string[]
  rows: string[][]
}

export interface HostileFormat {
  format: SourceSpec['format']
  /** What has to be declared to read such a file. */
  declared: (columns: readonly string[]) => Partial<Omit<SourceSpec, 'csv' | 'format'>>
  /** `dir`: for formats that only a program writes. */
  write(table: TextTable, dir: string): Promise<Uint8Array>
  /** False: the format itself has no more than 2,000 columns. */
  canBeWide: boolean
  /** Names of columns may hold any character; else they are written into the markup. */
  hasFreeNames: boolean
}

const nothing = (): Record<string, never> => ({})
const asRecords = ({ columns, rows }: TextTable): Record<string, string>[] => rows.map((row) => Object.fromEntries(columns.map((name, i) => [name, row[i] ?? ''])))
const csvField = (text: string): string => `"${text.replaceAll('"', '""')}"`
const xmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

function text(of: (table: TextTable) => string): HostileFormat['write'] {
  return (table) => Promise.resolve(Buffer.from(of(table)))
}

const WIDTH = 8

export const HOSTILE_FORMATS: readonly HostileFormat[] = [
  { format: 'csv', declared: nothing, canBeWide: true, hasFreeNames: true, write: text(({ columns, rows }) => [columns, ...rows].map((cells) => `${cells.map(csvField).join(',')}\n`).join('')) },
  {
    format: 'fixed', canBeWide: true, hasFreeNames: false,
    declared: (columns) => ({ columns: Object.fromEntries(columns.map((name) => [name, 'VARCHAR'])), fixed: columns.map((name, i) => ({ name, start: i * WIDTH + 1, width: WIDTH })) }),
    write: text(({ rows }) => rows.map((cells) => `${cells.map((cell) => cell.padEnd(WIDTH)).join('')}\n`).join('')),
  },
  { format: 'json', declared: nothing, canBeWide: true, hasFreeNames: true, write: text((table) => JSON.stringify(asRecords(table))) },
  { format: 'ndjson', declared: nothing, canBeWide: true, hasFreeNames: true, write: text((table) => asRecords(table).map((record) => `${JSON.stringify(record)}\n`).join('')) },
  {
    format: 'xml', canBeWide: true, hasFreeNames: false, declared: () => ({ record: 'd/r' }),
    write: text(({ columns, rows }) => `<d>${rows.map((cells) => `<r>${columns.map((name, i) => `<${name}>${xmlText(cells[i] ?? '')}</${name}>`).join('')}</r>`).join('')}</d>`),
  },
  { format: 'xlsx', declared: nothing, canBeWide: true, hasFreeNames: true, write: ({ columns, rows }) => Promise.resolve(makeWorkbook({ sheets: [{ name: 'Things', rows: [columns, ...rows] }] })) },
  {
    format: 'arrow', declared: nothing, canBeWide: true, hasFreeNames: true,
    write: ({ columns, rows }) => Promise.resolve(tableToIPC(new Table(Object.fromEntries(columns.map((name, i) => [name, vectorFromArray(rows.map((cells) => cells[i] ?? ''), new Utf8())]))), 'file')),
  },
  { format: 'sqlite', declared: nothing, canBeWide: false, hasFreeNames: true, write: (table) => Promise.resolve(makeDatabase(tableSql(table))) },
  { format: 'duckdb', declared: nothing, canBeWide: true, hasFreeNames: true, write: (table, dir) => byDuckDb(table, join(dir, 'written.duckdb'), (select) => [`ATTACH ${quoteLiteral(join(dir, 'written.duckdb'))} AS written`, `CREATE TABLE written.things AS ${select}`, 'DETACH written']) },
  { format: 'parquet', declared: nothing, canBeWide: true, hasFreeNames: true, write: (table, dir) => byDuckDb(table, join(dir, 'written.parquet'), (select) => [`COPY (${select}) TO ${quoteLiteral(join(dir, 'written.parquet'))} (FORMAT parquet)`]) },
]

function tableSql({ columns, rows }: TextTable): string {
  const values = rows.map((cells) => `(${cells.map(quoteLiteral).join(', ')})`).join(', ')
  return `CREATE TABLE things (${columns.map((name) => `${quoteIdentifier(name)} TEXT`).join(', ')}); INSERT INTO things VALUES ${values}`
}

async function byDuckDb({ columns, rows }: TextTable, file: string, statements: (select: string) => string[]): Promise<Uint8Array> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const values = rows.map((cells) => `(${cells.map(quoteLiteral).join(', ')})`).join(', ')
  for (const statement of statements(`SELECT * FROM (VALUES ${values}) t(${columns.map(quoteIdentifier).join(', ')})`)) await connection.run(statement)
  connection.closeSync()
  instance.closeSync()
  const bytes = await readFile(file)
  await rm(file)
  return bytes
}
