import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunDetail } from '../../../shared/contract/runs.contract.ts'
import type { TableQuery } from '../../../shared/domain/table-query.ts'
import { ZONES } from '../../../shared/domain/zone.ts'
import { parseRows } from '../rows-json.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

const SAMPLE = fileURLToPath(new URL('../../../resources/sample/rare-disease/', import.meta.url))
const DATA_TYPES = ['prevalence', 'drugs', 'clinical_trials']

describe('the sample workspace', () => {
  let workspace: TestWorkspace
  const details = new Map<string, RunDetail>()
  const detailOf = (dataType: string): RunDetail => {
    const detail = details.get(dataType)
    if (detail === undefined) throw new Error(`${dataType} did not run`)
    return detail
  }

  beforeAll(async () => {
    workspace = await openTestWorkspace({ copyOf: SAMPLE })
    for (const dataType of DATA_TYPES) details.set(dataType, await workspace.run(dataType))
  }, 120_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  it('is a workspace without a mistake', async () => {
    const { findings, dataTypes } = await workspace.client.workspace.get()
    expect(findings).toEqual([])
    expect(dataTypes.map((dataType) => dataType.name).toSorted()).toEqual(DATA_TYPES.toSorted())
  })

  it.each(DATA_TYPES)('runs %s to its end, through all five zones, with rows in every dataset', (dataType) => {
    const { run, steps } = detailOf(dataType)
    expect(run).toMatchObject({ state: 'succeeded', runNumber: 1, degraded: true, problem: null })
    expect(steps.filter((step) => step.state !== 'succeeded' || (step.rowsOut ?? 0) === 0)).toEqual([])
    expect(new Set(steps.map((step) => step.zone))).toEqual(new Set(ZONES))
  })

  it('accounts for every record: read = loaded + quarantined', () => {
    const deliveries = DATA_TYPES.flatMap((dataType) => detailOf(dataType).deliveries)
    expect(deliveries.filter((file) => file.records !== file.loaded + file.quarantined)).toEqual([])
    for (const dataType of DATA_TYPES) {
      const { run, steps } = detailOf(dataType)
      const extracts = steps.filter((step) => step.kind === 'extract')
      expect(extracts.filter((step) => step.rowsIn !== (step.rowsOut ?? 0) + step.quarantined)).toEqual([])
      expect(extracts.reduce((sum, step) => sum + step.quarantined, 0)).toBe(run.quarantined)
    }
  })

  it('quarantines the six records that are bad on purpose, each with its place and its text', async () => {
    const pages = await Promise.all(
      DATA_TYPES.map((dataType) => workspace.client.runs.quarantine({ run: { dataType, runNumber: 1 }, offset: 0, limit: 100 })),
    )
    const records = pages.flatMap((page) => page.records)
    expect(records.map((one) => `${one.file} ${one.record}`).toSorted()).toEqual([
      'case-reports-2022.ndjson 150',
      'case-reports-2023.ndjson 205',
      'case-reports-2023.ndjson 58',
      'drug_vocabulary.csv 201',
      'orphan_designations.csv 32',
      'orphan_designations.csv 78',
    ])
    expect(records.filter((one) => one.reason === '' || one.raw === '')).toEqual([])
  })

  it('keeps every delivered file as it came', () => {
    const changed = DATA_TYPES.flatMap((dataType) => detailOf(dataType).deliveries).filter((file) => {
      const origin = readFileSync(join(workspace.dir, file.origin))
      return createHash('sha256').update(origin).digest('hex') !== file.sha256 || origin.byteLength !== file.sizeBytes
    })
    expect(changed).toEqual([])
  })

  it('warns, and blocks nothing', () => {
    const failed = DATA_TYPES.flatMap((dataType) => detailOf(dataType).checks).filter((check) => !check.passed)
    expect(failed.filter((check) => check.severity === 'block')).toEqual([])
    expect(new Set(failed.map((check) => check.dataset))).toContain('prevalence.curated.disease_prevalence')
    expect(failed.every((check) => (check.failingRows ?? 1) > 0)).toBe(true)
  })

  it('lets two diseases fail with a reason and skips one, while the others succeed', async () => {
    const { entities, counts } = await workspace.client.runs.entities({ run: { dataType: 'clinical_trials', runNumber: 1 }, offset: 0, limit: 500 })
    const failed = entities.filter((entity) => entity.state === 'failed')
    expect(failed).toHaveLength(2)
    expect(failed.every((entity) => /^Study NCT\d{8} ends on \d{4}-\d\d-\d\d, before it starts on/.test(entity.error ?? ''))).toBe(true)
    expect(counts.skipped).toBe(1)
    const rows = await workspace.rows('clinical_trials.processed.disease_activity')
    expect(counts.succeeded).toBe(rows.length)
    expect(rows.map((row) => row['orpha_code'])).not.toContain(failed[0]?.entityId)
  })

  it('traces a result back to delivered files of all three data types, over the versions it was made from', async () => {
    const graph = await workspace.client.lineage.graph({ focus: 'clinical_trials.results.unmet_need', direction: 'upstream' })
    const files = new Set(graph.sources.map((source) => source.fileName))
    for (const name of ['case-reports-2022.ndjson', 'patent.txt', 'ctg-studies(2).json']) expect(files).toContain(name)
    expect(graph.edges.filter((edge) => edge.fromVersion !== 1 || edge.toVersion !== 1)).toEqual([])
    expect(new Set(graph.nodes.map((node) => node.dataType))).toEqual(new Set(DATA_TYPES))
  })

  it('shows one disease over the data types', async () => {
    const [first] = await workspace.rows('clinical_trials.results.unmet_need')
    const entityId = String(first?.['orpha_code'])
    const data = await workspace.client.entities.getDataForEntity({ entityId })
    expect(new Set(data.slices.map((slice) => slice.dataType))).toEqual(new Set(['prevalence', 'clinical_trials', 'drugs']))
    expect(data.slices.filter((slice) => slice.rowCount === 0)).toEqual([])
    expect((await workspace.client.entities.getDataForEntity({ entityId })).fromCache).toBe(true)
  })

  it('exports what the page shows', async () => {
    const rows = await workspace.rows('prevalence.results.prevalence_by_category')
    const [header, ...lines] = readFileSync(await workspace.exportTo('prevalence.results.prevalence_by_category', 'categories.csv'), 'utf8').trimEnd().split(/\r?\n/)
    expect(header).toBe(Object.keys(rows[0] ?? {}).join(','))
    expect(lines).toEqual(rows.map((row) => Object.values(row).join(',')))
  })

  it('exports once however often the command arrives', async () => {
    const command = { commandId: randomUUID(), dataset: 'prevalence.curated.diseases', format: 'csv' as const, path: join(workspace.dir, 'exports/once.csv'), query: { sort: [], filter: [] } }
    const first = await workspace.client.exports.start(command)
    while ((await workspace.client.exports.get({ id: first.id })).state === 'running') await delay(20)
    expect((await workspace.client.exports.start(command)).id).toBe(first.id)
    expect((await workspace.client.exports.list({})).exports.filter(({ path }) => path.includes('once.csv'))).toHaveLength(1)
  })

  it('exports Parquet that another workspace loads with the same rows, filter and sort as on the screen', async () => {
    const query: TableQuery = { sort: [{ column: 'need', direction: 'desc' }, { column: 'place', direction: 'asc' }], filter: [{ column: 'open_trials', op: 'eq', value: 0 }] }
    const dataset = 'clinical_trials.results.unmet_need'
    const page = await workspace.client.datasets.page({ dataset, ...query, limit: 1_000 })
    const path = await workspace.exportTo(dataset, 'need.parquet', query)
    await using other = await openTestWorkspace({
      files: {
        'strata.yaml': 'name: other\n',
        'pipelines/need/pipeline.yaml': `sources:\n  exported: { files: ${JSON.stringify(path)}, format: parquet }\n`,
      },
    })
    expect((await other.run('need')).run.state).toBe('succeeded')
    const columns = page.columns.map((column) => column.name)
    const loaded = (await other.rows('need.raw.exported')).map((row) => columns.map((name) => row[name]))
    expect(loaded.length).toBeGreaterThan(10)
    expect(loaded).toEqual(parseRows(page.rowsJson))
  })

  it('gives the same content when all of it is made again', async () => {
    const hashOf = async (dataset: string): Promise<string | null> => (await workspace.client.datasets.get({ dataset })).contentHash
    const before = await hashOf('prevalence.curated.disease_prevalence')
    const run = await workspace.client.runs.start({ commandId: randomUUID(), dataType: 'prevalence', force: true })
    while ((await workspace.client.runs.get({ run })).run.finishedAt === null) await delay(50)
    expect((await workspace.client.runs.get({ run })).run).toMatchObject({ state: 'succeeded', runNumber: 2 })
    const detail = await workspace.client.datasets.get({ dataset: 'prevalence.curated.disease_prevalence' })
    expect(detail.contentHash).toBe(before)
    expect(detail.versions).toHaveLength(2)
  }, 60_000)
})
