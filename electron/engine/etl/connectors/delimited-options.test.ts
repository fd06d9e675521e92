import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locateRecord } from '../../query/locate-record.ts'
import { ExtractFixture, sourceOf } from '../extract-fixture.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

let count = 0
type Declared = Omit<Parameters<ExtractFixture['extract']>[0], 'format'>

const read = async (content: string | Uint8Array, declared: Declared = {}) => fixture.extract({ format: 'csv', ...declared }, [await fixture.write(`${++count}.csv`, content)])
const readFixed = async (content: string, declared: Declared = {}) => fixture.extract({ format: 'fixed', ...declared }, [await fixture.write(`${++count}.txt`, content)])

async function table(content: string | Uint8Array, declared: Declared = {}) {
  const { rows, result } = await read(content, declared)
  const names = result.columns.filter((column) => !column.isProvenance).map(({ name }) => name)
  return [names, ...(await rows()).map((row) => names.map((name) => row[name]))]
}

describe('declared ways of delimited text', () => {
  it('fills short records with null where that is declared, and still rejects long ones', async () => {
    const content = 'a,b,c\n1\n2,x\n3,y,z,w\n4,p,q\n'
    expect(await table(content, { csv: { ragged: 'fill' } })).toEqual([['a', 'b', 'c'], ['1', null, null], ['2', 'x', null], ['4', 'p', 'q']])
    const strict = await read(content)
    expect(strict.result).toMatchObject({ records: 4, rowCount: 1, quarantined: 3 })
    expect(await strict.rejects()).toMatchObject([
      { _record: 1, line: 2, raw: '1', reason: '1 fields, but there are 3 columns; with ragged: fill the rest is empty' }, { _record: 2, line: 3 },
      { _record: 3, line: 4, raw: '3,y,z,w', reason: '4 fields, but there are 3 columns' },
    ])
  })

  it('leaves out lines at the end, before the header, and those that begin with a mark of several characters', async () => {
    const content = 'Report\n\na||b\n-- no record\n1||x|y\n2||"p||q"\n--\nTotal||2\nprinted today\n\n\n'
    const declared = { csv: { skipLines: 1, delimiter: '||', comment: '--', skipFooter: 2 } }
    expect(await table(content, declared)).toEqual([['a', 'b'], ['1', 'x|y'], ['2', 'p||q']])
    const path = await fixture.write('located.csv', content)
    const { csv } = sourceOf({ format: 'csv', ...declared }, [path])
    expect(await locateRecord({ path, member: null, record: 2, source: { format: 'csv', csv } }, new AbortController().signal)).toEqual({ line: 6 })
  })

  it.each(['\n', '\r\n', '\r'])('takes %j as the end of a line also where the others are too', async (end) => {
    expect(await table(`a,b\r\n1,"x${end}y"${end}2,z\r3,w\n`, { csv: { ragged: 'fill' } })).toEqual([['a', 'b'], ['1', `x${end}y`], ['2', 'z'], ['3', 'w']])
  })

  it('quarantines records with a zero byte, which the other reader would keep in silence', async () => {
    const { rows, rejects, log } = await read('a,b\n1,x\0y\n2,z\n')
    expect(await rows('a, _record::INTEGER AS r')).toEqual([{ a: '2', r: 2 }])
    expect(await rejects()).toMatchObject([{ _record: 1, line: 2, raw: '1,x\\x00y', reason: 'a zero byte in the record, shown as \\x00' }])
    expect(log).toEqual(expect.any(Array))
  })

  it('names a column without the zero byte that its header holds', async () => {
    expect(await table('a\0b,c\n1,2\n')).toEqual([['ab', 'c'], ['1', '2']])
  })

  it('refuses an unclosed quote and a cut last record in the same words as the other reader', async () => {
    await expect(read('a,b\n1,"open\n2,y\n', { csv: { ragged: 'fill' } })).rejects.toMatchObject({ problem: { message: `${count}.csv, line 2: truncated input: a quoted field that begins in this record is never closed` } })
    await expect(read('a,b\n1,x\n2', { csv: { comment: '--' } })).rejects.toMatchObject({ problem: { message: `${count}.csv, line 3: truncated input: the last record is incomplete` } })
    const filled = await read('a,b\n1,x\n2', { csv: { ragged: 'fill' } })
    expect(await filled.rejects()).toMatchObject([{ _record: 2, reason: 'the file ends in the middle of this record' }])
  })

  it('reads with either reader the same (property)', async () => {
    const field = fc.oneof(fc.constantFrom('', '""', 'x', '"a ""q"" b"', '"l\nm"', '"l\r\nm"', ' é ', "'", '"a,b"', 'NA', '"NA"'))
    const record = fc.array(field, { minLength: 2, maxLength: 2 }).map((fields) => fields.join(','))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof({ weight: 6, arbitrary: record }, fc.constantFrom('', '1,2,3', 'one', '"x" y,z')), { maxLength: 12 }), async (lines) => {
        const content = `a,b\n${lines.map((line) => `${line}\n`).join('')}k,v\n`
        // A comment mark that never occurs makes the difference.
        const [ours, theirs] = [await read(content, { csv: { nullText: ['NA'], comment: '@@@@' } }), await read(content, { csv: { nullText: ['NA'] } })]
        expect(await ours.rows('* EXCLUDE (_file)')).toEqual(await theirs.rows('* EXCLUDE (_file)'))
        const places = (rejects: Record<string, unknown>[]) => rejects.map(({ _record, line, raw }) => ({ _record, line, raw }))
        expect(places(await ours.rejects())).toEqual(places(await theirs.rejects()))
      }),
      { numRuns: 15, seed: 5 },
    )
  })
})

