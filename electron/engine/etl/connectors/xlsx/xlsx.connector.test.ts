import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { locateRecord } from '../../../query/locate-record.ts'
import type { XlsxOptions } from '../../../workspace/model.ts'
import { CSV_DEFAULTS, ExtractFixture } from '../../extract-fixture.ts'
import { columnLetters, columnOf, parseRange } from './cell-reference.ts'
import { formatMeaning } from './number-format.ts'
import { makeWorkbook, makeZip, type TestBook, type TestCell } from './test-workbook.ts'
import { XLSX_DEFAULTS } from './xlsx-options.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

let books = 0
async function read(book: TestBook | Buffer, options: Partial<XlsxOptions> = {}, columns: Record<string, string> = {}) {
  const path = await fixture.write(`book ${++books}.xlsx`, Buffer.isBuffer(book) ? book : makeWorkbook(book))
  const { result, rows, rejects } = await fixture.extract({ format: 'xlsx', xlsx: { ...XLSX_DEFAULTS, ...options }, columns }, [path])
  const own = result.columns.filter(({ isProvenance }) => !isProvenance)
  return { path, result, rows, rejects, types: own.map(({ name, type }) => `${name} ${type}`), table: (await rows()).map((row) => own.map(({ name }) => row[name])) }
}
const one = (rows: TestCell[][], more: Partial<TestBook> = {}): TestBook => ({ sheets: [{ name: 'Sheet1', rows }], ...more })
const styled = (style: number, value: number): TestCell => ({ xml: ` s="${style}"`, inner: `<v>${value}</v>` })
const refusal = (message: RegExp, hint: RegExp = /./): object => ({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(message), hint: expect.stringMatching(hint) } })

