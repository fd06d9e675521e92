import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../extract-fixture.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

let count = 0
type Declared = Partial<Parameters<ExtractFixture['extract']>[0]>

async function read(content: string, declared: Declared = {}) {
  return fixture.extract({ format: 'json', ...declared }, [await fixture.write(`${++count}.json`, content)])
}
async function types(content: string, declared: Declared = {}): Promise<Record<string, string>> {
  const { result } = await read(content, declared)
  return Object.fromEntries(result.columns.filter((column) => !column.isProvenance).map(({ name, type }) => [name, type]))
}

describe('JSON documents', () => {
  it.each([
    ['a list', '[{"a":1},{"a":2}]', null],
    ['documents one after the other', '{"a":1}\n{"a":\n2}', null],
    ['documents without anything between', '{"a":1}{"a":2}', null],
    ['a list of lists by its path', '{"x":{"y":[[{"a":1}],[{"a":2}]]}}', '$.x.y[*][*]'],
    ['a list at the end of the path', '{"x":{"y":[{"a":1},{"a":2}]},"z":[{"a":9}]}', '$.x.y'],
    ['every document of a list', '[{"r":{"a":1}},{"other":1},{"r":{"a":2}}]', '$[*].r'],
    ['names that need quotes', '{"x y":{"z.z":[{"a":1},{"a":2}]}}', '$."x y"["z.z"][*]'],
    ['a byte order mark', '\uFEFF[{"a":1},{"a":2}]', null],
    ['brackets and quotes inside texts', '{"n":"]}\\"","x":[{"a":1,"b":"}]{[\\\\"},{"a":2}]}', '$.x[*]'],
  ])('finds the records of %s', async (_what, content, record) => {
    const { rows } = await read(content, { record })
    expect(await rows('a::INTEGER AS a, _record::INTEGER AS r')).toEqual([{ a: 1, r: 1 }, { a: 2, r: 2 }])
  })

  it('takes a single object as one record', async () => {
    expect(await (await read('{"a": 1, "b": {"c": [1, 2]}}')).rows('a, b')).toEqual([{ a: '1', b: '{"c":[1,2]}' }])
  })

  it.each([
    ['[{"a":1},{"a":2', 1, /truncated/],
    ['[{"a":1},\n{"a":2}', 2, /truncated/],
    ['{"x":[{"a":1}],\n"y":[1,\n2', 1, /truncated/],
    ['[{"a":1},\n{"a":}]', 2, /malformed JSON in the record that begins here/],
    ['[{"a":1}\n{"a":2}]', 2, /malformed JSON: "\{" where , or \] was expected/],
    ['[{"a":1},\n\n]', 3, /malformed JSON/],
    ['[{"a":"x\ny"}]', 1, /line break or control character/],
    ['[{"a":1}]]', 1, /malformed JSON/],
    ['', 1, /the file is empty/],
  ])('refuses %j, naming the line', async (content, line, message) => {
    await expect(read(content)).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message), details: { file: `${count}.json`, line } } })
  })

  it('quarantines records that are no objects', async () => {
    const { result, rows, rejects } = await read('[{"a":1},\n [2], "x", null, 5, {"a":6}]')
    expect(result).toMatchObject({ records: 6, rowCount: 2, quarantined: 4 })
    expect(await rows('a::INTEGER AS a, _record::INTEGER AS r')).toEqual([{ a: 1, r: 1 }, { a: 6, r: 6 }])
    expect((await rejects()).map(({ _record, line, reason, raw }) => [_record, line, reason, raw])).toEqual([
      [2, 2, 'a record must be an object, this is a list', '[2]'],
      [3, 2, 'a record must be an object, this is a text', '"x"'],
      [4, 2, 'a record must be an object, this is null', 'null'],
      [5, 2, 'a record must be an object, this is a number', '5'],
    ])
  })

  it('says when nothing is at the record path, and when it cannot be read', async () => {
    await expect(read('{"a":[{"b":1}]}', { record: '$.x[*]' })).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining('no record at $.x[*]') } })
    await expect(read('{}', { record: 'x.y' })).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', message: expect.stringContaining('it must begin with $') } })
    await expect(read('{}', { record: '$.a[0]' })).rejects.toMatchObject({ problem: { code: 'BAD_INPUT', message: expect.stringContaining('"[0]" is not understood') } })
  })

  it('names the way out when one record is too large', async () => {
    await expect(read(`{"list":[${'{"a":1234567890123456789012345678901234567890},'.repeat(1_500_000)}{}]}`)).rejects.toMatchObject({
      problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining('one record is larger than 64 MB'), hint: expect.stringContaining('$.studies[*]') },
    })
  })
})

