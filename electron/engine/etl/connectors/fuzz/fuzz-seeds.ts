import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import { Bool, DateDay, Dictionary, Float64, Int32, Int64, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow'
import { quoteLiteral } from '../../../../../shared/domain/naming.ts'
import { tarOf, zipOf } from '../../archives/archive-fixture.ts'
import type { FuzzedFormat } from './fuzz-connector.ts'
import { makeDatabase } from '../sqlite/test-database.ts'
import { makeWorkbook, makeZip, type TestBook, workbookParts } from '../xlsx/test-workbook.ts'

/** Small good files of every format, and real ones where they are there. */

const REAL = join(import.meta.dirname, '../../../../../../../shared/data')
const NAMES = ['x', 'é "q"', 'a,b;c', 'two\nlines', '', ' blank ', '€ 1.234,5', '\u{1F600}']
const RECORDS = NAMES.map((name, id) => ({ id, name, list: [id, { deep: name }], n: id / 2 }))
const CSV = `id,name,n\n${NAMES.map((name, id) => `${id},"${name.replaceAll('"', '""')}",${id / 2}\n`).join('')}`
const XML = `<?xml version="1.0" encoding="UTF-8"?>\n<d>${NAMES.map((name, id) => `<r id="${id}"><name>${name.replaceAll('&', '&amp;')}</name><n>${id}</n></r>\n`).join('')}</d>\n`
const BOOK: TestBook = {
  sheets: [{ name: 'S', rows: [['id', 'name', 'd', 'ok', 'm'], ...NAMES.map((name, id) => [id, id % 2 === 0 ? name : { xml: ' t="s"', inner: `<v>${id % 3}</v>` }, { xml: ' s="1"', inner: `<v>${45_000.5 + id}</v>` }, id % 2 === 0, id])], merged: ['E2:E3', 'A5:B6'] }],
  formats: ['yyyy-mm-dd hh:mm'],
  shared: ['<t>shared</t>', '<r><t>ri</t></r><r><t xml:space="preserve">ch </t></r>', '<t>&lt;3&#233;</t>'],
}

const bytes = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text))

/** The first bytes of a real file, up to the last line end where it is text; none where the folder is not there. */
async function real(name: string, length = Infinity): Promise<Buffer[]> {
  const path = join(REAL, name)
  if (!existsSync(path)) return []
  const all = await readFile(path)
  return [all.length <= length ? all : all.subarray(0, all.lastIndexOf(10, length) + 1)]
}

