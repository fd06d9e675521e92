import {
  Binary, Bool, type DataType, DateDay, DateMillisecond, Decimal, Dictionary, DurationMillisecond, Field, FixedSizeList, Float32, Float64, Int32, Int64, List, Map_, Null, RecordBatch, RecordBatchFileWriter, RecordBatchStreamWriter,
  Schema, Struct, Table, TimestampMicrosecond, TimestampMillisecond, TimestampNanosecond, TimeMicrosecond, Uint64, Utf8, makeData, tableFromArrays, tableToIPC, vectorFromArray,
} from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../../extract-fixture.ts'
import { decodeLz4Frame } from './lz4-frame.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

let files = 0
async function read(bytes: Uint8Array, columns: Record<string, string> = {}) {
  const path = await fixture.write(`table ${++files}.arrow`, bytes)
  return fixture.extract({ format: 'arrow', columns }, [path])
}
const column = (name: string, type: DataType, values: unknown[]) => ({ name, vector: vectorFromArray(values, type) })
function tableOf(columns: ReturnType<typeof column>[]): Table {
  return new Table(Object.fromEntries(columns.map(({ name, vector }) => [name, vector])))
}
const types = ({ result }: Awaited<ReturnType<typeof read>>): string[] => result.columns.filter(({ isProvenance }) => !isProvenance).map(({ name, type }) => `${name} ${type}`)