describe('connector xlsx: values', () => {
  it('types a column by all of its cells', async () => {
    const { types, table } = await read(one([['whole', 'number', 'yes', 'mixed', 'text'], [1, 1.5, true, 1, 'a'], [-2, 2, false, 'x', null], [null, null, null, true, ' b ']]))
    expect(types).toEqual(['whole BIGINT', 'number DOUBLE', 'yes BOOLEAN', 'mixed VARCHAR', 'text VARCHAR'])
    expect(table).toEqual([['1', 1.5, true, '1', 'a'], ['-2', 2, false, 'x', null], [null, null, null, 'true', ' b ']])
  })

  it('lets the number format decide what is a date, a moment, a time or a number', async () => {
    const formats = ['yyyy-mm-dd', 'dd.mm.yyyy hh:mm', 'h:mm AM/PM', '[h]:mm:ss', '0.00%', '#,##0.00 "days"']
    const { types, table } = await read(one([['d', 'm', 't', 'e', 'p', 'n'], [styled(1, 45_292), styled(2, 45_292.75), styled(3, 0.5), styled(4, 1.25), styled(5, 0.15), styled(6, 45_292)]], { formats }))
    expect(types).toEqual(['d DATE', 'm TIMESTAMP', 't TIME', 'e VARCHAR', 'p DOUBLE', 'n BIGINT'])
    expect(table).toEqual([['2024-01-01', '2024-01-01 18:00:00', '12:00:00', '30:00:00', 0.15, '45292']])
  })

  it.each([
    ['m/d/yy', 'date'], ['d-mmm', 'date'], ['mmmm', 'date'], ['yyyy"年"m"月"', 'date'], ['[$-409]dddd', 'date'], ['[Red]d', 'date'], ['mm:ss', 'time'], ['h:mm:ss.000', 'time'],
    ['[mm]:ss', 'elapsed'], ['[hh]', 'elapsed'], ['General', 'number'], ['0.00E+00', 'number'], ['"day" 0', 'number'], [String.raw`0\d`, 'number'], ['[Red]0;[Blue]-0', 'number'], ['0_d', 'number'], ['@', 'number'],
  ])('the format %s means a %s', (code, meaning) => {
    expect(formatMeaning(code)).toBe(meaning)
  })

  it('knows both epochs, and the day that 1900 never had', async () => {
    const formats = ['yyyy-mm-dd']
    const serials = [1, 59, 61, 45_292, 2_958_465]
    const in1900 = await read(one([['d'], ...serials.map((serial) => [styled(1, serial)])], { formats }))
    expect(in1900.table.flat()).toEqual(['1900-01-01', '1900-02-28', '1900-03-01', '2024-01-01', '9999-12-31'])
    const in1904 = await read(one([['d'], [styled(1, 0)], [styled(1, 43_830)]], { formats, is1904: true }))
    expect(in1904.table.flat()).toEqual(['1904-01-01', '2024-01-01'])
    const never = await read(one([['d'], [styled(1, 60)], [styled(1, 0)], [styled(1, -1)], [styled(1, 45_292)]], { formats }))
    expect(never.table.flat()).toEqual(['2024-01-01'])
    expect((await never.rejects()).map(({ reason }) => reason)).toEqual([
      'Sheet1!A2: 60 is 29 February 1900, a day that never was',
      'Sheet1!A3: 0 is no date; a date begins with 1',
      'Sheet1!A4: -1 is before the first day of the calendar',
    ])
  })

  it('reads shared, rich, inline and formula texts, without reading aids', async () => {
    const shared = ['<t xml:space="preserve"> plain </t>', '<r><t>ri</t></r><r><rPr><b/></rPr><t>ch</t></r>', '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh>', '<t>a_x000D_b _x005F_x0041_</t>']
    const cells: TestCell[] = [0, 1, 2, 3].map((index) => ({ xml: ' t="s"', inner: `<v>${index}</v>` }))
    const { table } = await read(one([['a', 'b', 'c', 'd', 'e', 'f', 'g'], [...cells, { xml: ' t="str"', inner: '<f>A1</f><v>formula</v>' }, { xml: '', inner: '<f>1+1</f><v>2</v>' }, { xml: ' t="str"', inner: '<f>""</f><v></v>' }]], { shared }))
    expect(table).toEqual([[' plain ', 'rich', '東京', 'a\rb _x0041_', 'formula', '2', null]])
  })

  it('sends rows with errors, or with formulas without a value, to quarantine, or takes the cells as empty', async () => {
    const book = one([['a', 'b'], [1, { xml: ' t="e"', inner: '<v>#N/A</v>' }], [{ xml: '', inner: '<f>NOW()</f>' }, 'x'], [3, 'y']])
    const kept = await read(book)
    expect(kept.result).toMatchObject({ records: 3, rowCount: 1, quarantined: 2 })
    expect((await kept.rejects()).map(({ _record, line, column_name, reason }) => [_record, line, column_name, reason])).toEqual([
      [1, 2, 'b', 'Sheet1!B2: the cell holds the error #N/A'],
      [2, 3, 'a', 'Sheet1!A3: the formula has no cached value'],
    ])
    expect((await read(book, { errors: 'empty' })).table).toEqual([['1', null], [null, 'x'], ['3', 'y']])
  })

  it('quarantines what does not fit a declared type, by sheet and cell', async () => {
    const book = { sheets: [{ name: "It's 2024", rows: [['id', 'amount', 'on'], [1, 10, '2024-01-31'], [1.5, 'ten', null], [2, 3, 'soon']] }] }
    const { types, table, rejects } = await read(book, {}, { id: 'INTEGER', Amount: 'DECIMAL(10,2)', on: 'DATE' })
    expect(types).toEqual(['id INTEGER', 'amount DECIMAL(10,2)', 'on DATE'])
    expect(table).toEqual([[1, '10.00', '2024-01-31']])
    expect((await rejects()).map(({ reason, raw }) => [reason, raw])).toEqual([
      [`'It''s 2024'!A3: "1.5" does not fit INTEGER`, '{"id":"1.5","amount":"ten","on":null}'],
      [`'It''s 2024'!C4: "soon" does not fit DATE`, '{"id":"2","amount":"3","on":"soon"}'],
    ])
  })

  it('takes declared words as null', async () => {
    expect((await read(one([['a'], [1], ['NA'], [2]]), { nullText: ['NA'] })).types).toEqual(['a BIGINT'])
  })
})

