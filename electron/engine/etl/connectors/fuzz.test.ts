import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../extract-fixture.ts'
import { type FuzzedFormat, fuzzCuts, fuzzFormat } from './fuzz-connector.ts'

/** `STRATA_FUZZ_MINUTES=10 npm run unit -- electron/engine/etl/connectors/fuzz.test.ts` goes on for ten minutes a law and format. */
const minutes = process.env['STRATA_FUZZ_MINUTES'] === undefined ? null : Number(process.env['STRATA_FUZZ_MINUTES'])
const time = { runs: 6, minutes }

const names = ['x', 'é "q"', 'a,b;c', 'two\nlines', '', ' blank ', '€ 1.234,5', '\u{1F600}']
const csv = `id,name,n\n${names.map((name, id) => `${id},"${name.replaceAll('"', '""')}",${id / 2}\n`).join('')}`
const records = names.map((name, id) => ({ id, name, list: [id, { deep: name }], n: id / 2 }))
const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<d>${names.map((name, id) => `<r id="${id}"><name>${name.replaceAll('&', '&amp;')}</name><n>${id}</n></r>\n`).join('')}</d>\n`
const bytes = (...texts: string[]): Buffer[] => texts.map((text) => Buffer.from(text))

/** Another connector is one line here. */
const FORMATS: FuzzedFormat[] = [
  { name: 'csv', declared: { format: 'csv' }, seeds: bytes(csv, csv.replaceAll('\n', '\r\n'), csv.replaceAll(',', '\t'), 'a\n1\n\n2\n'), knowsItsEnd: false },
  { name: 'csv typed', declared: { format: 'csv', columns: { id: 'INTEGER', n: 'DOUBLE' } }, seeds: bytes(csv), knowsItsEnd: false },
  { name: 'csv ragged', declared: { format: 'csv', csv: { ragged: 'fill' } }, seeds: bytes(csv, csv.replaceAll('\n', '\r')), knowsItsEnd: false },
  { name: 'csv without quotes', declared: { format: 'csv', csv: { quote: '', delimiter: '\t' } }, seeds: bytes('a\tb\n1\t"x\n2\ty"\n3\t\n'), knowsItsEnd: false },
  { name: 'fixed', declared: { format: 'fixed', columns: { id: 'INTEGER' }, fixed: [{ name: 'id', start: 1, width: 4 }, { name: 'name', start: 5, width: 6 }] }, seeds: bytes('1   abc   \n22  défghi\n333 x     \n'), knowsItsEnd: false },
  { name: 'ndjson', declared: { format: 'ndjson' }, seeds: bytes(records.map((record) => `${JSON.stringify(record)}\n`).join('')), knowsItsEnd: false },
  { name: 'json', declared: { format: 'json' }, seeds: bytes(JSON.stringify(records), JSON.stringify(records, null, 2)), knowsItsEnd: true },
  { name: 'json path', declared: { format: 'json', record: '$.a.b[*]' }, seeds: bytes(JSON.stringify({ meta: [1], a: { b: records, c: {} } })), knowsItsEnd: true },
  { name: 'xml', declared: { format: 'xml', record: 'd/r' }, seeds: bytes(xml), knowsItsEnd: true },
]

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const timeoutMs = 120_000 + 2 * 60_000 * (minutes ?? 0)

describe.each(FORMATS)('fuzzed $name', (format) => {
  it('is refused in words or accounted for, whatever happens to the file', async () => {
    expect(await fuzzFormat(fixture, format, time)).toBeGreaterThan(0)
  }, timeoutMs)

  it('gives an error or what was whole, wherever it is cut', async () => {
    expect(await fuzzCuts(fixture, format, time)).toBeGreaterThan(0)
  }, timeoutMs)
})
