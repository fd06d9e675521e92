import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ExtractFixture } from './extract-fixture.ts'

const DATA = join(import.meta.dirname, '../../../../shared/data')
const isThere = existsSync(DATA)
if (!isThere) console.log(`Skipped: no real data at ${DATA}`)

let fixture: ExtractFixture
beforeAll(async () => {
  fixture = await ExtractFixture.create()
})
afterAll(() => fixture.close())

const filesIn = (folder: string, pattern: RegExp): string[] =>
  isThere ? readdirSync(join(DATA, folder)).filter((file) => pattern.test(file)).sort().map((file) => join(DATA, folder, file)) : []

describe.runIf(isThere)('real files', () => {
  it.each(filesIn('csv-spectrum/csvs', /\.csv$/))('csv-spectrum: %s is its JSON truth', async (path) => {
    const { rows, result } = await fixture.extract({ format: 'csv' }, [path])
    const text = readFileSync(path.replaceAll('csvs', 'json').replace(/\.csv$/, '.json'), 'utf8')
    const parsed = z.union([z.array(z.record(z.string(), z.string())), z.record(z.string(), z.string()).transform((row) => [row])]).parse(JSON.parse(text))
    // The truth of this one names another telephone number than the file.
    const truth = path.includes('location_coordinates') ? parsed.map((row) => ({ ...row, 'Contact Phone Number': '2095257564' })) : parsed
    const names = result.columns.filter((column) => !column.isProvenance).map(({ name }) => name)
    expect((await rows()).map((row) => Object.fromEntries(names.map((name) => [name, row[name] ?? null])))).toEqual(truth)
  })

  it.each([
    ['orange-book/patent.txt', 18_578, 10],
    ['orange-book/exclusivity.txt', 2_089, 5],
    ['spaceflights/companies.csv', 10_019, 5],
    ['spaceflights/reviews.csv', 15_531, 10],
    ['drugbank-vocabulary/drugbank_vocabulary.csv', 19_842, 7],
  ])('%s has %i records of %i columns', async (file, records, columns) => {
    const { result } = await fixture.extract({ format: 'csv' }, [join(DATA, file)])
    expect(result).toMatchObject({ records, rowCount: records, quarantined: 0 })
    expect(result.columns).toHaveLength(columns + 2)
  })

  it('orange-book keeps leading zeros, and its exclusivities', async () => {
    const { rows } = await fixture.extract({ format: 'csv' }, [join(DATA, 'orange-book/exclusivity.txt')])
    expect(await rows("count(*) FILTER (length(Appl_No) = 6 AND Appl_No LIKE '0%') > 0 AS zeros, count(*) FILTER (Exclusivity_Code LIKE 'ODE%')::INTEGER AS ode")).toEqual([{ zeros: true, ode: 710 }])
  })

  it('drugbank has its ids once each, and the facts of its columns', async () => {
    const { rows } = await fixture.extract({ format: 'csv' }, [join(DATA, 'drugbank-vocabulary/drugbank_vocabulary.csv')])
    const select = 'count(DISTINCT "DrugBank ID")::INTEGER AS ids, count(CAS)::INTEGER AS cas, count(UNII)::INTEGER AS unii, sum(len(string_split(Synonyms, \' | \'))) FILTER (Synonyms <> \'\')::INTEGER AS synonyms'
    expect(await rows(select)).toEqual([{ ids: 19_842, cas: 13_107, unii: 15_183, synonyms: 52_154 }])
  })

  it('60 Orphanet packets are 60 records with both shapes of Prevalences', async () => {
    const { result, rows } = await fixture.extract({ format: 'json', record: '$.Orphapacket', columns: { ORPHAcode: 'VARCHAR' } }, filesIn('orphanet', /\.json$/))
    expect(result).toMatchObject({ layout: 'per_file', records: 60, rowCount: 60 })
    expect(await rows("count(DISTINCT json_type(Prevalences))::INTEGER AS shapes, count(DISTINCT ORPHAcode)::INTEGER AS codes")).toEqual([{ shapes: 2, codes: 60 }])
  })

  it('ClinicalTrials.gov exports are 10, 1 and 50 records', async () => {
    const paths = filesIn('clinicaltrials-gov', /\.json$/)
    const { result } = await fixture.extract({ format: 'json', record: '$[*]' }, paths)
    expect(result.files.map(({ fileName, records }) => [fileName, records])).toEqual([['ctg-studies(2).json', expect.any(Number)], ['ctg-studies(5).json', expect.any(Number)], ['ctg-studies.json', expect.any(Number)]])
    expect(result.files.map(({ records }) => records).sort((a, b) => a - b)).toEqual([1, 10, 50])
  })
})
