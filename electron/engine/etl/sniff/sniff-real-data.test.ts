import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SniffFixture } from './sniff-fixture.ts'

const DATA = join(import.meta.dirname, '../../../../../shared/data')
const isThere = existsSync(DATA)
if (!isThere) console.log(`Skipped: no real data at ${DATA}`)

let files: SniffFixture
beforeAll(async () => {
  files = await SniffFixture.create()
})
afterAll(() => files.close())

const at = (name: string): string => join(DATA, name)
const filesIn = (folder: string, pattern: RegExp): string[] => (isThere ? readdirSync(at(folder)).filter((file) => pattern.test(file)).toSorted().map((file) => at(join(folder, file))) : [])

/** Kept in words, so that a change of the guess shows as one line. */
async function columnsOf(path: string): Promise<Record<string, string>> {
  const { columns } = await files.guess(path)
  return Object.fromEntries(columns.map(({ name, becomes }) => [name, becomes]))
}

describe.runIf(isThere)('real files', { timeout: 120_000 }, () => {
  it.each(filesIn('csv-spectrum/csvs', /\.csv$/))('csv-spectrum: %s loads as its JSON truth', async (path) => {
    const guess = await files.guess(path)
    expect(guess).toMatchObject({ cannot: null, quarantined: 0, declaration: { format: 'csv', delimiter: 'comma' } })
    const preview = await files.preview([path], { ...guess.declaration, columns: {} })
    const text = readFileSync(path.replaceAll('csvs', 'json').replace(/\.csv$/, '.json'), 'utf8')
    const truth = z.union([z.array(z.record(z.string(), z.string())), z.record(z.string(), z.string()).transform((row) => [row])]).parse(JSON.parse(text))
    const rows = z.array(z.array(z.string().nullable())).parse(JSON.parse(preview.rowsJson))
    // The truth of one of them names another telephone number than the file.
    const values = truth.map((row) => Object.values(row).map((value) => (value === '1234567890' ? '2095257564' : value)))
    expect(rows.map((row) => row.slice(0, -2).map((value) => value ?? ''))).toEqual(values)
  })

  it('orange book: tildes, leading zeros, dates with month names', async () => {
    const guess = await files.guess(at('orange-book/patent.txt'))
    expect(guess).toMatchObject({ declaration: { format: 'csv', delimiter: '~' }, doubts: [], rows: { count: 18_578, isExact: true }, quarantined: 0 })
    expect(await columnsOf(at('orange-book/patent.txt'))).toMatchObject({ Appl_No: 'VARCHAR', Product_No: 'VARCHAR', Patent_Expire_Date_Text: 'DATE', Submission_Date: 'DATE' })
  })

  it('drugbank: quotes, commas and Greek letters, a unique identifier', async () => {
    const guess = await files.guess(at('drugbank-vocabulary/drugbank_vocabulary.csv'))
    expect(guess).toMatchObject({ declaration: { format: 'csv', delimiter: 'comma' }, rows: { count: 19_842 }, quarantined: 0 })
    const [id, , , cas] = guess.columns
    expect(id).toMatchObject({ name: 'DrugBank ID', becomes: 'VARCHAR', isUnique: true })
    expect(cas).toMatchObject({ name: 'CAS', values: 19_842, nulls: 19_842 - 13_107 })
  })

  it('jaffle shop: five kinds of files in one folder', async () => {
    const { sources } = await files.sniff([at('jaffle-shop')])
    expect(sources.map(({ name, rows }) => [name, rows?.count])).toEqual([['expected_customers', 100], ['expected_orders', 99], ['raw_customers', 100], ['raw_orders', 99], ['raw_payments', 113]])
    expect(await columnsOf(at('jaffle-shop/raw_orders.csv'))).toEqual({ id: 'BIGINT', user_id: 'BIGINT', order_date: 'DATE', status: 'VARCHAR' })
  })

  it('orphanet: sixty packets are one source, their two shapes are said', async () => {
    const guess = await files.guess(at('orphanet'))
    expect(guess).toMatchObject({ format: 'json', declaration: { format: 'json', record: '$.Orphapacket' }, rows: { count: 60, isExact: true } })
    expect(guess.columns.find(({ name }) => name === 'ORPHAcode')?.becomes).toBe('VARCHAR')
    expect(guess.columns.find(({ name }) => name === 'Prevalences')?.doubt).toMatch(/2 shapes/)
  })

  it('clinical trials: lists of deep objects, and the old export with tabs', async () => {
    const { sources } = await files.sniff([at('clinicaltrials-gov')])
    expect(sources.map(({ format, files: own, rows, declaration }) => [format, own.length, rows?.count, declaration['delimiter'] ?? null])).toEqual([['csv', 1, 40, 'tab'], ['json', 3, 61, null]])
  })

  it('spaceflights: percentages and flags', async () => {
    expect(await columnsOf(at('spaceflights/companies.csv'))).toMatchObject({ id: 'BIGINT', company_rating: 'DOUBLE', iata_approved: 'BOOLEAN', total_fleet_count: 'DOUBLE' })
  })

  it('workbooks and archives are told by their content', async () => {
    const workbooks = await files.sniff([at('xlsx/deaths.xlsx'), at('xlsx/sheets.xlsx')])
    expect(new Set(workbooks.sources.map(({ format }) => format))).toEqual(new Set(['xlsx']))
    const archive = await files.sniff([at('ndc/unfinished.zip')])
    const rows = archive.sources.map(({ declaration, rows: counted, quarantined }) => [String(declaration['member']), counted?.count, quarantined].join(' '))
    expect(rows.toSorted()).toEqual(['unfinished_package.txt 35321 0', 'unfinished_product.txt 21478 0'])
    // Each table is in it twice, the second time as a .xls that is the same text.
    expect(archive.sources.flatMap(({ found }) => found.filter(({ about }) => about === 'member').map(({ evidence }) => evidence)).toSorted()).toEqual(['package', 'product'].map((table) => `inside the archive; unfinished_${table}.xls has the same content and is left out`))
  })
})