describe('text in columns of fixed width', () => {
  const fixed = [{ name: 'id', start: 1, width: 4 }, { name: 'name', start: 5, width: 6 }, { name: 'n', start: 12, width: 3 }]
  const columns = { id: 'INTEGER', name: 'VARCHAR', n: 'DOUBLE' }

  it('cuts by characters, takes blanks away, and rejects what does not fit', async () => {
    const { rows, rejects, result } = await readFixed('TITLE\n1   äbc    1.5\n\n# c\n22  \u{1F600}x       2\n3   short\nx   bad      3\n5   long     4 rest\n6            \n', { fixed, columns, csv: { skipLines: 1, comment: '#' } })
    expect(await rows('id, name, n, _record::INTEGER AS r')).toEqual([
      { id: 1, name: 'äbc', n: 1.5, r: 1 },
      { id: 22, name: '\u{1F600}x', n: 2, r: 2 },
      { id: 6, name: null, n: null, r: 6 },
    ])
    expect(result).toMatchObject({ records: 6, quarantined: 3 })
    expect((await rejects()).map(({ _record, line }) => [_record, line])).toEqual([[3, 6], [4, 7], [5, 8]])
  })

  it('fills short lines where that is declared, and finds the line of a record', async () => {
    const content = '1   abc\n\n2   def    7\n'
    const { rows, log } = await readFixed(content, { fixed, columns, csv: { ragged: 'fill' } })
    expect(await rows('id, name, n')).toEqual([{ id: 1, name: 'abc', n: null }, { id: 2, name: 'def', n: 7 }])
    const path = await fixture.write('fixed.txt', content)
    const source = sourceOf({ format: 'fixed', fixed, columns, csv: { ragged: 'fill' } }, [path])
    expect(await locateRecord({ path, member: null, record: 2, source }, new AbortController().signal)).toEqual({ line: 3 })
    expect(log).toEqual([])
  })
})

