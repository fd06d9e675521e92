import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ExtractFixture } from './extract-fixture.ts'
import { zipOf } from './archives/archive-fixture.ts'

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const entity = (declaration: string): string => `<?xml version="1.0"?>\n<!DOCTYPE d [${declaration}]>\n<d><r><a>&x;</a></r></d>`

describe('files that mean harm or go beyond what is usual', () => {
  it.each([
    ['a billion laughs', entity(`<!ENTITY y "ha">${Array.from({ length: 9 }, (_, n) => `<!ENTITY x${n} "${`&x${n - 1};`.repeat(10)}">`).join('')}<!ENTITY x "&x8;">`)],
    ['a file from outside', entity('<!ENTITY x SYSTEM "file:///etc/passwd">')],
    ['an entity that nobody declared', '<d><r><a>&x;</a></r></d>'],
  ])('XML with %s is refused, and nothing is expanded', async (_what, content) => {
    const path = await fixture.write('hostile.xml', content)
    await expect(fixture.extract({ format: 'xml' }, [path])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: expect.stringMatching(/^hostile\.xml, line \d+: /) } })
  })

  it('JSON nested deeper than any parser follows is refused or quarantined, not a crash', async () => {
    const deep = 200_000
    const path = await fixture.write('deep.json', `[{"a": ${'['.repeat(deep)}${']'.repeat(deep)}}, {"a": 1}]`)
    const outcome = await fixture.extract({ format: 'json' }, [path]).then(({ result }) => `${result.records} = ${result.rowCount} + ${result.quarantined}`, (error: Error) => error.message)
    expect(outcome).toMatch(/^2 = (1 \+ 1|2 \+ 0)$|deep\.json|nest|depth/i)
  })

  it('5,000 columns are refused by name, whether a header or keys name them', async () => {
    const names = Array.from({ length: 5_000 }, (_, n) => `c${n}`)
    const csv = await fixture.write('wide.csv', `${names.join(',')}\n${names.map((_, n) => n).join(',')}\n`)
    await expect(fixture.extract({ format: 'csv' }, [csv])).rejects.toMatchObject({ problem: { code: 'SOURCE_UNREADABLE', message: 'wide.csv: the header names 5,000 columns; at most 4,096 can be read' } })
    const json = await fixture.write('wide.json', JSON.stringify([Object.fromEntries(names.map((name) => [name, 1]))]))
    await expect(fixture.extract({ format: 'json' }, [json])).rejects.toMatchObject({ problem: { message: expect.stringContaining('at most 4,096 can be columns') } })
  })

  it('1,250 columns of some thousand rows load in 512 MB; 4,000 say how many they are and what to do', async () => {
    const table = (columns: number, rows: number): string => [Array.from({ length: columns }, (_, n) => `c${n}`), ...Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, n) => row * n))].map((fields) => fields.join(',')).join('\n')
    const wide = await fixture.extract({ format: 'csv', columns: { c1: 'INTEGER' } }, [await fixture.write('wide 2.csv', table(1_250, 3_000))])
    expect(wide.result).toMatchObject({ rowCount: 3_000, quarantined: 0 })
    expect(await wide.rows('sum(c1)::INTEGER AS a, sum(c1249::BIGINT)::BIGINT AS b, max(_record)::INTEGER AS r')).toEqual([{ a: 4_498_500, b: String(4_498_500 * 1_249), r: 3_000 }])
    await expect(fixture.extract({ format: 'csv' }, [await fixture.write('wide 4.csv', table(4_000, 1))])).rejects.toMatchObject({
      problem: { code: 'OUT_OF_MEMORY', message: 'wide 4.csv: 4,000 columns at once need more memory than there is', hint: expect.stringContaining('Raise limits.memory in strata.yaml to 1792MB') },
    })
  }, 120_000)

  it('names with quotes, brackets, line breaks and emoji are names, of files and of members', async () => {
    const names = ["it's \"quoted\".csv", 'brackets [1] {2} (3).csv', 'line\nbreak.csv', '\u{1F600}.csv', 'semi;colon, comma.csv', '%2e%2e.csv', '$(date).csv']
    const paths = await Promise.all(names.map((name, n) => fixture.write(join('names', name), `id\n${n}\n`)))
    const { rows } = await fixture.extract({ format: 'csv' }, paths)
    expect(await rows('id, _file')).toEqual(names.map((name, n) => ({ id: String(n), _file: name })))
    const zip = await fixture.write('names.zip', await zipOf(Object.fromEntries(names.map((name, n) => [name, `id\n${n}\n`]))))
    const members = await fixture.extract({ format: 'csv' }, [zip])
    expect(await members.rows('id, _file')).toEqual(names.map((name, n) => ({ id: String(n), _file: `names.zip/${name}` })))
  })
})

const SPACEFLIGHTS = join(import.meta.dirname, '../../../../shared/data/spaceflights')

describe.skipIf(!existsSync(SPACEFLIGHTS))('the companies of spaceflights (skipped without ../shared/data/spaceflights)', () => {
  it('have their shares as numbers and their truth values with nulls kept', async () => {
    const path = await fixture.write('companies.csv', await readFile(join(SPACEFLIGHTS, 'companies.csv')))
    const usual = { dates: [], decimal: '.' as const, thousands: null, strip: [], percent: false, trueText: [], falseText: [] }
    const { result, rows } = await fixture.extract({
      format: 'csv',
      columns: { company_rating: 'DOUBLE', iata_approved: 'BOOLEAN' },
      formats: { company_rating: { ...usual, percent: true }, iata_approved: { ...usual, trueText: ['t'], falseText: ['f'] } },
    }, [path])
    expect(result).toMatchObject({ records: 10_019, rowCount: 10_019, quarantined: 0 })
    const [facts] = await rows('max(company_rating) AS best, count(*) FILTER (iata_approved IS NULL)::INTEGER AS unknown, count(*) FILTER (iata_approved)::INTEGER AS yes')
    expect(facts).toMatchObject({ best: 1, unknown: expect.any(Number), yes: expect.any(Number) })
  })
})
