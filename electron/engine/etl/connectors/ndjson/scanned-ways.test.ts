import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../../extract-fixture.ts'
import { UNSURE } from './json-scalars.ts'
import { LineScanner, type ScannedColumn } from './line-scanner.ts'
import { valueForm } from './value-form.ts'

/** NDJSON that is scanned and read by DuckDB's own reader, against the statements that look at every value of every record. */

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const TYPES: Record<string, string> = { tiny: 'UTINYINT', i: 'INTEGER', b: 'BIGINT', m: 'DECIMAL(6,2)', wide: 'DECIMAL(38,10)', d: 'DOUBLE', day: 'DATE', at: 'TIMESTAMP', yes: 'BOOLEAN', text: 'VARCHAR', 'a, "b': 'VARCHAR', any: 'JSON' }
const KEYS = Object.keys(TYPES).filter((key) => key !== 'a, "b')
const COLUMNS = Object.fromEntries(KEYS.map((key) => [key, TYPES[key] ?? '']))
const PLAIN: Record<string, string> = { tiny: '255', i: '-1', b: '900719925474099', m: '1.5', wide: '12.25', d: '0.25', day: '"2024-02-29"', at: '"2024-01-31T10:20:30.5"', yes: 'true', text: '"x"', any: '{"k": [1, "é"]}' }

const scanner = new LineScanner(KEYS.flatMap((key): ScannedColumn[] => {
  const form = valueForm(TYPES[key] ?? '')
  return form === null ? [] : [{ key, form }]
}))

function isSure(line: string): boolean {
  const bytes = Buffer.from(`${line}\n`)
  return scanner.scan({ bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }, 0) !== UNSURE
}

const digits = (most: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: most })
const number = fc.tuple(fc.constantFrom('', '-', '+'), fc.oneof({ weight: 3, arbitrary: digits(4) }, digits(21)), fc.oneof(fc.constant(''), fc.constantFrom('.0', '.00', '.5', '.25', '.005', '.'), digits(19).map((text) => `.${text}`)), fc.oneof({ weight: 6, arbitrary: fc.constant('') }, fc.constantFrom('e3', 'E-2', 'e+10', 'e-99', 'e99', 'e308', 'e400', 'e-400'))).map((parts) => parts.join(''))
const edge = fc.constantFrom('0', '-0', '-0.0', '255', '256', '2147483647', '2147483648', '-2147483648', '-2147483649', '999999999999999999', '9223372036854775807', '9223372036854775808', '9007199254740993', '9999.99', '9999.995', '0.30000000000000004', '1.7976931348623157e308', 'NaN', 'Infinity', '0.1', '123456789012345.6', '12345.1234567891')
const day = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 })).map(([y, m, d]) => `${String(y).padStart(4, '0')}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`),
  fc.constantFrom('2024-02-29', '2023-02-29', '1900-02-29', '2000-02-29', '2024-1-5', '2024-01-31 ', '0000-01-01', '9999-12-31', '20240131'),
)
const time = fc.oneof(fc.constantFrom('', ' 10:20:30', 'T10:20:30', 'T24:00:00', ' 23:59:59.999999', ' 10:20:30.1234567', ' 10:20', 'T10:20:30Z', ' 10:20:60', ' 1:02:03', '.5', 'T10:20:30.', ' 00:00:00'))
const text = fc.oneof(fc.string({ unit: 'binary' }).map((value) => JSON.stringify(value)), fc.constantFrom('"\\u0000"', '"\\ud83d\\ude00"', '"\\ud83d"', '"\\/\\b\\u00e9"', '"\\x"', '"\t"', '"', '"true"', '"t"', '""'))
const nested = fc.oneof(fc.json(), fc.constantFrom('[1,]', '{"a":1,"a":2}', '[1.50, 1E2, 12345678901234567890123]', '{"a" : [ ] , "b":{ }}', '[[[]]', '{1:2}', '[nul]', '{"a":"\\ud83d"}'))
const value = fc.oneof(number, number.map((written) => `"${written}"`), edge, edge.map((written) => `"${written}"`), fc.tuple(day, time).map((parts) => `"${parts.join('')}"`), text, nested, fc.constantFrom('true', 'false', 'null', 'tru', 'True', 'nulls', ''))