describe('declared ways to write values', () => {
  const usual = { dates: [], decimal: '.' as const, thousands: null, strip: [], percent: false, trueText: [], falseText: [] }

  it('become numbers, dates and truth values, and what is not written so goes to quarantine', async () => {
    const content = 'a;b;c;d;e\n1.234,5;$1,715.0;100%;31.12.2024;t\n-7,25;$12;12.5;1.2.2024;F\n;;;;\n1.5;1;1;1.1.2024;t\n1;x;1;1.1.2024;t\n1;1;1;2024-01-01;t\n1;1;1;1.1.2024;maybe\n'
    const { rows, rejects, result } = await read(content, {
      columns: { a: 'DECIMAL(10,2)', b: 'DOUBLE', c: 'DOUBLE', d: 'DATE', e: 'BOOLEAN' },
      formats: { a: { ...usual, decimal: ',', thousands: '.' }, b: { ...usual, thousands: ',', strip: ['$'] }, c: { ...usual, percent: true }, d: { ...usual, dates: ['%d.%m.%Y'] }, e: { ...usual, trueText: ['t'], falseText: ['f'] } },
      csv: { delimiter: ';' },
    })
    expect(await rows('a::VARCHAR AS a, b, c, d::VARCHAR AS d, e, _record::INTEGER AS r')).toEqual([
      { a: '1234.50', b: 1715, c: 1, d: '2024-12-31', e: true, r: 1 },
      { a: '-7.25', b: 12, c: 0.125, d: '2024-02-01', e: false, r: 2 },
      { a: null, b: null, c: null, d: null, e: null, r: 3 },
    ])
    expect(result).toMatchObject({ records: 7, rowCount: 3, quarantined: 4 })
    expect((await rejects()).map(({ _record, column_name, reason }) => [_record, column_name, reason])).toEqual([
      [4, 'a', 'the value "1.5" is not a number DECIMAL(10,2) written like 1.234,5'],
      [5, 'b', 'the value "x" is not a number DOUBLE written like $1,234.5'],
      [6, 'd', 'the value "2024-01-01" is not written like %d.%m.%Y'],
      [7, 'e', 'the value "maybe" is not one of t, f'],
    ])
    expect(result.columns.map(({ type }) => type).slice(0, 5)).toEqual(['DECIMAL(10,2)', 'DOUBLE', 'DOUBLE', 'DATE', 'BOOLEAN'])
  })

  it('are neither rounded nor taken for another century', async () => {
    const { rows, rejects } = await read('n;day\n1,234;1/2/2026\n1,234.5;1/2/2026\n2;1/2/26\n', {
      columns: { n: 'BIGINT', day: 'DATE' }, formats: { n: { ...usual, thousands: ',' }, day: { ...usual, dates: ['%d/%m/%Y'] } }, csv: { delimiter: ';' },
    })
    expect(await rows('n::VARCHAR AS n, day::VARCHAR AS day')).toEqual([{ n: '1234', day: '2026-02-01' }])
    expect((await rejects()).map(({ _record, reason }) => [_record, reason])).toEqual([
      [2, 'the value "1,234.5" is not a number BIGINT written like 1,234'],
      [3, 'the value "1/2/26" is not written like %d/%m/%Y'],
    ])
  })

  it('are the same in other formats', async () => {
    const path = await fixture.write('money.json', JSON.stringify([{ price: '1,5' }, { price: 'free' }, { price: 2 }]))
    const { rows, rejects } = await fixture.extract({ format: 'json', columns: { price: 'DOUBLE' }, formats: { price: { ...usual, decimal: ',' } } }, [path])
    expect(await rows('price')).toEqual([{ price: 1.5 }, { price: 2 }])
    expect(await rejects()).toMatchObject([{ _record: 2, column_name: 'price', raw: '{"price":"free"}' }])
  })
})

describe('skip rules', () => {
  it('leave records out by their text and by a condition, counted by file and rule, so that the sum holds', async () => {
    const paths = [await fixture.write('s1.csv', 'a,n\nx,1\nTOTAL,1,9\n,0\ny,bad\n'), await fixture.write('s2.csv', 'a,n\nTOTAL\nz,2\nw,300\n')]
    const declared = { columns: { n: 'INTEGER' }, skip: [{ name: 'totals', pattern: '^TOTAL' }, { name: 'large', where: 'n > 100' }, { name: 'blank', where: 'a IS NULL' }, { name: 'never', where: "a = 'q'" }] }
    const { result, rows, rejects, log } = await fixture.extract({ format: 'csv', ...declared }, paths)
    expect(await rows('a, n, _file, _record::INTEGER AS r')).toEqual([{ a: 'x', n: 1, _file: 's1.csv', r: 1 }, { a: 'z', n: 2, _file: 's2.csv', r: 2 }])
    expect(await rejects()).toMatchObject([{ _file: 's1.csv', _record: 4 }])
    expect(result.files.map(({ records, loaded, quarantined, skipped }) => [records, loaded, quarantined, skipped])).toEqual([[4, 1, 1, 2], [3, 1, 0, 2]])
    expect(result).toMatchObject({ records: 7, rowCount: 2, quarantined: 1, skipped: 4 })
    expect(log.join('\n')).toContain('skipped by rule: totals 2, large 1, blank 1, never 0')
  })

  it('look at every format alike', async () => {
    const path = await fixture.write('s.ndjson', '{"a":1}\n{"a":2,"test":true}\n{"a":3}\n')
    const { result, rows } = await fixture.extract({ format: 'ndjson', skip: [{ name: 'tests', pattern: '"test":true' }, { name: 'three', where: 'a = 3' }] }, [path])
    expect(await rows('a::INTEGER AS a, _record::INTEGER AS r')).toEqual([{ a: 1, r: 1 }])
    expect(result.files).toMatchObject([{ records: 3, loaded: 1, skipped: 2 }])
  })

  it('say what is wrong with a condition, and read nothing else', async () => {
    const path = await fixture.write('r.csv', 'a\n1\n')
    for (const [where, word] of [['b = 1', /"b" not found|b/], ['a =', /no condition/], ["a IN (SELECT content FROM read_text('/etc/hostname'))", /reads other tables/]] as const) {
      await expect(fixture.extract({ format: 'csv', skip: [{ name: 'rule', where }] }, [path])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(word) } })
    }
  })
})
