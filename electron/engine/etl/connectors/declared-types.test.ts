import { Float64, Table, tableToIPC, Utf8, vectorFromArray } from 'apache-arrow'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../extract-fixture.ts'
import { escapeXml, makeWorkbook } from './xlsx/test-workbook.ts'

/** The same values, declared as the same types, in every format: the same become values, the same go to quarantine, with the same reason. */

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

type Value = string | number
/** A record holds one value, in the column of its type. */
type Item = { column: number; value: Value }

interface Deliverer {
  declared: Omit<Parameters<ExtractFixture['extract']>[0], 'columns'>
  file(items: readonly Item[], columns: number): string | Uint8Array
  /** Blanks around a value are not part of it. */
  trims?: true
  /** Numbers are not written as texts. */
  numbers?: true
}

const WIDTH = 40
const named = (columns: number): string[] => Array.from({ length: columns }, (_, index) => `v${index}`)
const cells = ({ column, value }: Item, columns: number): (Value | null)[] => named(columns).map((_, index) => (index === column ? value : null))
const csv = (items: readonly Item[], columns: number): string =>
  `${named(columns).join(',')}\n${items.map((item) => `${cells(item, columns).map((value) => (value === null ? '' : `"${String(value).replaceAll('"', '""')}"`)).join(',')}\n`).join('')}`
const json = (items: readonly Item[]): string[] => items.map(({ column, value }) => JSON.stringify({ [`v${column}`]: value }))
const COLUMNS = 11
const fixedColumns = named(COLUMNS).map((name, index) => ({ name, start: 1 + index * WIDTH, width: WIDTH }))
const fields = named(COLUMNS).map((name) => ({ name, path: `$.${name}`, isList: false }))

const DELIVERERS: Record<string, Deliverer> = {
  csv: { declared: { format: 'csv' }, file: csv },
  'csv, record by record': { declared: { format: 'csv', csv: { ragged: 'fill' } }, file: csv },
  'csv, merged': { declared: { format: 'csv', skip: [{ name: 'none', where: 'false' }] }, file: csv },
  fixed: { declared: { format: 'fixed', fixed: fixedColumns }, file: (items, columns) => items.map((item) => `${cells(item, columns).map((value) => String(value ?? '').padEnd(WIDTH)).join('')}\n`).join(''), trims: true },
  ndjson: { declared: { format: 'ndjson' }, file: (items) => `${json(items).join('\n')}\n`, numbers: true },
  json: { declared: { format: 'json' }, file: (items) => `[${json(items).join(',\n')}]`, numbers: true },
  'json, mapped': { declared: { format: 'json', mapping: { child: null, fields } }, file: (items) => `[${json(items).join(',\n')}]`, numbers: true },
  xml: { declared: { format: 'xml', record: 'd/r' }, file: (items) => `<d>${items.map(({ column, value }) => `<r><v${column}>${escapeXml(String(value))}</v${column}></r>\n`).join('')}</d>` },
  xlsx: { declared: { format: 'xlsx' }, file: (items, columns) => makeWorkbook({ sheets: [{ name: 'S', rows: [named(columns), ...items.map((item) => cells(item, columns))] }] }), numbers: true },
  sqlite: {
    declared: { format: 'sqlite' },
    file: (items, columns) => {
      const database = new Database(':memory:')
      database.exec(`CREATE TABLE t (${named(columns).join(', ')})`)
      const insert = database.prepare(`INSERT INTO t VALUES (${named(columns).map(() => '?').join(', ')})`)
      for (const item of items) insert.run(cells(item, columns))
      return database.serialize()
    },
    numbers: true,
  },
  arrow: {
    declared: { format: 'arrow' },
    file: (items, columns) => tableToIPC(new Table(Object.fromEntries(named(columns).map((name, index) => [name, vectorFromArray(items.map((item) => cells(item, columns)[index]), typeof items[0]?.value === 'number' ? new Float64() : new Utf8())]))), 'file'),
    numbers: true,
  },
}

/** By type: texts that are values of it, with the value, and texts that are not. */
const TEXTS: Record<string, { good: Record<string, string>; bad: string[] }> = {
  INTEGER: { good: { '12': '12', '007': '7', '+7': '7', '12.0': '12' }, bad: ['12.7', '0.5', '1e3', ' 7', '7 ', '1_000', '1,000', '0x1F', '2147483648', '-2147483649', 'true', 'x'] },
  BIGINT: { good: { '9223372036854775807': '9223372036854775807' }, bad: ['9223372036854775808', '1e18', '.5'] },
  DOUBLE: { good: { '1.5': '1.5', '1e3': '1000.0', NaN: 'nan', '-inf': '-inf' }, bad: ['1e400', '1e-400', ' 1.5', '1_000', '1,5', 'true'] },
  'DECIMAL(6,2)': { good: { '1.5': '1.50', '1.500': '1.50', '-9999.99': '-9999.99' }, bad: ['1.555', '12345.67', '1e3', ' 7'] },
  BOOLEAN: { good: { true: 'true', FALSE: 'false', no: 'false' }, bad: ['1', '0', '1.0', ' true', 'on'] },
  DATE: { good: { '2024-01-31': '2024-01-31', '2024-01-31 00:00:00': '2024-01-31' }, bad: ['2024-01-31 10:20:30', '2024-01-31T00:00:00Z', '2024-01-31x', '2024-02-30', '20240131', '31.01.2024'] },
  TIMESTAMP: { good: { '2024-01-31 10:20:30': '2024-01-31 10:20:30', '2024-01-31T10:20:30.5': '2024-01-31 10:20:30.5' }, bad: ['2024-01-31T10:20:30Z', '2024-01-31 10:20:30+02', '2024-01-31 10:20:30.1234567'] },
  'TIMESTAMP WITH TIME ZONE': { good: { '2024-01-31T10:20:30+02:00': '2024-01-31 08:20:30+00' }, bad: ['2024-01-31 10:20:30', '2024-01-31'] },
  TIME: { good: { '10:20:30': '10:20:30' }, bad: ['2024-01-31 10:20:30', '10:20:30+02', '10:20:30.1234567'] },
  'INTEGER[]': { good: { '[1, 2]': '[1, 2]' }, bad: ['[1.5]', '[1', '5'] },
}