describe('types of JSON values', () => {
  it('come from all records of all files', async () => {
    const many = Array.from({ length: 5000 }, () => '{"a":1,"b":"x"}').join('\n')
    expect(await types(`${many}\n{"b":2,"c":null}`)).toEqual({ a: 'BIGINT', b: 'JSON', c: 'VARCHAR' })
    const paths = [await fixture.write('t1.json', '[{"a":1}]'), await fixture.write('t2.json', '[{"b":true,"a":1.5}]')]
    const { result, rows } = await fixture.extract({ format: 'json' }, paths)
    expect(result.columns.slice(0, 2).map(({ name, type }) => [name, type])).toEqual([['a', 'DOUBLE'], ['b', 'BOOLEAN']])
    expect(await rows('a, b')).toEqual([{ a: 1, b: null }, { a: 1.5, b: true }])
  })

  it.each([
    ['1', '-5', 'BIGINT'],
    ['1', '1.5', 'DOUBLE'],
    ['true', 'null', 'BOOLEAN'],
    ['"x"', 'null', 'VARCHAR'],
    ['{"z":1}', '[1]', 'JSON'],
    ['"x"', '{"z":1}', 'JSON'],
    ['true', '1', 'JSON'],
    ['9223372036854775807', '1', 'BIGINT'],
    ['9223372036854775808', '-1', 'DECIMAL(38,0)'],
    ['123456789012345678901234567890', '1', 'DECIMAL(38,0)'],
    ['1234567890123456789012345678901234567890', '1', 'VARCHAR'],
    ['9007199254740993', '0.5', 'VARCHAR'],
    ['9007199254740992', '0.5', 'DOUBLE'],
    ['1e400', '1', 'VARCHAR'],
  ])('%s with %s is %s, and nothing is rounded', async (first, second, type) => {
    const content = `[{"v":${first}},{"v":${second}}]`
    expect(await types(content)).toEqual({ v: type })
    const [row] = await (await read(content)).rows('v::VARCHAR AS v')
    const text = type === 'DOUBLE' ? `${first}.0` : type === 'VARCHAR' ? first.replaceAll('"', '') : first
    expect(row?.['v']).toBe(text)
  })

  it('keeps keys that a table cannot have, visibly renamed, and the order of first appearance', async () => {
    const { rows, result } = await read('[{"b":1,"":"blank","B":2},{"_file":"f","__proto__":"p","a/b~c":"s","b\\"q":3}]')
    expect(result.columns.map(({ name }) => name)).toEqual(['b', 'column_2', 'B_2', '_file_2', '__proto__', 'a/b~c', 'b"q', '_file', '_record'])
    expect(await rows('b, column_2, "B_2", _file_2, "__proto__" AS proto, "a/b~c", "b""q", _record')).toEqual([
      { b: '1', column_2: 'blank', B_2: '2', _file_2: null, proto: null, 'a/b~c': null, 'b"q': null, _record: '1' },
      { b: null, column_2: null, B_2: null, _file_2: 'f', proto: 'p', 'a/b~c': 's', 'b"q': '3', _record: '2' },
    ])
  })

  it('are as declared, with what does not fit in quarantine', async () => {
    const { rows, rejects, result } = await read(
      '[{"id":"007","day":"2024-05-01","n":3,"t":{"a":1},"l":[1,2]},{"id":8,"day":"May","n":4},{"id":9,"n":"x"},{"id":10,"l":["y"]},{"id":11,"n":12345678901234567890}]',
      { columns: { id: 'VARCHAR', day: 'DATE', n: 'HUGEINT', t: 'STRUCT(a INTEGER)', l: 'INTEGER[]', absent: 'DOUBLE' } },
    )
    expect(result.columns.slice(0, 6).map(({ name, type }) => `${name} ${type}`)).toEqual(['id VARCHAR', 'day DATE', 'n DECIMAL(38,0)', 't STRUCT(a INTEGER)', 'l INTEGER[]', 'absent DOUBLE'])
    expect(await rows('id, day::VARCHAR AS day, n::VARCHAR AS n, t, l, _record::INTEGER AS r')).toEqual([
      { id: '007', day: '2024-05-01', n: '3', t: { a: 1 }, l: [1, 2], r: 1 },
      { id: '11', day: null, n: '12345678901234567890', t: null, l: null, r: 5 },
    ])
    expect((await rejects()).map(({ _record, column_name }) => [_record, column_name])).toEqual([[2, 'day'], [3, 'n'], [4, 'l']])
  })
})