describe('connector arrow', () => {
  it('keeps types and values, nulls among them', async () => {
    const table = tableOf([
      column('i', new Int32(), [1, null, -3]),
      column('big', new Int64(), [9007199254740993n, null, -9223372036854775808n]),
      column('u', new Uint64(), [18446744073709551615n, null, 0n]),
      column('f', new Float64(), [1.5, null, Number.NaN]),
      column('small', new Float32(), [0.5, null, -Infinity]),
      column('ok', new Bool(), [true, null, false]),
      column('t', new Utf8(), ['a "b"\n,', null, '']),
      column('cat', new Dictionary(new Utf8(), new Int32()), ['x', null, 'x']),
      column('bytes', new Binary(), [new Uint8Array([0, 255]), null, new Uint8Array()]),
      column('day', new DateDay(), [new Date('2024-01-31'), null, new Date('1899-12-31')]),
      column('when', new DateMillisecond(), [new Date('2024-01-31T10:20:30.400Z'), null, new Date(0)]),
      column('nothing', new Null(), [null, null, null]),
    ])
    const extraction = await read(tableToIPC(table, 'file'))
    expect(types(extraction)).toEqual(['i INTEGER', 'big BIGINT', 'u UBIGINT', 'f DOUBLE', 'small FLOAT', 'ok BOOLEAN', 't VARCHAR', 'cat VARCHAR', 'bytes BLOB', 'day DATE', 'when TIMESTAMP', 'nothing VARCHAR'])
    const rows = await extraction.rows("i, big, u, f::VARCHAR AS f, small::VARCHAR AS small, ok, t, cat, hex(bytes) AS bytes, day, \"when\", nothing, _record")
    expect(rows).toEqual([
      { i: 1, big: '9007199254740993', u: '18446744073709551615', f: '1.5', small: '0.5', ok: true, t: 'a "b"\n,', cat: 'x', bytes: '00FF', day: '2024-01-31', when: '2024-01-31 10:20:30.4', nothing: null, _record: '1' },
      { i: null, big: null, u: null, f: null, small: null, ok: null, t: null, cat: null, bytes: null, day: null, when: null, nothing: null, _record: '2' },
      { i: -3, big: '-9223372036854775808', u: '0', f: 'nan', small: '-inf', ok: false, t: '', cat: 'x', bytes: '', day: '1899-12-31', when: '1970-01-01 00:00:00', nothing: null, _record: '3' },
    ])
  })

  it('keeps moments to their last digit, before 1970 and in a time zone', async () => {
    const values = (...numbers: bigint[]) => ({ length: numbers.length, data: BigInt64Array.from(numbers) })
    const decimals = Uint32Array.from([150, 0, 0, 0, 0xfffffffb, 0xffffffff, 0xffffffff, 0xffffffff])
    const children = [
      makeData({ type: new TimestampMicrosecond(), ...values(1_706_696_430_123_456n, -1n) }),
      makeData({ type: new TimestampNanosecond(), ...values(1_706_696_430_123_456_789n, -1n) }),
      makeData({ type: new TimestampMillisecond('Europe/Berlin'), ...values(1_706_696_430_000n, 0n) }),
      makeData({ type: new TimeMicrosecond(), ...values(86_399_999_999n, 0n) }),
      makeData({ type: new DurationMillisecond(), ...values(1_500n, -1n) }),
      makeData({ type: new Decimal(2, 20, 128), length: 2, data: decimals }),
    ]
    const fields = ['us', 'ns', 'zone', 'time', 'took', 'price'].map((name, index) => new Field(name, children[index]?.type ?? new Null()))
    const batch = new RecordBatch(new Schema(fields), makeData({ type: new Struct(fields), length: 2, children }))
    const extraction = await read(RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true))
    expect(types(extraction)).toEqual(['us TIMESTAMP', 'ns TIMESTAMP_NS', 'zone TIMESTAMP WITH TIME ZONE', 'time TIME', 'took BIGINT', 'price DECIMAL(20,2)'])
    expect(await extraction.rows('us::VARCHAR AS us, ns::VARCHAR AS ns, zone::VARCHAR AS zone, time::VARCHAR AS time, took, price')).toEqual([
      { us: '2024-01-31 10:20:30.123456', ns: '2024-01-31 10:20:30.123456789', zone: '2024-01-31 10:20:30+00', time: '23:59:59.999999', took: '1500', price: '1.50' },
      { us: '1969-12-31 23:59:59.999999', ns: '1969-12-31 23:59:59.999999999', zone: '1970-01-01 00:00:00+00', time: '00:00:00', took: '-1', price: '-0.05' },
    ])
  })

  it('keeps lists, structs and maps', async () => {
    const pair = new Struct([new Field('a', new Int64()), new Field('b"', new Utf8()), new Field('raw', new Binary())])
    const table = tableOf([
      column('list', new List(new Field('item', new Utf8())), [['x', null, 'z"'], [], null]),
      column('pairs', new List(new Field('item', pair)), [[{ a: 9007199254740993n, 'b"': 'é', raw: new Uint8Array([1, 255]) }], null, []]),
      column('fixed', new FixedSizeList(2, new Field('item', new Int32())), [[1, 2], [3, 4], null]),
      column('map', new Map_(new Field('entries', new Struct<{ key: Utf8; value: Int32 }>([new Field('key', new Utf8()), new Field('value', new Int32())]))), [new Map([['k', 1]]), null, new Map()]),
    ])
    const extraction = await read(tableToIPC(table, 'stream'))
    expect(types(extraction)).toEqual(['list VARCHAR[]', 'pairs STRUCT(a BIGINT, "b""" VARCHAR, raw VARCHAR)[]', 'fixed INTEGER[]', 'map STRUCT("key" VARCHAR, "value" INTEGER)[]'])
    expect(await extraction.rows('list[3] AS l, len(list) AS n, pairs[1].a AS a, pairs[1]."b""" AS b, pairs[1].raw AS raw, fixed[2] AS f, map[1].key AS k, map[1]."value" AS v')).toEqual([
      { l: 'z"', n: '3', a: '9007199254740993', b: 'é', raw: '01ff', f: 2, k: 'k', v: 1 },
      { l: null, n: '0', a: null, b: null, raw: null, f: 4, k: null, v: null },
      { l: null, n: null, a: null, b: null, raw: null, f: null, k: null, v: null },
    ])
  })

  it('reads many batches, and the types of several files together', async () => {
    const batches = Array.from({ length: 30 }, (_, n) => tableFromArrays({ id: Int32Array.from([n * 2, n * 2 + 1]) }).batches).flat()
    const first = await fixture.write('many.arrow', RecordBatchFileWriter.writeAll(batches).toUint8Array(true))
    const second = await fixture.write('wide.arrow', tableToIPC(tableOf([column('id', new Int64(), [5_000_000_000n]), column('more', new Utf8(), ['x'])])))
    const { result, rows } = await fixture.extract({ format: 'arrow' }, [first, second])
    expect(result.columns.map(({ name, type }) => `${name} ${type}`).slice(0, 2)).toEqual(['id BIGINT', 'more VARCHAR'])
    expect(await rows('id, more, _record').then((all) => [all.length, all[59], all[60]])).toEqual([61, { id: '59', more: null, _record: '60' }, { id: '5000000000', more: 'x', _record: '1' }])
  })

  it('never takes a stream that is cut anywhere for a whole one', async () => {
    const table = tableOf([column('i', new Int32(), [1, 2, 3]), column('t', new Utf8(), ['a', 'b', null])])
    const whole = Buffer.from(tableToIPC(table, 'stream'))
    expect((await read(whole)).result.records).toBe(3)
    // Some of these end with zeros, as a stream does.
    for (let at = 8; at < whole.length; at += 8) {
      const path = await fixture.write('cut.arrows', whole.subarray(0, at))
      expect([at, await fixture.extract({ format: 'arrow' }, [path]).then(() => 'loaded', (error: Error) => error.message.replace(/:.*/, ''))]).toEqual([at, 'cut.arrows'])
    }
  })

  it('quarantines what does not fit a declared type', async () => {
    const { result, rejects } = await read(tableToIPC(tableOf([column('v', new Utf8(), ['1', 'two'])])), { v: 'INTEGER' })
    expect(result).toMatchObject({ records: 2, rowCount: 1, quarantined: 1 })
    expect((await rejects()).map(({ reason }) => reason)).toEqual(['"v" of row 2: "two" does not fit INTEGER'])
  })

  it.each(['file', 'stream'] as const)('never takes a cut %s for a whole one', async (kind) => {
    const whole = tableToIPC(tableFromArrays({ id: Int32Array.from({ length: 5_000 }, (_, n) => n) }), kind)
    for (const length of [0, 4, 100, 5_000, whole.length - 8, whole.length - 1]) {
      await expect(read(whole.subarray(0, length))).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining(`table ${files}.arrow: truncated input`) } })
    }
    await expect(read(Buffer.from('id,name\n1,x\n\0\0\0\0'))).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE' } })
  })

  it('unpacks LZ4 frames, as most Feather files have them', () => {
    // Frame 1.6.4 with one packed block: "abc", then 9 bytes from 3 bytes before, then "xyzzy" as literals.
    const block = Buffer.from([0x35, 0x61, 0x62, 0x63, 3, 0, 0x50, 0x78, 0x79, 0x7a, 0x7a, 0x79])
    const frame = (size: number, body: Buffer): Buffer => Buffer.concat([Buffer.from('04224d1860407f', 'hex').subarray(0, 7), Buffer.from(Uint32Array.from([size]).buffer), body, Buffer.alloc(4)])
    expect(Buffer.from(decodeLz4Frame(frame(block.length, block))).toString()).toBe('abcabcabcabcxyzzy')
    expect(Buffer.from(decodeLz4Frame(frame((0x80000000 | 3) >>> 0, Buffer.from('raw')))).toString()).toBe('raw')
    expect(() => decodeLz4Frame(frame(block.length + 40, block))).toThrow(/ends early|out of range/i)
    expect(() => decodeLz4Frame(Buffer.from('not a frame at all'))).toThrow('not an LZ4 frame')
  })
})