async function text(): Promise<FuzzedFormat[]> {
  const spectrum = (await Promise.all(['comma_in_quotes', 'escaped_quotes', 'json', 'location_coordinates', 'newlines_crlf', 'utf8'].map((name) => real(`csv-spectrum/csvs/${name}.csv`)))).flat()
  const tables = (await Promise.all(['orange-book/exclusivity.txt', 'spaceflights/companies.csv', 'drugbank-vocabulary/drugbank_vocabulary.csv', 'jaffle-shop/raw_payments.csv', 'clinicaltrials-gov/SearchResults.tsv'].map((name) => real(name, 3_000)))).flat()
  const studies = await real('clinicaltrials-gov/ctg-studies(2).json')
  const packets = (await Promise.all(['101952', '1164'].map((name) => real(`orphanet/ORPHApacket_${name}.json`)))).flat()
  return [
    { name: 'csv', declared: { format: 'csv' }, seeds: [...bytes(CSV, CSV.replaceAll('\n', '\r\n'), CSV.replaceAll(',', '\t'), 'a\n1\n\n2\n'), ...spectrum, ...tables], ending: 'csv', knowsItsEnd: false },
    { name: 'csv typed', declared: { format: 'csv', columns: { id: 'INTEGER', n: 'DOUBLE' } }, seeds: bytes(CSV), ending: 'csv', knowsItsEnd: false },
    { name: 'csv ragged', declared: { format: 'csv', csv: { ragged: 'fill' } }, seeds: bytes(CSV, CSV.replaceAll('\n', '\r')), ending: 'csv', knowsItsEnd: false },
    { name: 'csv without quotes', declared: { format: 'csv', csv: { quote: '', delimiter: '\t' } }, seeds: bytes('a\tb\n1\t"x\n2\ty"\n3\t\n'), ending: 'tsv', knowsItsEnd: false },
    { name: 'fixed', declared: { format: 'fixed', columns: { id: 'INTEGER' }, fixed: [{ name: 'id', start: 1, width: 4 }, { name: 'name', start: 5, width: 6 }] }, seeds: bytes('1   abc   \n22  défghi\n333 x     \n'), ending: 'txt', knowsItsEnd: false },
    { name: 'ndjson', declared: { format: 'ndjson' }, seeds: bytes(RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('')), ending: 'ndjson', knowsItsEnd: false },
    { name: 'ndjson typed', declared: { format: 'ndjson', columns: { id: 'INTEGER', n: 'DOUBLE', name: 'VARCHAR' } }, seeds: bytes(RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('')), ending: 'ndjson', knowsItsEnd: false },
    { name: 'json', declared: { format: 'json' }, seeds: [...bytes(JSON.stringify(RECORDS), JSON.stringify(RECORDS, null, 2)), ...studies, ...packets], ending: 'json', knowsItsEnd: true },
    { name: 'json path', declared: { format: 'json', record: '$.a.b[*]' }, seeds: bytes(JSON.stringify({ meta: [1], a: { b: RECORDS, c: {} } })), ending: 'json', knowsItsEnd: true },
    { name: 'json mapped', declared: { format: 'json', mapping: { child: null, fields: [{ name: 'id', path: '$.id', isList: false }, { name: 'deep', path: '$.list[*].deep', isList: true }] } }, seeds: bytes(JSON.stringify(RECORDS)), ending: 'json', knowsItsEnd: true },
    { name: 'xml', declared: { format: 'xml', record: 'd/r' }, seeds: bytes(XML), ending: 'xml', knowsItsEnd: true },
    { name: 'xml typed', declared: { format: 'xml', record: 'd/r', columns: { '@id': 'INTEGER', n: 'INTEGER' }, lists: ['name'] }, seeds: bytes(XML), ending: 'xml', knowsItsEnd: true },
  ]
}

const GOOD_TABLE = "SELECT i AS id, 'name ' || i AS name, i / 2 AS n, i % 2 = 0 AS ok, DATE '2024-01-31' + i::INTEGER AS d, [i, NULL] AS list, {'a': i::VARCHAR} AS s, CASE WHEN i % 3 = 0 THEN NULL ELSE i % 5 END AS few FROM range(40) t(i)"

/** Files that DuckDB writes, from `sql` with `PATH` for where. */
async function writtenByDuck(ending: string, sql: string): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'strata-seed-'))
  try {
    const path = join(dir, `seed.${ending}`)
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    await connection.run(sql.replaceAll('PATH', path))
    connection.closeSync()
    instance.closeSync()
    return await readFile(path)
  } finally {
    await rm(dir, { recursive: true })
  }
}

async function binary(): Promise<FuzzedFormat[]> {
  const parquet = await Promise.all([
    writtenByDuck('parquet', `COPY (${GOOD_TABLE}) TO 'PATH' (FORMAT parquet, COMPRESSION uncompressed)`),
    writtenByDuck('parquet', `COPY (${GOOD_TABLE}) TO 'PATH' (FORMAT parquet, COMPRESSION snappy, PARQUET_VERSION v2, ROW_GROUP_SIZE 20)`),
    writtenByDuck('parquet', `COPY (${GOOD_TABLE}) TO 'PATH' (FORMAT parquet, COMPRESSION zstd)`),
  ])
  const duckdb = await writtenByDuck('duckdb', `ATTACH 'PATH' AS d; CREATE TABLE d.t AS ${GOOD_TABLE}; DETACH d`)
  const sqlite = makeDatabase(`CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT, n REAL, data BLOB, d DATE);
    ${RECORDS.map(({ id, name, n }) => `INSERT INTO things VALUES (${id}, ${quoteLiteral(name)}, ${n}, x'${id}000FF', '2024-01-31');`).join('\n')}
    INSERT INTO things VALUES (99, '${'long '.repeat(3_000)}', NULL, NULL, NULL)`)
  const table = new Table({
    id: vectorFromArray(RECORDS.map(({ id }) => id), new Int32()),
    big: vectorFromArray(RECORDS.map(({ id }) => BigInt(id)), new Int64()),
    name: vectorFromArray(NAMES, new Utf8()),
    kind: vectorFromArray(RECORDS.map(({ id }) => `k${id % 2}`), new Dictionary(new Utf8(), new Int32())),
    n: vectorFromArray(RECORDS.map(({ n }) => (n > 2 ? null : n)), new Float64()),
    ok: vectorFromArray(RECORDS.map(({ id }) => id > 3), new Bool()),
    d: vectorFromArray(RECORDS.map(() => new Date('2024-01-31')), new DateDay()),
  })
  const stream = Buffer.from(tableToIPC(table, 'stream'))
  return [
    { name: 'parquet', declared: { format: 'parquet' }, seeds: parquet, ending: 'parquet', knowsItsEnd: true },
    { name: 'duckdb', declared: { format: 'duckdb', database: { table: null, query: null } }, seeds: [duckdb], ending: 'duckdb', knowsItsEnd: true },
    { name: 'sqlite', declared: { format: 'sqlite', database: { table: null, query: null } }, seeds: [sqlite], ending: 'db', knowsItsEnd: true },
    { name: 'arrow file', declared: { format: 'arrow' }, seeds: [Buffer.from(tableToIPC(table, 'file'))], ending: 'arrow', knowsItsEnd: true },
    { name: 'arrow stream', declared: { format: 'arrow', columns: { id: 'BIGINT', n: 'INTEGER' } }, seeds: [stream], ending: 'arrows', knowsItsEnd: true },
  ]
}

