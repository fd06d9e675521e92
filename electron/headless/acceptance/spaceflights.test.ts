import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import { realData } from './real-data.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const FLAGS = ['d_check_complete', 'moon_clearance_complete']
const flag = (column: string): string => `CASE ${column} WHEN 't' THEN true WHEN 'f' THEN false END AS ${column}`
const numbers = ['engines', 'passenger_capacity', 'crew']

function pipelineFiles(dataDir: string): Record<string, string> {
  const files = (name: string): string => JSON.stringify(join(dataDir, name))
  return {
    'strata.yaml': 'name: spaceflights\n',
    'pipelines/flights/pipeline.yaml': `sources:
  companies: { files: ${files('companies.csv')}, columns: { id: INTEGER } }
  reviews: { files: ${files('reviews.csv')}, columns: { shuttle_id: INTEGER } }
  shuttles: { files: ${files('shuttles.xlsx')} }
`,
    'pipelines/flights/preprocessed/companies.sql': `
      SELECT id, CAST(replace(company_rating, '%', '') AS DOUBLE) / 100 AS company_rating, company_location,
        CAST(total_fleet_count AS DOUBLE) AS total_fleet_count, ${flag('iata_approved')}
      FROM raw.companies`,
    'pipelines/flights/preprocessed/shuttles.sql': `
      SELECT * REPLACE (${FLAGS.map(flag).join(', ')}, CAST(replace(replace(price, '$', ''), ',', '') AS DOUBLE) AS price)
      FROM (SELECT * EXCLUDE (_file, _record) FROM raw.shuttles)`,
    'pipelines/flights/processed/model_input.sql': `
      SELECT * FROM (
        SELECT s.*, r.* EXCLUDE (shuttle_id, _file, _record), c.* EXCLUDE (id)
        FROM preprocessed.shuttles AS s JOIN raw.reviews AS r ON r.shuttle_id = s.id JOIN preprocessed.companies AS c ON c.id = s.company_id
      ) WHERE COLUMNS(*) IS NOT NULL`,
    'pipelines/flights/results/totals.sql': 'SELECT count(*) AS row_count, CAST(sum(price) AS BIGINT) AS price FROM processed.model_input',
    'pipelines/flights/results/passenger_capacity.sql': `
      SELECT shuttle_type, ${['id', ...numbers].map((column) => `avg(${column}) AS ${column}`).join(', ')},
        ${FLAGS.map((column) => `avg(CAST(${column} AS INTEGER)) AS ${column}`).join(', ')}, avg(price) AS price, avg(company_id) AS company_id
      FROM preprocessed.shuttles GROUP BY shuttle_type ORDER BY shuttle_type`,
  }
}

const flights = realData('spaceflights')

describe.skipIf(flights.absent)('spaceflights, a workbook among its sources (needs ../shared/data/spaceflights)', () => {
  let workspace: TestWorkspace
  let detail: RunDetail

  beforeAll(async () => {
    workspace = await openTestWorkspace({ files: pipelineFiles(flights.dir) })
    detail = await workspace.run('flights')
  }, 60_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  const csv = async (dataset: string): Promise<string[][]> => readFileSync(await workspace.exportTo(dataset, `${dataset}.csv`), 'utf8').trimEnd().split(/\r?\n/).map((line) => line.split(','))

  it('joins 6,027 rows without a null, at 13,746,855 in all', async () => {
    expect(detail.run).toMatchObject({ state: 'succeeded', problem: null })
    expect(await csv('flights.results.totals')).toEqual([['row_count', 'price'], ['6027', '13746855']])
  })

  it('has the mean of every number by type of shuttle', async () => {
    const [header, ...rows] = await csv('flights.results.passenger_capacity')
    const [expectedHeader, ...expectedRows] = readFileSync(join(flights.dir, 'expected_shuttle_passenger_capacity.csv'), 'utf8').trimEnd().split(/\r?\n/).map((line) => line.split(','))
    expect(header).toEqual(expectedHeader)
    expect(rows.map(([type]) => type)).toEqual(expectedRows.map(([type]) => type))
    for (const [index, row] of rows.entries()) {
      for (const [column, value] of row.slice(1).entries()) expect(Number(value)).toBeCloseTo(Number(expectedRows[index]?.[column + 1]), 6)
    }
  })

  it('traces a row of the workbook to its sheet and cell', async () => {
    expect(await workspace.client.datasets.locate({ dataset: 'flights.raw.shuttles', file: 'shuttles.xlsx', record: 15_531 })).toMatchObject({ line: 15_532, place: 'Sheet1!A15532' })
  })
})
