import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeWorkbook } from '../connectors/xlsx/test-workbook.ts'
import { inShort, SniffFixture } from './sniff-fixture.ts'

let files: SniffFixture

beforeAll(async () => {
  files = await SniffFixture.create()
})
afterAll(() => files.close())

const CSV = { format: 'csv', delimiter: 'comma' }

interface Case {
  says: string
  name: string
  content: string | Uint8Array
  declaration: Record<string, unknown>
  columns: string[]
}

const CASES: Case[] = [
  { says: 'commas, a header, whole numbers', name: 'a.csv', content: 'id,name\n1,Ada\n2,"Grace, H."\n', declaration: CSV, columns: ['id BIGINT', 'name VARCHAR'] },
  { says: 'semicolons and decimal commas', name: 'b.csv', content: 'id;price\n1;1,50\n2;1.234,5\n', declaration: { format: 'csv', delimiter: 'semicolon' }, columns: ['id BIGINT', 'price DOUBLE decimal=, thousands=.'] },
  { says: 'tabs', name: 'c.txt', content: 'id\tday\n1\t2026-01-31\n2\t2026-02-01\n', declaration: { format: 'csv', delimiter: 'tab' }, columns: ['id BIGINT', 'day DATE'] },
  { says: 'pipes', name: 'd.txt', content: 'id|when\n1|2026-01-31 10:00\n2|2026-02-01 11:30\n', declaration: { format: 'csv', delimiter: 'pipe' }, columns: ['id BIGINT', 'when TIMESTAMP'] },
  { says: 'tildes, with commas in the dates', name: 'e.txt', content: 'No~Day\n001~Jul 13, 2026\n002~Feb 1, 2027\n', declaration: { format: 'csv', delimiter: '~' }, columns: ['No VARCHAR', 'Day DATE format=%b %d, %Y'] },
  { says: 'no header where the first record has values', name: 'f.csv', content: '1,Ada\n2,Grace\n3,Edith\n', declaration: { ...CSV, header: false }, columns: ['column_1 BIGINT', 'column_2 VARCHAR'] },
  { says: 'lines before the header', name: 'g.csv', content: 'Report of sales\nmade on Monday\n\nid,amount\n1,2\n3,4\n5,6\n', declaration: { ...CSV, skip_lines: 3 }, columns: ['id BIGINT', 'amount BIGINT'] },
  { says: 'comment lines before the header', name: 'h.csv', content: '# from the lab\n# no errors\nid,amount\n1,2\n3,4\n', declaration: { ...CSV, comment: '#' }, columns: ['id BIGINT', 'amount BIGINT'] },
  { says: 'quotes that enclose nothing', name: 'i.tsv', content: 'id\tsize\n1\t12" pipe\n2\t"a" or b\n3\tplain\n', declaration: { format: 'csv', delimiter: 'tab', quote: 'none' }, columns: ['id BIGINT', 'size VARCHAR'] },
  { says: 'backslashes before quotes', name: 'j.csv', content: 'id,said\n1,"she said \\"no\\""\n2,"well, yes"\n', declaration: { ...CSV, escape: '\\' }, columns: ['id BIGINT', 'said VARCHAR'] },
  { says: 'line breaks inside quotes', name: 'k.csv', content: 'id,text\r\n1,"a\r\nb"\r\n2,c\r\n', declaration: CSV, columns: ['id BIGINT', 'text VARCHAR'] },
  { says: 'leading zeros and long digits as text', name: 'l.csv', content: 'zip,account,n\n01234,12345678901234567,1\n98765,12345678901234568,2\n', declaration: CSV, columns: ['zip VARCHAR', 'account VARCHAR', 'n BIGINT'] },
  { says: 'Windows-1252', name: 'm.csv', content: Buffer.from('id,town\n1,Gm\xfcnd\n2,K\xf6ln\n', 'latin1'), declaration: { ...CSV, encoding: 'windows-1252' }, columns: ['id BIGINT', 'town VARCHAR'] },
  { says: 'UTF-16 with its mark', name: 'n.csv', content: Buffer.from('\uFEFFid,town\n1,Gmünd\n2,Köln\n', 'utf16le'), declaration: CSV, columns: ['id BIGINT', 'town VARCHAR'] },
  { says: 'UTF-8 with its mark', name: 'o.csv', content: '\uFEFFid,town\n1,Gmünd\n', declaration: CSV, columns: ['id BIGINT', 'town VARCHAR'] },
  { says: 'words for no value', name: 'p.csv', content: 'id,n\n1,5\n2,NA\n3,7\n', declaration: { ...CSV, null: ['NA'] }, columns: ['id BIGINT', 'n BIGINT'] },
  { says: 'yes and no, percentages, money, thousands', name: 'q.csv', content: 'ok;share;price;n\nt;10%;"$1,715.0";1,200\nf;5.5%;$20;12,345,678\n', declaration: { format: 'csv', delimiter: 'semicolon' }, columns: ['ok BOOLEAN', 'share DOUBLE percent=true', 'price DOUBLE strip=$ thousands=,', 'n BIGINT thousands=,'] },
  { says: 'numbers with and without a point', name: 'r.csv', content: 'x\n1\n2.5\n-3e4\n', declaration: CSV, columns: ['x DOUBLE'] },
  { says: 'blanks around numbers, which only the step takes away', name: 'r2.csv', content: 'x,name\n 1,a\n2,b\n', declaration: CSV, columns: ['x VARCHAR → BIGINT', 'name VARCHAR'] },
  { says: 'times with a zone', name: 's.csv', content: 'at,n\n2026-01-31T10:00:00Z,1\n2026-01-31T10:00:00+02:00,2\n', declaration: CSV, columns: ['at TIMESTAMP WITH TIME ZONE', 'n BIGINT'] },
  { says: 'days without separators, as a doubt', name: 't.csv', content: 'day,n\n20260131,1\n20260201,2\n', declaration: CSV, columns: ['day DATE format=%Y%m%d', 'n BIGINT'] },
  { says: 'times of day', name: 't1.csv', content: 'at,n\n10:30,1\n09:05:30,2\n', declaration: CSV, columns: ['at TIME format=%H:%M:%S,%H:%M', 'n BIGINT'] },
  { says: 'days and times with slashes, half days', name: 't2.csv', content: 'at;n\n1/13/2026 9:05 PM;1\n2/1/2026 12:00 AM;2\n', declaration: { format: 'csv', delimiter: 'semicolon' }, columns: ['at TIMESTAMP format=%m/%d/%Y %I:%M %p', 'n BIGINT'] },
  { says: 'amounts with a currency behind, and groups of thousands', name: 't3.csv', content: 'fee;size\n1.234,50 €;1 234,5\n20 €;12,25\n', declaration: { format: 'csv', delimiter: 'semicolon' }, columns: ['fee DOUBLE strip=€ decimal=, thousands=.', 'size DOUBLE decimal=, thousands= '] },
  { says: 'dates in JSON texts', name: 't4.json', content: '[{"id":"007","at":"Jul 13, 2026"},{"id":"008","at":"Aug 1, 2026"}]', declaration: { format: 'json' }, columns: ['id VARCHAR', 'at DATE format=%b %d, %Y'] },
  { says: 'gzip by content', name: 'u.csv.gz', content: gzipSync('id,name\n1,Ada\n'), declaration: CSV, columns: ['id BIGINT', 'name VARCHAR'] },
  { says: 'a list of JSON objects', name: 'v.json', content: '[{"id":1,"at":"2026-01-31"},{"id":2,"at":"2026-02-01"}]', declaration: { format: 'json' }, columns: ['id BIGINT', 'at DATE'] },
  { says: 'a list inside an envelope', name: 'w.json', content: '{"studies":[{"id":1},{"id":2}],"next":"x"}', declaration: { format: 'json', record: '$.studies[*]' }, columns: ['id BIGINT'] },
  { says: 'one object in an envelope', name: 'x.json', content: '{"Packet":{"id":"1","tags":[{"a":1}]}}', declaration: { format: 'json', record: '$.Packet' }, columns: ['id VARCHAR', 'tags JSON'] },
  { says: 'JSON objects one after the other', name: 'y.json', content: '{"a":1}{"a":2}', declaration: { format: 'json' }, columns: ['a BIGINT'] },
  { says: 'NDJSON by content', name: 'z.json', content: '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n', declaration: { format: 'ndjson' }, columns: ['a BIGINT', 'b VARCHAR'] },
  { says: 'XML below the root', name: 'aa.xml', content: '<r><item><n>1</n></item><item><n>2</n></item></r>', declaration: { format: 'xml' }, columns: ['n BIGINT'] },
  { says: 'XML in a list further down', name: 'ab.xml', content: '<r><head/><list><item><n>01</n></item><item><n>02</n></item></list></r>', declaration: { format: 'xml', record: 'r/list/item' }, columns: ['n VARCHAR'] },
]