async function workbooks(): Promise<FuzzedFormat[]> {
  const whole = makeWorkbook(BOOK)
  const others = (await Promise.all(['xlsx/merged.xlsx', 'xlsx/dates.xlsx'].map((name) => real(name)))).flat()
  const parts = workbookParts(BOOK)
  const names = Object.keys(parts)
  return [
    { name: 'xlsx', declared: { format: 'xlsx' }, seeds: [whole, ...others], ending: 'xlsx', knowsItsEnd: true },
    { name: 'xlsx parts', declared: { format: 'xlsx' }, seeds: bytes(...Object.values(parts)), wrap: (content, seed) => makeZip({ ...parts, [names[seed] ?? '']: content }), ending: 'xlsx', knowsItsEnd: true },
  ]
}

async function packed(): Promise<FuzzedFormat[]> {
  const json = JSON.stringify(RECORDS)
  const gz = gzipSync(CSV)
  const zst = zstdCompressSync(CSV)
  const zip = await zipOf({ 'a.csv': CSV, 'b/c.csv': CSV.replaceAll('\n', '\r\n') })
  const tar = await tarOf({ 'a.csv': CSV, 'b.csv': CSV })
  return [
    { name: 'csv in gz', declared: { format: 'csv' }, seeds: [gz, Buffer.concat([gz, gzipSync('9,nine,9\n')])], ending: 'csv.gz', knowsItsEnd: false },
    { name: 'csv in zst', declared: { format: 'csv' }, seeds: [zst, zstdCompressSync(CSV.repeat(20))], ending: 'csv.zst', knowsItsEnd: true },
    { name: 'csv in zip', declared: { format: 'csv' }, seeds: [zip], ending: 'zip', knowsItsEnd: true },
    { name: 'csv in tar', declared: { format: 'csv' }, seeds: [tar], ending: 'tar', knowsItsEnd: false },
    { name: 'csv in tar.gz', declared: { format: 'csv' }, seeds: [gzipSync(tar)], ending: 'tar.gz', knowsItsEnd: true },
    { name: 'json in zip, changed inside', declared: { format: 'json' }, seeds: bytes(json), wrap: (content) => zipOf({ 'a.json': json, 'b.json': content }), ending: 'zip', knowsItsEnd: true },
    { name: 'csv in gz, changed inside', declared: { format: 'csv' }, seeds: bytes(CSV), wrap: (content) => gzipSync(content), ending: 'csv.gz', knowsItsEnd: false },
    { name: 'tar in zst, changed inside', declared: { format: 'csv' }, seeds: [tar], wrap: (content) => zstdCompressSync(content), ending: 'tar.zst', knowsItsEnd: false },
  ]
}

export async function fuzzedFormats(): Promise<FuzzedFormat[]> {
  return (await Promise.all([text(), binary(), workbooks(), packed()])).flat()
}
