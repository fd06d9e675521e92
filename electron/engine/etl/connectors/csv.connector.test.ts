import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from '../extract-fixture.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

let count = 0
type Declared = Omit<Parameters<ExtractFixture['extract']>[0], 'format'>

async function read(content: string | Uint8Array, declared: Declared = {}) {
  return fixture.extract({ format: 'csv', ...declared }, [await fixture.write(`${++count}.csv`, content)])
}
async function table(content: string | Uint8Array, declared: Declared = {}) {
  const { rows, result } = await read(content, declared)
  const names = result.columns.filter((column) => !column.isProvenance).map(({ name }) => name)
  return [names, ...(await rows()).map((row) => names.map((name) => row[name]))]
}

describe('delimited text', () => {
  it('keeps an empty field NULL, a quoted empty field empty, and other null texts as declared', async () => {
    expect(await table('a,b,c\n1,,""\n2,NA,"NA"\n', { csv: { nullText: ['NA'] } })).toEqual([['a', 'b', 'c'], ['1', null, ''], ['2', null, 'NA']])
  })

  it.each([
    ['a byte order mark', '\uFEFFa,b\n1,2\n'],
    ['a byte order mark before a quote', '\uFEFF"a","b"\n1,2\n'],
    ['Windows line ends', 'a,b\r\n1,2\r\n'],
    ['no line end behind the last record', 'a~b\n1~2'],
    ['blank lines before the header and at the end', '\n\na;b\n1;2\n\n\n'],
    ['old Mac line ends', 'a\tb\r1\t2\r'],
    ['line ends of two kinds', 'a,b\r\n1,2\n'],
    ['quoted header', '"a"|"b"\n"1"|"2"\n'],
  ])('reads a file with %s', async (_what, content) => {
    expect(await table(content)).toEqual([['a', 'b'], ['1', '2']])
  })

  it('keeps line breaks inside quotes as they are, also when line ends are of two kinds', async () => {
    expect(await table('a,b\r\n"x\r\ny",1\n"p\nq",2\r\n')).toEqual([['a', 'b'], ['x\r\ny', '1'], ['p\nq', '2']])
  })

  it('reads Latin-1, as Windows-1252, and UTF-16 with either byte order', async () => {
    expect(await table(Buffer.from('a,b\ncaf\xe9,\x80\n', 'latin1'), { encoding: 'latin-1' })).toEqual([['a', 'b'], ['café', '€']])
    const utf16 = Buffer.from('\uFEFFa,b\nž,2\n', 'utf16le')
    expect(await table(utf16, { encoding: 'utf-16' })).toEqual([['a', 'b'], ['ž', '2']])
    expect(await table(Buffer.from(utf16).swap16(), { encoding: 'utf-16' })).toEqual([['a', 'b'], ['ž', '2']])
  })

  it('quarantines records that are not UTF-8, and says what to declare', async () => {
    const { rejects, result } = await read(Buffer.from('a,b\n1,caf\xe9\n2,x\n', 'latin1'), { encoding: 'utf-8' })
    expect(result).toMatchObject({ records: 2, quarantined: 1 })
    expect(await rejects()).toMatchObject([{ _record: 1, line: 2, raw: '1,caf\\xE9', reason: expect.stringContaining('declare its encoding') }])
  })

  it('makes header names unique and not blank, and says so', async () => {
    const extraction = await read('id,ID,,_file,id_2\n1,2,3,4,5\n')
    expect(extraction.result.columns.map(({ name }) => name)).toEqual(['id', 'ID_3', 'column_3', '_file_2', 'id_2', '_file', '_record'])
    expect(extraction.log.join('\n')).toContain('"ID" is ID_3, "" is column_3, "_file" is _file_2')
    expect(await extraction.rows('_record::INTEGER AS _record, "_file_2"')).toEqual([{ _record: 1, _file_2: '4' }])
  })

  it('names the columns of a file without a header by its declared columns, then by position', async () => {
    expect(await table('1,2,3\n', { csv: { header: false }, columns: { id: 'INTEGER', n: 'DOUBLE' } })).toEqual([['id', 'n', 'column_3'], [1, 2, '3']])
  })

  it('skips lines and comments, and counts neither as records', async () => {
    const { rows, rejects } = await read('Report of today\n# c\na,b\n1,2\n# c\n\n3,4,5\n6,7\n', { csv: { skipLines: 1, comment: '#' } })
    expect(await rows('a, _record::INTEGER AS r')).toEqual([{ a: '1', r: 1 }, { a: '6', r: 3 }])
    expect(await rejects()).toMatchObject([{ _record: 2, line: 7, raw: '3,4,5' }])
  })

  it('takes a blank line of a one-column file as a record', async () => {
    expect(await table('a\n1\n\n2\n')).toEqual([['a'], ['1'], [null], ['2']])
  })

  it('quarantines a record once, with the declared column that does not fit', async () => {
    const { rows, rejects, result } = await read('id,day,n\n1,2024-01-02,5\nx,yesterday,6\n3,2024-02-30,7\n4,,\n', { columns: { id: 'INTEGER', day: 'DATE', n: 'HUGEINT' } })
    expect(await rows('id, day::VARCHAR AS day, n::VARCHAR AS n, _record::INTEGER AS r')).toEqual([
      { id: 1, day: '2024-01-02', n: '5', r: 1 },
      { id: 4, day: null, n: null, r: 4 },
    ])
    expect(await rejects()).toMatchObject([{ _record: 2, line: 3, column_name: 'id', raw: 'x,yesterday,6' }, { _record: 3, line: 4, column_name: 'day' }])
    expect(result.columns[2]?.type).toBe('DECIMAL(38,0)')
  })

  it('unites files by column name', async () => {
    const paths = [await fixture.write('u1.csv', 'id,a\n1,x\n'), await fixture.write('u2.csv', 'b;ID\ny;2\n'), await fixture.write('u3.csv', 'id\n'), await fixture.write('u4.csv', '')]
    const { rows, result } = await fixture.extract({ format: 'csv' }, paths)
    expect(await rows()).toEqual([
      { id: '1', a: 'x', b: null, _file: 'u1.csv', _record: '1' },
      { id: '2', a: null, b: 'y', _file: 'u2.csv', _record: '1' },
    ])
    expect(result.files.map(({ records }) => records)).toEqual([1, 1, 0, 0])
    const many = await Promise.all(Array.from({ length: 68 }, (_, n) => fixture.write(`m${n}.csv`, n % 4 === 0 ? '' : n % 2 === 0 ? `id,a\n${n},x\n2\n3,y\n` : `b,id\nz,${n}\n`)))
    const merged = await fixture.extract({ format: 'csv' }, many)
    expect(await merged.rows('count(*)::INTEGER AS n, count(a)::INTEGER AS a, count(b)::INTEGER AS b, sum(_record)::INTEGER AS r')).toEqual([{ n: 17 * 2 + 34, a: 34, b: 34, r: 17 * 4 + 34 }])
  })

  it('refuses a quote that never closes, naming where it opened', async () => {
    await expect(read('a,b\n1,x\n\n2,"open\n3,y\n')).rejects.toMatchObject({
      problem: { code: 'SOURCE_UNREADABLE', message: `${count}.csv, line 4: truncated input: a quoted field that begins in this record is never closed` },
    })
  })

  it('quarantines one record for a quote that closes in the wrong place', async () => {
    const { rows, rejects } = await read('a,b\n1,x\n2,"un\n3,"y"\n4,z\n"two" 5,w\n6,k\n')
    expect(await rows('a, _record::INTEGER AS r')).toEqual([{ a: '1', r: 1 }, { a: '4', r: 3 }, { a: '6', r: 5 }])
    expect(await rejects()).toMatchObject([{ _record: 2, line: 3, raw: '2,"un\n3,"y"' }, { _record: 4, line: 6, raw: '"two" 5,w' }])
  })

  it('loads a bad last value without a line end behind it as a reject, not as a cut', async () => {
    const { rejects } = await read('id,b\n1,x\nx,y', { columns: { id: 'INTEGER' } })
    expect(await rejects()).toMatchObject([{ _record: 2, column_name: 'id' }])
  })

  it.each(['é', '字', '😀'])('reads a record of %s that is too long for DuckDB, which cuts it in the middle of a character when it rejects it', async (character) => {
    const long = character.repeat(2_500_000 / Buffer.byteLength(character))
    const typed = await read(`id,t\n1,${long}\n2,"x\n${long}"\n3,y\n`, { columns: { id: 'INTEGER' } })
    expect(await typed.rows('id, length(t)::INTEGER AS n')).toEqual([{ id: 1, n: [...long].length }, { id: 2, n: [...long].length + 2 }, { id: 3, n: 1 }])
  })

  it('names the line of a record that is too long for anybody', async () => {
    const tooLong = Buffer.concat([Buffer.from('a,b\n1,x\n2,'), Buffer.alloc(257 << 20, 'x'), Buffer.from('\n')])
    await expect(read(tooLong)).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining('line 3: the record that begins here has 257 MB, more than the 256 MB that are read') } })
  }, 120_000)

  it('never loses a record longer than DuckDB reads by itself', async () => {
    const long = 'x'.repeat(33_000_000)
    const lines = `${'"x\n'.repeat(1)}${'line\n'.repeat(600_000)}"`
    const extraction = await read(`a,b\n1,${long}\n2,y\n3,${lines}\n4,z,bad\n`)
    expect(await extraction.rows('a, length(b)::INTEGER AS n')).toEqual([{ a: '1', n: long.length }, { a: '2', n: 1 }, { a: '3', n: lines.length - 2 }])
    expect(extraction.result).toMatchObject({ records: 4, quarantined: 1 })
  })

  it('says which declared column is not in the header', async () => {
    await expect(read('id,name\n1,x\n', { columns: { nmae: 'VARCHAR' } })).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining('"nmae"'), hint: 'The header names: id, name' } })
  })

  it('refuses an empty delivery without declared columns, and takes it as an empty table with them', async () => {
    await expect(read('')).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE' } })
    const { result } = await read('', { columns: { id: 'INTEGER' } })
    expect(result).toMatchObject({ records: 0, rowCount: 0, columns: [{ name: 'id', type: 'INTEGER' }, { name: '_file' }, { name: '_record' }] })
  })

  it('takes quotes as text where the source says that nothing encloses', async () => {
    expect(await table('a\tb\n"x\t5" pipe\n', { csv: { quote: '' } })).toEqual([['a', 'b'], ['"x', '5" pipe']])
  })
})
