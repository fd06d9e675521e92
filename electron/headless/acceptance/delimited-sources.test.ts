import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { realData } from './real-data.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n')
}

const orangeBook = realData('orange-book')

describe.skipIf(orangeBook.absent)('the Orange Book (needs ../shared/data/orange-book)', () => {
  let workspace: TestWorkspace
  let detail: RunDetail

  beforeAll(async () => {
    const source = (name: string, file: string): string => `  ${name}: { files: ${JSON.stringify(join(orangeBook.dir, file))}, format: csv, delimiter: '~', quote: none }`
    workspace = await openTestWorkspace({
      files: {
        'strata.yaml': 'name: orange_book\nlabel: Orange Book\n',
        'pipelines/drugs/pipeline.yaml': ['sources:', source('patents', 'patent.txt'), source('exclusivities', 'exclusivity.txt'), ''].join('\n'),
        'pipelines/drugs/preprocessed/exclusivities.sql': `
          SELECT Appl_No AS application_number, Exclusivity_Code AS code, CAST(strptime(Exclusivity_Date, '%b %-d, %Y') AS DATE) AS expires_on
          FROM raw.exclusivities`,
        'pipelines/drugs/preprocessed/patents.sql': `
          SELECT Appl_No AS application_number, CAST(strptime(Patent_Expire_Date_Text, '%b %-d, %Y') AS DATE) AS expires_on FROM raw.patents`,
      },
    })
    detail = await workspace.run('drugs')
  }, 60_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  it('loads 18,578 patents and 2,089 exclusivities, nothing in quarantine', () => {
    expect(detail.run).toMatchObject({ state: 'succeeded', quarantined: 0 })
    const rows = Object.fromEntries(detail.steps.map((step) => [step.dataset, step.rowsOut]))
    expect(rows).toMatchObject({ 'drugs.raw.patents': 18_578, 'drugs.raw.exclusivities': 2_089 })
  })

  it('keeps leading zeros, in every row as in the file', async () => {
    const rows = await workspace.rows('drugs.raw.patents')
    const expected = linesOf(join(orangeBook.dir, 'patent.txt')).slice(1).map((line) => line.split('~').slice(1, 3))
    expect(rows.map((row) => [row['Appl_No'], row['Product_No']])).toEqual(expected)
    expect(rows.every((row) => /^0?\d{5,6}$/.test(String(row['Appl_No'])) && /^\d{3}$/.test(String(row['Product_No'])))).toBe(true)
    expect(rows.filter((row) => String(row['Appl_No']).startsWith('0')).length).toBeGreaterThan(1_000)
  })

  it('reads every date, and 710 orphan exclusivities', async () => {
    const exclusivities = await workspace.rows('drugs.preprocessed.exclusivities')
    expect(exclusivities.filter((row) => String(row['code']).startsWith('ODE'))).toHaveLength(710)
    expect(exclusivities.filter((row) => row['expires_on'] === null)).toEqual([])
    const { count } = await workspace.client.datasets.count({ dataset: 'drugs.preprocessed.patents', filter: [{ column: 'expires_on', op: 'is_null' }] })
    expect(count).toBe(0)
  })
})

const spaceflights = realData('spaceflights')

describe.skipIf(spaceflights.absent)('spaceflights (needs ../shared/data/spaceflights)', () => {
  let workspace: TestWorkspace
  let detail: RunDetail

  beforeAll(async () => {
    const source = (name: string): string => `  ${name}: { files: ${JSON.stringify(join(spaceflights.dir, `${name}.csv`))}, format: csv }`
    workspace = await openTestWorkspace({
      files: {
        'strata.yaml': 'name: spaceflights\nlabel: Spaceflights\n',
        'pipelines/flights/pipeline.yaml': ['sources:', source('companies'), source('reviews'), ''].join('\n'),
        'pipelines/flights/preprocessed/companies.sql': `
          SELECT id, CAST(rtrim(company_rating, '%') AS DOUBLE) / 100 AS company_rating, company_location,
            CAST(total_fleet_count AS DOUBLE) AS total_fleet_count, CAST(iata_approved AS BOOLEAN) AS iata_approved
          FROM raw.companies`,
      },
    })
    detail = await workspace.run('flights')
  }, 60_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  it('loads 10,019 companies and 15,531 reviews', () => {
    expect(detail.run).toMatchObject({ state: 'succeeded', quarantined: 0 })
    const rows = Object.fromEntries(detail.steps.map((step) => [step.dataset, step.rowsOut]))
    expect(rows).toEqual({ 'flights.raw.companies': 10_019, 'flights.raw.reviews': 15_531, 'flights.preprocessed.companies': 10_019 })
  })

  it('makes numbers of percentages and keeps nulls', async () => {
    const given = linesOf(join(spaceflights.dir, 'companies.csv')).slice(1).map((line) => line.split(','))
    const rows = await workspace.rows('flights.preprocessed.companies')
    expect(rows.map((row) => row['company_rating'])).toEqual(given.map((cells) => (cells[1] === '' ? null : Number(cells[1]?.replace('%', '')) / 100)))
    expect(rows.filter((row) => row['iata_approved'] === null)).toHaveLength(given.filter((cells) => cells.at(-1)?.trim() === '').length)
  })
})

const drugbank = realData('drugbank-vocabulary')

describe.skipIf(drugbank.absent)('the DrugBank vocabulary (needs ../shared/data/drugbank-vocabulary)', () => {
  it('loads 19,842 substances with 52,154 synonyms', async () => {
    await using workspace = await openTestWorkspace({
      files: {
        'strata.yaml': 'name: vocabulary\nlabel: Vocabulary\n',
        'pipelines/drugs/pipeline.yaml': `sources:\n  vocabulary: { files: ${JSON.stringify(join(drugbank.dir, '*.csv'))}, format: csv }\n`,
        'pipelines/drugs/raw/vocabulary.yaml': 'columns: { DrugBank ID: { rules: [unique, not_null] } }\n',
        // Quoted emptiness is text, unquoted emptiness is null: the file has both.
        'pipelines/drugs/preprocessed/synonyms.sql': `SELECT "DrugBank ID" AS drugbank_id, unnest(string_split(nullif(Synonyms, ''), ' | ')) AS synonym FROM raw.vocabulary`,
        'pipelines/drugs/curated/totals.sql': 'SELECT count(*) AS substances, count(CAS) AS with_cas, count(UNII) AS with_unii FROM raw.vocabulary',
      },
    })
    const detail = await workspace.run('drugs')
    expect(detail.run).toMatchObject({ state: 'succeeded', quarantined: 0, degraded: false })
    expect(detail.steps.find((step) => step.name === 'synonyms')?.rowsOut).toBe(52_154)
    expect(await workspace.rows('drugs.curated.totals')).toEqual([{ substances: '19842', with_cas: '13107', with_unii: '15183' }])
  })
})

const trials = realData('clinicaltrials-gov')

describe.skipIf(trials.absent)('exports of ClinicalTrials.gov (needs ../shared/data/clinicaltrials-gov)', () => {
  it('loads 61 studies from three files, and unnests 2,487 locations', async () => {
    await using workspace = await openTestWorkspace({
      files: {
        'strata.yaml': 'name: trials\nlabel: Trials\n',
        'pipelines/trials/pipeline.yaml': `sources:\n  studies: { files: ${JSON.stringify(join(trials.dir, '*.json'))}, format: json, record: '$[*]' }\n`,
        'pipelines/trials/preprocessed/locations.sql': `
          SELECT _file AS file, unnest(json_extract(protocolSection, '$.contactsLocationsModule.locations[*]')) AS location FROM raw.studies`,
        'pipelines/trials/curated/per_file.sql': 'SELECT file, count(*) AS locations FROM preprocessed.locations GROUP BY file',
      },
    })
    const detail = await workspace.run('trials')
    expect(detail.run).toMatchObject({ state: 'succeeded', quarantined: 0 })
    expect(detail.steps.find((step) => step.name === 'studies')?.rowsOut).toBe(61)
    const perFile = await workspace.rows('trials.curated.per_file')
    expect(Object.fromEntries(perFile.map((row) => [row['file'], row['locations']]))).toEqual({
      'ctg-studies.json': '380',
      'ctg-studies(2).json': '24',
      'ctg-studies(5).json': '2083',
    })
  })
})