describe('what a file is', { timeout: 60_000 }, () => {
  for (const { says, name, content, declaration, columns } of CASES) {
    it(`finds ${says}`, async () => {
      const guess = await files.guess(await files.write(name, content))
      expect(guess.cannot).toBeNull()
      expect(inShort(guess)).toEqual({ declaration, columns })
      expect(guess.quarantined).toBe(0)
    })
  }

  it.each([
    ['a.pdf', '%PDF-1.7\n', 'pdf'],
    ['a.tar', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(300)]), 'tar'],
    ['page.xls', '<html><body><table><tr><td>1</td></tr></table></body></html>', 'html'],
    ['notes.txt', 'Dear all, this is a letter and no table at all.\nIt has some lines. They are all different!\nBest regards from here\n', 'text'],
    ['empty.csv', '', 'empty'],
    ['zeros.dat', Buffer.alloc(64), 'binary'],
  ])('names what it cannot read: %s', async (name, content, format) => {
    const guess = await files.guess(await files.write(`cannot/${name}`, content))
    expect(guess.format).toBe(format)
    expect(guess.cannot).not.toBeNull()
  })

  it('says that an ending is not what is in the file', async () => {
    const guess = await files.guess(await files.write('table.xls', 'id\tname\n1\tAda\n2\tGrace\n'))
    expect(guess.format).toBe('csv')
    expect(guess.found.find(({ about }) => about === 'ending')?.value).toBe('.xls is not what is in it')
  })

  describe('of fixed width', () => {
    const PEOPLE = ['Ada Lovelace         London   1815-12-10     12', 'Grace Hopper         New York 1906-12-09   1200', 'Edith Clarke                  1883-02-10      7', 'Hedy Lamarr          Vienna   1914-11-09     41']

    it('finds columns by the gaps that all lines have, says what that rests on, and that it is not sure', async () => {
      const guess = await files.guess(await files.write('people.txt', `Name                 Town     Born           N\n${PEOPLE.join('\n')}\n`))
      expect(guess.format).toBe('fixed')
      expect(guess.declaration).toEqual({
        format: 'fixed', skip_lines: 1, columns: { Name: { width: 21 }, Town: { width: 9 }, Born: { width: 10, type: 'DATE' }, N: { width: 7, type: 'BIGINT' } },
      })
      expect(guess.found.find(({ about }) => about === 'columns')).toMatchObject({ value: '4 of fixed width', evidence: '3 gaps in which all 5 lines are blank, some of one character', confidence: 0.6 })
      expect(guess.doubts.find(({ about }) => about === 'columns')?.choices[0]?.label).toBe('4 columns of fixed width')
      expect(guess).toMatchObject({ quarantined: 0, rows: { count: 4, isExact: true } })
      const { rowsJson } = await files.preview(guess.files, guess.declaration)
      expect(JSON.parse(rowsJson)[2]).toEqual(['Edith Clarke', null, '1883-02-10', '7', 'people.txt', '3'])
    })

    it('is sure by a line of dashes', async () => {
      const guess = await files.guess(await files.write('ruler.lst', 'CODE  LABEL      AMOUNT\n----- ---------- ------\n00001 first item  12,50\n00002 second       7,00\n\n2 rows selected.\n'))
      expect(guess.declaration).toEqual({
        format: 'fixed', skip_lines: 2, skip: { footer: { pattern: '^[\\d.,]+ rows selected\\.\\s*$' } }, columns: { CODE: { width: 6 }, LABEL: { width: 11 }, AMOUNT: { width: 6, type: 'DOUBLE', decimal: ',' } },
      })
      expect(guess.doubts).toEqual([])
      expect(guess.found.find(({ about }) => about === 'columns')?.evidence).toBe('a line of dashes under the names')
    })

    it('is sure by many lines, with a title above, and no names', async () => {
      const lines = Array.from({ length: 60 }, (_, i) => `${String(i + 1).padStart(4)}  ${i % 3 === 0 ? 'north' : 'south-west'.slice(0, 5 + (i % 6))}`.padEnd(20) + String(i * 37).padStart(8))
      const guess = await files.guess(await files.write('many.prn', `${lines.join('\n')}\n`))
      expect(inShort(guess).columns).toEqual(['column_1 BIGINT', 'column_2 VARCHAR', 'column_3 BIGINT'])
      expect(guess.doubts).toEqual([])
      expect(guess).toMatchObject({ quarantined: 0, rows: { count: 60 } })
    })

    it('can be read as fields between blanks instead', async () => {
      const path = await files.write('either.txt', 'a    b    c\n1    22   3\n10   2    30\n7    8    9\n')
      const guess = await files.guess(path)
      const choice = guess.doubts.find(({ about }) => about === 'columns')?.choices[0]
      expect(choice?.label).toBe('3 columns of fixed width')
      expect(await files.guess(path, { format: 'csv', delimiter: 'space' })).toMatchObject({ format: 'csv' })
    })
  })

  describe('in a workbook', () => {
    const rows = Array.from({ length: 8 }, (_, i) => [`item ${i}`, i * 10, i + 0.5])

    it('finds the row of names below a title, and says what stands above', async () => {
      const guess = await files.guess(await files.write('title.xlsx', makeWorkbook({ sheets: [{ name: 'Sales', rows: [['Sales of the year'], [], ['Item', 'Count', 'Price'], ...rows], merged: ['A1:C1'] }] })))
      expect(guess.declaration).toEqual({ format: 'xlsx', header_rows: 3 })
      expect(guess.columns.map(({ name }) => name)).toEqual(['Item', 'Count', 'Price'])
      expect(guess.found.find(({ about }) => about === 'header_rows')?.evidence).toBe('the table begins there; above it: "Sales of the year"')
      expect(guess.found.find(({ about }) => about === 'merged')).toMatchObject({ value: '1 range of cells', evidence: 'such as A1:C1' })
      expect(guess).toMatchObject({ doubts: [], parts: { key: 'sheet', names: ['Sales'] }, rows: { count: 8 } })
    })

    it('joins names over several columns with those below them, and asks', async () => {
      const guess = await files.guess(await files.write('groups.xlsx', makeWorkbook({ sheets: [{ name: 'S', rows: [['Item', 'Stock', null], ['name', 'count', 'price'], ...rows], merged: ['B1:C1'] }] })))
      expect(guess.declaration).toEqual({ format: 'xlsx', header_rows: [1, 2] })
      expect(guess.columns.map(({ name }) => name)).toEqual(['Item name', 'Stock count', 'Stock price'])
      expect(guess.doubts.find(({ about }) => about === 'header_rows')?.choices.map(({ change }) => change)).toEqual([{ header_rows: [1, 2] }, { header_rows: 2 }, { header_rows: 1 }])
    })

    it('asks what merged cells among the records mean', async () => {
      const guess = await files.guess(await files.write('merged.xlsx', makeWorkbook({ sheets: [{ name: 'S', rows: [['Area', 'Count', 'Price'], ...rows], merged: ['A2:A4'] }] })))
      expect(guess.doubts.find(({ about }) => about === 'merged')?.choices.map(({ change }) => change)).toEqual([{ merged: null }, { merged: 'repeat' }])
    })

    it('takes no record for a row of names because the one before it has holes', async () => {
      const guess = await files.guess(await files.write('holes.xlsx', makeWorkbook({ sheets: [{ name: 'S', rows: [['what', 'means'], ['nothing'], ['0', 'a digit'], ['x', 'a letter'], ['y', 'another']] }] })))
      expect(guess.declaration).toEqual({ format: 'xlsx' })
      expect(guess.rows?.count).toBe(4)
    })

    it('makes a source of each sheet, and names the others', async () => {
      const { sources } = await files.sniff([await files.write('two.xlsx', makeWorkbook({ sheets: [{ name: 'A', rows: [['a'], ['x']] }, { name: 'B', rows: [['b'], ['y']] }] }))])
      expect(sources.map(({ declaration, parts }) => [declaration['sheet'], parts?.names])).toEqual([['A', ['A', 'B']], ['B', ['A', 'B']]])
    })
  })

  it.each([
    ['a sum', 'id;n\n1;2\n3;4\nTotal;1,206.50;;\n', 1, '^Total;[\\d.,]+;;\\s*$'],
    ['a remark behind a blank line', 'id;n\n1;2\n3;4\n\nMade by the till (corner shop)\n', 1, '^Made by the till \\(corner shop\\)\\s*$'],
    ['a rule and a count', 'id;n\n1;2\n3;4\n-----\n2 rows\n\n', 2, '^(?:-{3,}|[\\d.,]+ rows)\\s*$'],
  ])('leaves out what stands behind the table, by a rule that the next file can come without: %s', async (name, content, lines, pattern) => {
    const path = await files.write(`footer-${lines}-${name}.csv`, content)
    const guess = await files.guess(path)
    expect(guess.declaration).toMatchObject({ skip: { footer: { pattern } }, columns: { id: 'BIGINT', n: 'BIGINT' } })
    expect(guess.found.find(({ about }) => about === 'footer')?.evidence).toMatch(/^left out by a rule: /)
    expect(guess).toMatchObject({ quarantined: 0, rows: { count: 2 } })
    expect(await files.preview([path], guess.declaration)).toMatchObject({ rowCount: 2, rejected: 0, skipped: lines })
    expect(await files.preview([await files.write('without.csv', 'id;n\n1;2\n3;4\n5;6\n')], guess.declaration)).toMatchObject({ rowCount: 3, skipped: 0 })
  })

  it('finds the end of a file that is not looked at whole', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i};${i * 3}`)
    const guess = await files.guess(await files.write('long-footer.csv', `id;n\n${rows.join('\n')}\nTotal;;180000\n`))
    expect(guess.declaration).toMatchObject({ skip: { footer: { pattern: '^Total;;[\\d.,]+\\s*$' } } })
    expect(guess).toMatchObject({ quarantined: 0, rows: { count: 60_000 } })
  })

  it('asks whether a last line is a record that was cut off', async () => {
    const guess = await files.guess(await files.write('cut-off.csv', 'id;n;k\n1;2;3\n3;4;5\n5;6\n'))
    expect(guess.declaration['skip']).toBeUndefined()
    expect(guess.quarantined).toBe(1)
    expect(guess.doubts.find(({ about }) => about === 'skip')?.choices.map(({ change }) => change)).toEqual([{ skip: null }, { skip: { footer: { pattern: '^[\\d.,]+;[\\d.,]+\\s*$' } } }])
  })

  it('leaves out the sums of several files, and nothing of those that end without', async () => {
    await files.write('months/feb.csv', 'id;n\n5;6\n7;8\n9;9\n')
    await files.write('months/jan.csv', 'id;n\n1;2\n3;4\nTotal;;6\n')
    await files.write('months/mar.csv', 'id;n\n1;2\n\nSum of March\n')
    const { sources } = await files.sniff(['months'])
    expect(sources).toMatchObject([{ quarantined: 0, rows: { count: 6 }, declaration: { skip: { footer: { pattern: '^(?:Total;;[\\d.,]+|Sum of March)\\s*$' } } } }])
  })

  it('offers both delimiters where two fit alike', async () => {
    const guess = await files.guess(await files.write('two.txt', 'a;b,c\n1;2,3\n4;5,6\n7;8,9\n'))
    expect(guess.doubts.find(({ about }) => about === 'delimiter')?.choices).toHaveLength(2)
  })

  it('leaves a day that could be a month as text, and says so', async () => {
    const guess = await files.guess(await files.write('days.csv', 'day,n\n01/02/2026,1\n03/04/2026,2\n'))
    expect(guess.columns[0]).toMatchObject({ type: 'VARCHAR', becomes: 'VARCHAR' })
    expect(guess.columns[0]?.doubt).toContain('%d/%m/%Y and %m/%d/%Y')
    expect(guess.columns[0]?.choices).toEqual([
      { label: 'text', declared: null },
      { label: 'day first, %d/%m/%Y', declared: { type: 'DATE', format: '%d/%m/%Y' } },
      { label: 'month first, %m/%d/%Y', declared: { type: 'DATE', format: '%m/%d/%Y' } },
    ])
  })

  it('reads days before months where a day decides it', async () => {
    const guess = await files.guess(await files.write('days-first.csv', 'day,n\n01/02/2026,1\n13/04/2026,2\n'))
    expect(guess.declaration['columns']).toEqual({ day: { type: 'DATE', format: '%d/%m/%Y' }, n: 'BIGINT' })
  })

  it('asks what a comma before three digits is', async () => {
    const guess = await files.guess(await files.write('comma-three.csv', 'n;k\n1,234;1\n22,500;2\n'))
    expect(guess.columns[0]).toMatchObject({ type: 'VARCHAR', doubt: expect.stringContaining('commas between thousands and decimal commas') })
    expect(guess.columns[0]?.choices.map(({ declared }) => declared)).toEqual([null, { type: 'BIGINT', thousands: ',' }, { type: 'DOUBLE', decimal: ',' }])
  })

  it('leaves amounts in several currencies as text', async () => {
    const guess = await files.guess(await files.write('currencies.csv', 'fee;k\n$12.50;1\n€ 3.00;2\n'))
    expect(guess.columns[0]).toMatchObject({ type: 'VARCHAR', declared: null, doubt: expect.stringContaining('No one way') })
  })

  it('gives the first value that does not fit, with its line', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => `${index},"${index === 20 ? 'n\nx' : index}"`)
    const guess = await files.guess(await files.write('misfit.csv', `id,v\n${rows.join('\n')}\n`))
    expect(guess.columns[1]).toMatchObject({ type: 'VARCHAR', fits: 39, counterExample: { value: 'n\nx', record: 21, line: 22 } })
    expect(guess.columns[1]?.doubt).toContain('39 values are whole numbers, 1 is not')
  })

  it('shows names that it had to change', async () => {
    const guess = await files.guess(await files.write('names.csv', 'id,id,\n1,2,3\n4,5,6\n'))
    expect(guess.columns.map(({ name, renamedFrom }) => [name, renamedFrom])).toEqual([['id', null], ['id_2', 'id'], ['column_3', '']])
  })

  it('asks where a word for no value may be a value elsewhere', async () => {
    const guess = await files.guess(await files.write('namibia.csv', 'country,n\nNA,NA\nDE,2\nFR,3\n'))
    expect(guess.declaration['null']).toBeUndefined()
    expect(guess.doubts.find(({ about }) => about === 'null')?.text).toContain('country')
  })

  it('says in which shapes a value comes', async () => {
    const guess = await files.guess(await files.write('shapes.json', '[{"p":[1]},{"p":{"a":1}},{"p":[2]}]'))
    expect(guess.columns[0]?.doubt).toBe('It comes in 2 shapes: a list in 2 records, an object in 1 records')
  })

  it('takes files that look alike for one source, others for others', async () => {
    for (let n = 0; n < 30; n++) await files.write(`mixed/part-${n}.csv`, `id,name\n${n},x\n`)
    await files.write('mixed/other.csv', 'code;label\n1;a\n2;b\n')
    await files.write('mixed/deep/one.json', '{"a":1}')
    const { sources, fileCount } = await files.sniff(['mixed'])
    expect(fileCount).toBe(32)
    expect(sources.map(({ name, files: own, rows }) => [name, own.length, rows?.count].join(' ')).toSorted()).toEqual(['one 1 1', 'other 1 2', 'part 30 30'])
  })

  it('reads again as it is told', async () => {
    const path = await files.write('told.csv', 'a;b,c\n1;2,3\n4;5,6\n')
    const guess = await files.guess(path, { format: 'csv', delimiter: 'comma' })
    expect(guess.columns.map(({ name }) => name)).toEqual(['a;b', 'c'])
  })

  it('refuses a declaration that is none, with the mistake', async () => {
    const path = await files.write('wrong.csv', 'a,b\n1,2\n')
    await expect(files.preview([path], { format: 'csv', delimter: ';' })).rejects.toThrow(/delimter/)
  })

  it('previews rows as they would be loaded, and the records that would not', async () => {
    const path = await files.write('preview.csv', 'id,n\n1,5\n2,x\n3,7\n')
    const preview = await files.preview([path], { format: 'csv', delimiter: 'comma', columns: { n: 'BIGINT' } })
    expect(JSON.parse(preview.rowsJson)).toEqual([['1', '5', 'preview.csv', '1'], ['3', '7', 'preview.csv', '3']])
    expect(preview.rejects).toMatchObject([{ file: 'preview.csv', record: 2, line: 3, column: 'n', raw: '2,x' }])
    expect(preview).toMatchObject({ rejected: 1, isWhole: true })
  })
})

describe('a guess', () => {
  const cell = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2100-01-01') }).map((day) => day.toISOString().slice(0, 10)), fc.stringMatching(/^[a-z "',;|\n\u00e0-\u00ff]{1,12}$/), fc.boolean())
  const quoted = (value: unknown): string => `"${String(value).replaceAll('"', '""')}"`
  const table = fc.record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    rows: fc.integer({ min: 2, max: 5 }).chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 3, maxLength: 12 })),
  })
  const textOf = ({ delimiter, rows }: { delimiter: string; rows: unknown[][] }): string =>
    [rows[0]?.map((_, index) => `name_${index}`) ?? [], ...rows].map((row, at) => row.map((value) => (at > 0 && typeof value === 'string' ? quoted(value) : String(value))).join(delimiter)).join('\n').concat('\n')

  it('loads every record of a well-formed file, and is the same each time', { timeout: 180_000 }, async () => {
    let n = 0
    await fc.assert(
      fc.asyncProperty(table, async (made) => {
        const path = await files.write(`law-${n++}.csv`, textOf(made))
        const guess = await files.guess(path)
        expect(await files.guess(path)).toEqual(guess)
        expect(guess.cannot).toBeNull()
        const preview = await files.preview([path], guess.declaration)
        expect({ loaded: preview.rowCount, rejected: preview.rejected }).toEqual({ loaded: made.rows.length, rejected: 0 })
      }),
      { numRuns: 4 },
    )
  })
})