const NUMBERS: Record<string, { good: Record<string, string>; bad: number[] }> = {
  INTEGER: { good: { '12': '12', '-7': '-7' }, bad: [12.7, 0.5, 2_147_483_648, 1e30] },
  'DECIMAL(6,2)': { good: { '1.5': '1.50', '7': '7.00' }, bad: [1.555, 12_345.67] },
  FLOAT: { good: { '1.5': '1.5' }, bad: [1e39] },
  DATE: { good: {}, bad: [20_240_131, 45_000] },
  TIMESTAMP: { good: {}, bad: [1_706_696_430] },
  VARCHAR: { good: { '12': '12', '12.5': '12.5' }, bad: [] },
}

let files = 0
async function verdicts({ declared, file }: Deliverer, types: readonly string[], items: readonly Item[]): Promise<string[]> {
  const path = await fixture.write(`v${++files}.${declared.format}`, file(items, types.length))
  const fixed = declared.fixed?.slice(0, types.length)
  const mapping = declared.mapping === undefined ? undefined : { child: null, fields: fields.slice(0, types.length) }
  const columns = Object.fromEntries(types.map((type, index) => [`v${index}`, type]))
  const { rows, rejects, result } = await fixture.extract({ ...declared, columns, ...(fixed === undefined ? {} : { fixed }), ...(mapping === undefined ? {} : { mapping }) }, [path])
  const found: string[] = []
  for (const row of await rows(`_record::INTEGER AS r, coalesce(${types.map((_, index) => `v${index}::VARCHAR`).join(', ')}) AS v`)) found[Number(row['r']) - 1] = String(row['v'])
  for (const row of await rejects()) {
    const item = items[Number(row['_record']) - 1]
    expect(row).toMatchObject({ column_name: `v${item?.column}`, raw: expect.stringContaining(String(item?.value).trim().slice(0, 2)) })
    found[Number(row['_record']) - 1] = String(row['reason']).replace(/^.*: (?=")/, '')
  }
  expect(result).toMatchObject({ records: items.length, rowCount: items.length - result.quarantined })
  return found
}

function itemsOf(table: Record<string, { good: Record<string, string>; bad: readonly Value[] }>, asValue: (text: string) => Value, isLeftOut: (text: string) => boolean): { types: string[]; items: Item[]; expected: string[] } {
  const rows = Object.entries(table).flatMap(([type, { good, bad }], column) => [
    ...Object.entries(good).map(([text, value]) => ({ column, value: asValue(text), expected: value })),
    ...bad.filter((value) => !isLeftOut(String(value))).map((value) => ({ column, value, expected: `"${value}" does not fit ${type}` })),
  ])
  return { types: Object.keys(table), items: rows, expected: rows.map(({ expected }) => expected) }
}

/** How a number is written out is the format's own. */
const withoutNumber = (verdict: string): string => verdict.replace(/^".*"/, '"?"')

describe.each(Object.entries(DELIVERERS))('declared types in %s', (_, deliverer) => {
  it('take texts that are exactly one of their values, and no others', async () => {
    const { types, items, expected } = itemsOf(TEXTS, (text) => text, (text) => deliverer.trims === true && text.trim() !== text)
    expect(await verdicts(deliverer, types, items)).toEqual(expected)
  })

  it.runIf(deliverer.numbers === true)('take numbers that are exactly one of their values, and no others', async () => {
    const { types, items, expected } = itemsOf(NUMBERS, Number, () => false)
    expect((await verdicts(deliverer, types, items)).map(withoutNumber)).toEqual(expected.map(withoutNumber))
  })
})

it.each(['ndjson', 'xlsx', 'arrow', 'sqlite'])('a number is no boolean in %s, but where booleans are kept as 0 and 1', async (name) => {
  const deliverer = DELIVERERS[name]
  const items = [0, 1, 2].map((value) => ({ column: 0, value }))
  const misfit = (value: number): string => `"${value}" does not fit BOOLEAN`
  expect(deliverer === undefined ? [] : await verdicts(deliverer, ['BOOLEAN'], items)).toEqual(name === 'sqlite' ? ['false', 'true', misfit(2)] : [0, 1, 2].map(misfit))
})
