import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { XLSX_DEFAULTS } from './connectors/xlsx/xlsx-options.ts'
import { ExtractFixture } from './extract-fixture.ts'

/** Every file of ../shared/data is ingested, with the figures that its README gives; what becomes of them in pipelines is in headless/acceptance. */

const DATA = join(import.meta.dirname, '../../../../shared/data')
const isThere = existsSync(DATA)
if (!isThere) console.log(`Skipped: no real data at ${DATA}`)

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

type Declared = Parameters<ExtractFixture['extract']>[0]

/** Records and columns; null where there are as many as a file happens to have. */
const SIZES: Record<string, [records: number, columns: number | null]> = {
  'clinicaltrials-gov/SearchResults.tsv': [40, null],
  'clinicaltrials-gov/ctg-studies(2).json': [1, null],
  'clinicaltrials-gov/ctg-studies(5).json': [50, null],
  'clinicaltrials-gov/ctg-studies.json': [10, null],
  'drugbank-vocabulary/drugbank_vocabulary.csv': [19_842, 7],
  'jaffle-shop/expected_customers.csv': [100, null],
  'jaffle-shop/expected_orders.csv': [99, null],
  'jaffle-shop/raw_customers.csv': [100, null],
  'jaffle-shop/raw_orders.csv': [99, null],
  'jaffle-shop/raw_payments.csv': [113, null],
  'orange-book/exclusivity.txt': [2_089, 5],
  'orange-book/patent.txt': [18_578, 10],
  'spaceflights/companies.csv': [10_019, 5],
  'spaceflights/reviews.csv': [15_531, 10],
  'spaceflights/shuttles.xlsx': [15_531, 13],
}
/** One record a file. */
const DOCUMENTS = /^(orphanet|standards)\/.*\.json$/

const filesIn = (folder: string): string[] =>
  readdirSync(join(DATA, folder), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]))
const files = isThere ? filesIn('.').filter((file) => !/(^|\/)README|\.md$|\.zip$|^csv-spectrum\/json/.test(file)).toSorted() : []

function declared(file: string): Declared {
  if (file.endsWith('.json')) return { format: 'json' }
  // One of the workbooks is nothing but merged cells, without a header.
  if (file.endsWith('.xlsx')) return { format: 'xlsx', xlsx: { ...XLSX_DEFAULTS, ...(file.endsWith('merged-cells.xlsx') ? { headerRows: 'none' as const } : {}) } }
  // Quotes are letters of its titles.
  return { format: 'csv', csv: file.endsWith('.tsv') ? { delimiter: '\t', quote: '' } : {} }
}

describe.runIf(isThere)('every file of ../shared/data', { timeout: 60_000 }, () => {
  it.each(files)('%s', async (file) => {
    const { result } = await fixture.extract(declared(file), [join(DATA, file)])
    const width = result.columns.filter(({ isProvenance }) => !isProvenance).length
    const [records, columns] = SIZES[file] ?? [DOCUMENTS.test(file) ? 1 : result.records, null]
    expect(result).toMatchObject({ records, rowCount: records, quarantined: 0 })
    expect(result.records).toBeGreaterThan(0)
    expect(width).toBe(columns ?? width)
  })

  it('is there, as far as figures are given', () => {
    expect(Object.keys(SIZES).filter((file) => !files.includes(file))).toEqual([])
    expect(files.filter((file) => file.startsWith('orphanet/'))).toHaveLength(60)
    expect(files.filter((file) => file.startsWith('csv-spectrum/csvs/'))).toHaveLength(12)
  })

  it('the unfinished drugs of the FDA: each table from either of its two members, no package without a product, 29 products without a package', async () => {
    const keys: string[][] = []
    for (const [table, records, columns] of [['product', 21_478, 14], ['package', 35_321, 4]] as const) {
      for (const ending of ['txt', 'xls']) {
        const { result, rows } = await fixture.extract({ format: 'csv', member: [`*${table}.${ending}`], csv: { delimiter: '\t', quote: '' } }, [join(DATA, 'ndc/unfinished.zip')])
        expect(result).toMatchObject({ records, rowCount: records, quarantined: 0 })
        expect(result.columns.filter(({ isProvenance }) => !isProvenance)).toHaveLength(columns)
        if (ending === 'xls') keys.push((await rows('DISTINCT PRODUCTID AS id')).map(({ id }) => String(id)))
      }
    }
    const [products = [], packages = []] = keys.map((ids) => new Set(ids)).map((ids) => [...ids])
    expect(packages.filter((id) => !products.includes(id))).toEqual([])
    expect(products.filter((id) => !packages.includes(id))).toHaveLength(29)
  })

  it('the studies of ClinicalTrials.gov have 380, 24 and 2,083 locations', async () => {
    const count = "coalesce(json_array_length(protocolSection, '$.contactsLocationsModule.locations'), 0)"
    const paths = ['ctg-studies.json', 'ctg-studies(2).json', 'ctg-studies(5).json'].map((name) => join(DATA, 'clinicaltrials-gov', name))
    const { rows } = await fixture.extract({ format: 'json' }, paths)
    const sums = await rows(`_file, sum(${count}) OVER (PARTITION BY _file)::INTEGER AS n`)
    expect(Object.fromEntries(sums.map((row) => [row['_file'], row['n']]))).toEqual({ 'ctg-studies.json': 380, 'ctg-studies(2).json': 24, 'ctg-studies(5).json': 2_083 })
  })
})