describe('connector xlsx: where the table is', () => {
  it('takes the first visible sheet, a number among the visible, a name, or several by pattern', async () => {
    const sheet = (name: string, state?: 'hidden') => ({ name, rows: [['a'], [name]], ...(state === undefined ? {} : { state }) })
    const book = { sheets: [sheet('secret', 'hidden'), sheet('2023'), sheet('notes'), sheet('2024')] }
    expect((await read(book)).table).toEqual([['2023']])
    expect((await read(book, { sheet: 2 })).table).toEqual([['notes']])
    expect((await read(book, { sheet: 'SECRET' })).table).toEqual([['secret']])
    expect((await read(book, { sheet: '20*' })).table).toEqual([['2023'], ['2024']])
    await expect(read(book, { sheet: 'nope' })).rejects.toMatchObject(refusal(/there is no sheet "nope"/, /"secret" \(hidden\), "2023"/))
    await expect(read(book, { sheet: 9 })).rejects.toMatchObject(refusal(/no sheet number 9; 3 are visible/))
  })

  it('reads a range, with a header that is not first', async () => {
    const rows = [['A report'], [null, 'made in May'], ['id', 'name', 'note'], [1, 'x', 'n'], [null, null, null], [2, 'y'], ['Total', 3]]
    const { table, types } = await read(one(rows), { range: 'A3:B6' })
    expect(types).toEqual(['id BIGINT', 'name VARCHAR'])
    expect(table).toEqual([['1', 'x'], ['2', 'y']])
    expect((await read(one(rows), { headerRows: [3] })).table).toHaveLength(3)
  })

  it('joins several header rows, merged cells naming all of their columns', async () => {
    const rows = [['Region', 'Sales', null, 'Sales'], [null, 'Q1', 'Q2', 'Q1'], ['North', 1, 2, 3]]
    const { types } = await read({ sheets: [{ name: 'S', rows, merged: ['A1:A2', 'B1:C1'] }] }, { headerRows: [1, 2] })
    expect(types).toEqual(['Region VARCHAR', 'Sales Q1 BIGINT', 'Sales Q2 BIGINT', 'Sales Q1_2 BIGINT'])
  })

  it('keeps the value of merged cells once, or repeats it', async () => {
    const book = { sheets: [{ name: 'S', rows: [['g', 'v'], ['a', 1], [null, 2], ['b', 3]], merged: ['A2:A3'] }] }
    expect((await read(book)).table).toEqual([['a', '1'], [null, '2'], ['b', '3']])
    expect((await read(book, { merged: 'repeat' })).table).toEqual([['a', '1'], ['a', '2'], ['b', '3']])
  })

  it('names columns without a header by their place, and leaves out those that are empty', async () => {
    const { types } = await read(one([['a', null, 'c'], [1, 'x', 2, null, 5]]))
    expect(types).toEqual(['a BIGINT', 'column_2 VARCHAR', 'c BIGINT', 'column_5 BIGINT'])
    expect((await read(one([[1, null, 2]]), { headerRows: 'none' })).types).toEqual(['column_1 BIGINT', 'column_3 BIGINT'])
  })

  it('leads a record back to its sheet and row, over blank rows and sheets', async () => {
    const book = { sheets: [{ name: 'A', rows: [['a'], [1], [null], [2]] }, { name: 'B b', rows: [[null, 'a'], [null, 3]] }] }
    const { path, rows } = await read(book, { sheet: '*' })
    expect(await rows('a::INTEGER AS a, _record::INTEGER AS record')).toEqual([{ a: 1, record: 1 }, { a: 2, record: 2 }, { a: 3, record: 3 }])
    const locate = (record: number) => locateRecord({ path, member: null, record, source: { format: 'xlsx', csv: CSV_DEFAULTS, xlsx: { ...XLSX_DEFAULTS, sheet: '*' } } }, new AbortController().signal)
    expect(await Promise.all([2, 3, 4].map(locate))).toEqual([{ line: 4, place: 'A!A4' }, { line: 2, place: "'B b'!B2" }, { line: null, place: null }])
  })
})