describe('NDJSON', () => {
  it('goes on behind bad lines and keeps their raw text', async () => {
    const bytes = Buffer.concat([Buffer.from('  {"a":1}\r\n\r\n{"a":\n[1]\n  \n{"a":2} x\n{"a":3}\n{"a":"'), Buffer.from([0xff]), Buffer.from('"}\n{"a":\u0001}\n{"a":4}')])
    const { result, rows, rejects } = await fixture.extract({ format: 'ndjson', encoding: 'utf-8' }, [await fixture.write('bad.ndjson', bytes)])
    expect(result).toMatchObject({ records: 8, rowCount: 3, quarantined: 5 })
    expect(await rows('a::INTEGER AS a, _record::INTEGER AS r')).toEqual([{ a: 1, r: 1 }, { a: 3, r: 5 }, { a: 4, r: 8 }])
    expect((await rejects()).map(({ _record, line, reason, raw }) => [_record, line, reason, raw])).toEqual([
      [2, 3, 'not valid JSON', '{"a":'],
      [3, 4, 'a record must be an object, this is a list', '[1]'],
      [4, 6, 'not valid JSON', '{"a":2} x'],
      [6, 8, expect.stringContaining('not UTF-8'), '{"a":"\\xFF"}'],
      [7, 9, 'a control character in the line', '{"a":\\x01}'],
    ])
  })

  it('quarantines a last line that was cut off, and says so', async () => {
    const { rejects } = await fixture.extract({ format: 'ndjson' }, [await fixture.write('cut.ndjson', '{"a":1}\n{"a":2')])
    expect(await rejects()).toMatchObject([{ _record: 2, line: 2, reason: 'the file ends in the middle of this line', raw: '{"a":2' }])
  })

  it('says why nothing could be loaded', async () => {
    await expect(fixture.extract({ format: 'ndjson' }, [await fixture.write('none.ndjson', 'x\ny\n')])).rejects.toMatchObject({
      problem: { code: 'SOURCE_UNREADABLE', message: 'none.ndjson, line 1: no record could be read; the first: not valid JSON' },
    })
  })

  it.each([{ columns: {} }, { columns: { a: 'VARCHAR' } }])('names the line that is too long for anybody, with %j', async (declared) => {
    const tooLong = Buffer.concat([Buffer.from('{"a":"x"}\n{"a":"'), Buffer.alloc(65 << 20, 'x'), Buffer.from('"}\n')])
    await expect(fixture.extract({ format: 'ndjson', ...declared }, [await fixture.write('too-long.ndjson', tooLong)])).rejects.toMatchObject({
      problem: { code: 'SOURCE_UNREADABLE', message: 'too-long.ndjson, line 2: the line is longer than 64 MB' },
    })
  })

  it('reads records far longer than usual', async () => {
    const long = 'é'.repeat(10_000_000)
    const { rows } = await fixture.extract({ format: 'ndjson' }, [await fixture.write('long.ndjson', `{"a":"x"}\n${JSON.stringify({ a: long })}\n{"a":"y"}\n`)])
    expect(await rows('length(a)::INTEGER AS n')).toEqual([{ n: 1 }, { n: 10_000_000 }, { n: 1 }])
  })
})
