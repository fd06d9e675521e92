import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { exactCast } from './exact-cast.ts'

let duck: Duck
let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-casts-'))
  duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: dir })
})
afterAll(async () => {
  duck[Symbol.dispose]()
  await rm(dir, { recursive: true })
})

/** By type: texts that are values of it, with the value as DuckDB writes it, and texts that are not. */
const TABLE: Record<string, { good: Record<string, string>; bad: string[] }> = {
  INTEGER: { good: { '12': '12', '-7': '-7', '+7': '7', '007': '7', '12.0': '12', '12.': '12', '2147483647': '2147483647', '-0': '0' }, bad: ['12.7', '0.5', '1e3', '1e-1', ' 7', '7 ', '\t7', '1_000', '1,000', '0x1F', '0b1', '2147483648', '', 'true', 'NaN', '½', '--7', 'x'] },
  BIGINT: { good: { '9223372036854775807': '9223372036854775807', '9007199254740993': '9007199254740993' }, bad: ['9223372036854775808', '.5', '1e18'] },
  UTINYINT: { good: { '255': '255' }, bad: ['256', '-1'] },
  DOUBLE: { good: { '1.5': '1.5', '1e3': '1000.0', '.5': '0.5', '5.': '5.0', 'NaN': 'nan', '-inf': '-inf', 'Infinity': 'inf', '0': '0.0', '0.000': '0.0', '0e5': '0.0', '0.1': '0.1', '9007199254740993': '9007199254740992.0' }, bad: ['1e400', '-1e400', '1e-400', ' 1.5', '1.5\n', '1_000', '1,5', '0x1F', '', 'true'] },
  FLOAT: { good: { '1.5': '1.5', '0.1': '0.1' }, bad: ['1e39', '1e-60'] },
  'DECIMAL(6,2)': { good: { '1.5': '1.50', '1.55': '1.55', '1.5500': '1.55', '.5': '0.50', '-9999.99': '-9999.99', '7': '7.00' }, bad: ['1.555', '12345.67', '9999.995', '1e3', '1e-3', ' 7', '1_0', ''] },
  BOOLEAN: { good: { true: 'true', FALSE: 'false', t: 'true', no: 'false' }, bad: ['1', '0', '2', '1.0', 'on', ' true', ''] },
  DATE: { good: { '2024-01-31': '2024-01-31', '2024-1-5': '2024-01-05', '2024/01/31': '2024-01-31', '2024-01-31 00:00:00': '2024-01-31', '2024-01-31T00:00': '2024-01-31', '12024-01-31': '12024-01-31', infinity: 'infinity', '0044-03-15 (BC)': '0044-03-15 (BC)' }, bad: ['2024-01-31 10:20:30', '2024-01-31T00:00:00Z', '2024-01-31x', '2024-01-3x', '2024-02-30', '31.01.2024', '20240131', ' 2024-01-31', '2024-01', 'epoch', '0044-03-15 BC', ''] },
  TIMESTAMP: { good: { '2024-01-31 10:20:30': '2024-01-31 10:20:30', '2024-01-31T10:20:30': '2024-01-31 10:20:30', '2024-01-31': '2024-01-31 00:00:00', '2024-01-31 10:20': '2024-01-31 10:20:00', '2024-01-31 10:20:30.123456': '2024-01-31 10:20:30.123456', '2024-01-31 10:20:30.1234560': '2024-01-31 10:20:30.123456' }, bad: ['2024-01-31T10:20:30Z', '2024-01-31T10:20:3Z', '2024-01-31T10:20:30+02:00', '2024-01-31 10:20:30.1234567', '2024-01-31 25:00:00', '2024-1-1 1:02+02:30', ' 999-01-01 10:20:30', '2024-01-31 10:20:30 Europe/Berlin', ''] },
  TIMESTAMP_S: { good: { '2024-01-31 10:20:30': '2024-01-31 10:20:30', '2024-01-31 10:20:30.0': '2024-01-31 10:20:30' }, bad: ['2024-01-31 10:20:30.5'] },
  TIMESTAMP_NS: { good: { '2024-01-31 10:20:30.123456789': '2024-01-31 10:20:30.123456789' }, bad: ['2024-01-31 10:20:30.1234567891'] },
  'TIMESTAMP WITH TIME ZONE': { good: { '2024-01-31 10:20:30+02': '2024-01-31 08:20:30+00', '2024-01-31T10:20:30.5Z': '2024-01-31 10:20:30.5+00', '2024-01-31 10:20:30 Europe/Berlin': '2024-01-31 09:20:30+00', '2024-01-31 10:20:30 UTC': '2024-01-31 10:20:30+00' }, bad: ['2024-01-31 10:20:30', '2024-01-31', ''] },
  TIME: { good: { '10:20:30': '10:20:30', '10:20': '10:20:00', '1:02:03.5': '01:02:03.5' }, bad: ['10:20:30.1234567', '2024-01-31 10:20:30', '10:20:30+02', '25:00:00', ''] },
  UUID: { good: { '6F9619FF-8B86-D011-B42D-00C04FC964FF': '6f9619ff-8b86-d011-b42d-00c04fc964ff' }, bad: ['x', ''] },
  "ENUM('a', 'b')": { good: { a: 'a' }, bad: ['c', 'A', ''] },
  'INTEGER[]': { good: { '[1, null, 2]': '[1, NULL, 2]', '[]': '[]' }, bad: ['[1.5]', '[1, "x"]', '[true]', '5', '[1', '{}'] },
  'DATE[]': { good: { '["2024-01-31"]': '[2024-01-31]' }, bad: ['["2024-01-31 10:00:00"]'] },
  'INTEGER[2]': { good: { '[1, 2]': '[1, 2]' }, bad: ['[1]', '[1, 2, 3]', '[1, 1.5]'] },
  'STRUCT(a INTEGER, "b c" STRUCT(d DATE)[])': { good: { '{"a": 1, "b c": [{"d": "2024-01-31"}]}': "{'a': 1, 'b c': [{'d': 2024-01-31}]}", '{"a": null, "b c": null}': "{'a': NULL, 'b c': NULL}" }, bad: ['{"a": 1}', '{"a": 1.5}', '{"a": 1, "x": 2}', '{"b c": [{"d": "2024-01-31 10:00:00"}]}', '[1]'] },
  'MAP(VARCHAR, INTEGER)': { good: { '{"k": 1}': '{k=1}' }, bad: ['{"k": 1.5}', '{"k": true}'] },
  JSON: { good: { '{"a":1}': '{"a":1}' }, bad: ['{"a"', ''] },
  VARCHAR: { good: { '': '', ' 7': ' 7' }, bad: [] },
}

describe('a text is cast exactly or not at all', () => {
  it.each(Object.entries(TABLE))('%s', async (type, { good, bad }) => {
    const cast = exactCast(type)
    const texts = [...Object.keys(good), ...bad]
    const rows = await duck.rows(`SELECT t, ${cast.value('t')}::VARCHAR AS v, ${cast.fits('t', cast.value('t'))} AS ok FROM (VALUES ${texts.map((text) => `(${quoteLiteral(text)})`).join(', ')}) x(t)`)
    expect(Object.fromEntries(rows.map((row) => [row['t'], row['ok'] === true ? row['v'] : row['ok']]))).toEqual({ ...good, ...Object.fromEntries(bad.map((text) => [text, false])) })
  })
})