describe('connector xlsx: what is no workbook', () => {
  const good = makeWorkbook(one([['a'], ...Array.from({ length: 500 }, (_, index) => [index * 7919])]))

  it.each([
    ['an old .xls', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)]), /Excel format from before 2007/, /save it as \.xlsx/],
    ['a workbook with a password', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000), Buffer.from('EncryptedPackage', 'utf16le')]), /protected by a password/, /remove the password/],
    ['text that is named a workbook', Buffer.from('a\tb\n1\t2\n'), /this is text/, /format: csv/],
    ['an OpenDocument spreadsheet', makeZip({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<a/>' }), /OpenDocument/, /\.xlsx/],
    ['some other archive', makeZip({ 'readme.txt': 'hello' }), /no workbook/, /./],
    ['an empty file', Buffer.alloc(0), /truncated input: the file is empty/, /./],
  ])('refuses %s in words', async (_, bytes, message, hint) => {
    await expect(read(bytes)).rejects.toMatchObject(refusal(message, hint))
  })

  it('never takes a cut or damaged workbook for a whole one (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: good.length - 1 }), async (length) => {
        await expect(read(good.subarray(0, length))).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE' } })
      }),
      { numRuns: 15, seed: 3 },
    )
    const sheet = good.indexOf('xl/worksheets/sheet1.xml') + 60
    const damaged = Buffer.from(good)
    damaged[sheet] = (damaged[sheet] ?? 0) ^ 0x10
    await expect(read(damaged)).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringContaining(`book ${books}.xlsx`) } })
  })

  it('refuses a part that would fill the disk', async () => {
    // 200 MB of blanks, packed to 200 kB.
    const blanks = Buffer.alloc(200 * 1024 * 1024, 32)
    expect(deflateRawSync(blanks).length).toBeLessThan(blanks.length / 300)
    const bomb = makeZip({ '_rels/.rels': '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>', 'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="r"/></sheets></workbook>', 'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="r" Type="x/worksheet" Target="sheet.xml"/></Relationships>', 'xl/sheet.xml': blanks })
    await expect(read(bomb)).rejects.toMatchObject(refusal(/would grow from \d+ to 209715200 bytes/))
  })
})

it('references and letters are each other\'s inverse (property)', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 16_384 }), (column) => columnOf(columnLetters(column)) === column))
  expect(parseRange('$B$2:D')).toEqual({ firstRow: 2, firstColumn: 2, lastColumn: 4, lastRow: 1_048_576 })
  expect(['F5:A1', 'A1:', '', 'A0', 'Sheet1!A1'].map(parseRange)).toEqual([null, { firstRow: 1, firstColumn: 1, lastColumn: 16_384, lastRow: 1_048_576 }, null, null, null])
})

const DATA = join(import.meta.dirname, '../../../../../../shared/data')
if (!existsSync(DATA)) console.log(`Skipped: no real data at ${DATA}`)

describe.runIf(existsSync(DATA))('real workbooks', () => {
  const real = async (file: string, options: Partial<XlsxOptions> = {}) => fixture.extract({ format: 'xlsx', xlsx: { ...XLSX_DEFAULTS, ...options } }, [join(DATA, file)])
  const shape = ({ result }: Awaited<ReturnType<typeof real>>): unknown => [result.records, result.quarantined, ...result.columns.filter(({ isProvenance }) => !isProvenance).map(({ name, type }) => `${name} ${type}`)]

  it('are read as they look', async () => {
    expect(shape(await real('xlsx/deaths.xlsx', { range: 'A5:F15' }))).toEqual([10, 0, 'Name VARCHAR', 'Profession VARCHAR', 'Age BIGINT', 'Has kids BOOLEAN', 'Date of birth DATE', 'Date of death DATE'])
    expect(shape(await real('xlsx/datasets.xlsx', { sheet: 'quakes' }))).toEqual([1000, 0, 'lat DOUBLE', 'long DOUBLE', 'depth BIGINT', 'mag DOUBLE', 'stations BIGINT'])
    expect(shape(await real('xlsx/multiline-headers.xlsx', { headerRows: [1, 2, 3, 4, 5] }))).toEqual([1, 0, 'Region VARCHAR', 'Caloric contribution (%) VARCHAR', 'Cumulative impact of changes on cost of food basket from previous quarter VARCHAR', 'Cumulative impact of changes on cost of food basket from baseline (%) VARCHAR'])
    expect(await (await real('xlsx/merged-cells.xlsx', { headerRows: 'none', merged: 'repeat' })).rows('column_1, column_2')).toEqual(Array.from({ length: 3 }, () => ({ column_1: 'data', column_2: 'data' })))
    expect(shape(await real('xlsx/geometry.xlsx'))).toEqual([3, 0, 'B3 VARCHAR', 'C3 VARCHAR', 'D3 VARCHAR'])
    expect(await (await real('xlsx/type-me.xlsx', { sheet: 3 })).rows('"maybe a datetime?" AS value')).toEqual([null, '2016-05-23', '2016-04-28 11:30:00', 'true', 'cabbage', '4.3', '39448'].map((value) => ({ value })))
    const shuttles = await real('spaceflights/shuttles.xlsx')
    expect(shuttles.result).toMatchObject({ records: 15_531, rowCount: 15_531 })
    expect(shuttles.result.columns).toHaveLength(13 + 2)
  })
})