const blank = fc.constantFrom('', '', '', ' ', '\t ')
const members = fc.tuple(...KEYS.map((key) => fc.oneof({ weight: 20, arbitrary: fc.constant(PLAIN[key] ?? '') }, value).map((written) => `"${key}"`.concat(':', written))))
const good = fc.oneof(
  { weight: 5, arbitrary: members.map((all) => `{${all.join(',')}}`) },
  members.map((all) => `{${all.join(', ').replaceAll('":', '": ')}}`),
  fc.tuple(members, blank, blank).map(([all, a, b]) => `{${a}${all.toReversed().join(`${b},${a}`)}${b}}${a}`),
  fc.tuple(members, fc.nat(KEYS.length)).map(([all, at]) => `{${all.toSpliced(at, 1).join(',')}}`),
)
const other = fc.oneof(
  fc.tuple(members, fc.nat(KEYS.length - 1)).map(([all, at]) => `{${[...all, all[at]].join(',')}}`),
  fc.tuple(good, fc.nat(200)).map(([line, at]) => line.slice(0, at)),
  fc.constantFrom('', '  ', '\t', '[1]', '7', 'null', 'x', '{}', '{ }', '{}x', '{"i":1}{"i":2}', '{"i":1,}', '{,}', '{"i" 1}', '{"":1}', '\u0001', '\u0000', '{"i":1}\r', '\r'),
)
const misfit = fc.constantFrom('{"i":1.5}', '{"i":"x"}', '{"day":"2023-02-29"}', '{"m":1.005}', '{"yes":1}', '{"at":"2024-01-31T10:20:30Z"}', '[1]', '{"i":', '\u0000', '{"d":"\\ud83d"}', '{"text":"\u{10FFFF}"', '{"i":2147483648}')
const FULL = `{${KEYS.map((key) => `"${key}":${PLAIN[key]}`).join(',')}}`

async function read(path: string, declared: Partial<Parameters<ExtractFixture['extract']>[0]>) {
  const { rows, rejects, result, log } = await fixture.extract({ format: 'ndjson', columns: COLUMNS, ...declared }, [path])
  const { records, quarantined, rowCount, columns } = result
  return { log, found: { records, quarantined, rowCount, columns, rows: await rows(), rejects: await rejects() } }
}

/** A rule on the text of records asks for each of them. */
const BY_RECORD = { skip: [{ name: 'none', pattern: '^never$' }] }
const isScanned = (log: readonly string[]): boolean => log.some((entry) => entry.startsWith('info: scanned '))

let files = 0
async function readBoth(content: string | Buffer) {
  const path = await fixture.write(`scanned-${++files}.ndjson`, content)
  const [scanned, byRecord] = [await read(path, {}), await read(path, BY_RECORD)]
  expect(scanned.found).toEqual(byRecord.found)
  return scanned
}

describe('NDJSON that is scanned', () => {
  it('is loaded wherever the scan is sure, as the statements for all records load it', async () => {
    await fc.assert(fc.asyncProperty(fc.array(good, { minLength: 20, maxLength: 200 }), async (lines) => {
      const { log, found } = await readBoth([FULL, ...lines.filter(isSure)].join('\n'))
      expect(isScanned(log)).toBe(true)
      expect(found.quarantined).toBe(0)
    }), { numRuns: 5 })
  })

  it('is rejected where those statements reject it, in the same words and at the same places', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof({ weight: 9, arbitrary: good.filter(isSure) }, misfit, fc.constantFrom('', ' ')), { maxLength: 60 }), fc.constantFrom('', '\n', '\n\n', '\n{"i":'), async (lines, end) => {
      const { log } = await readBoth(`${FULL}\n${lines.join('\n')}${end}`)
      expect(isScanned(log)).toBe(true)
    }), { numRuns: 5 })
  })

  it('is read in another way where it is odd, and the same comes of it', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof({ weight: 9, arbitrary: good }, other), { maxLength: 60 }), fc.constantFrom('', '\n'), async (lines, end) => {
      await readBoth(`${FULL}\n${lines.join('\n')}${end}`)
    }), { numRuns: 5 })
  })

  it('keeps lines apart at the ends of the pieces in which a file is read, bytes that are no text among them', async () => {
    const long = FULL.replace('"x"', JSON.stringify('é'.repeat(1_000_000)))
    const bytes = [FULL, long, '{"i":1.5}', long, '', `{"text":"${'y'.repeat(3_000_000)}`, FULL].map((line) => Buffer.from(`${line}\n`))
    const { log, found } = await readBoth(Buffer.concat([...bytes, Buffer.from('{"text":"'), Buffer.of(0xff, 0xfe), Buffer.from(`"}\n${FULL}`)]))
    expect(log).toContain('info: scanned 8 records, looked into 3')
    expect(found.quarantined).toBe(3)
  })
})
