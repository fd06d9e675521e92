import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startTestServer, type TestServer } from '../../engine/etl/fetch/test-server.ts'
import type { Facets, LineageEvent } from '../../engine/lineage/open-lineage/facets.ts'
import { openTestWorkspace, type TestWorkspace } from './test-workspace.ts'

/** The standard's own schemas (Apache-2.0) lie beside the project on some machines and are never part of it. */
const STANDARD = fileURLToPath(new URL('../../../../shared/data/standards/openlineage/', import.meta.url))
const NAMESPACE = 'strata://shop'

const FILES = {
  'inbox/orders.csv': 'id,customer,amount\n1,ann,5\n2,bob,7\n3,,9\n',
  'pipelines/sales/pipeline.yaml': 'description: What was sold.\nsources:\n  orders:\n    files: inbox/orders.csv\n    columns: { id: INTEGER, amount: INTEGER }\n',
  'pipelines/sales/curated/totals.sql': 'SELECT customer, sum(amount) AS total FROM raw.orders WHERE id > 0 GROUP BY customer',
  'pipelines/sales/curated/totals.yaml': 'description: One row a customer.\ncolumns:\n  customer: { description: Who bought., rules: [{ not_null: { severity: warn } }] }\n  total: { rules: [{ range: { min: 0 } }] }\n',
  'pipelines/broken/pipeline.yaml': 'label: Broken\n',
  'pipelines/broken/curated/numbers.sql': "SELECT CAST('no number' || amount AS INTEGER) AS n FROM sales.raw.orders",
}

let server: TestServer
let workspace: TestWorkspace
let isAway = true

beforeAll(async () => {
  server = await startTestServer((_request, response) => {
    response.statusCode = isAway ? 503 : 201
    response.end()
  })
  const strata = `name: shop\nlineage:\n  openlineage:\n    file: lineage/events.ndjson\n    url: ${server.url}/api/v1/lineage\n    headers: { Authorization: 'Bearer {secret:collector}' }\n`
  workspace = await openTestWorkspace({ files: { ...FILES, 'strata.yaml': strata }, env: { ...process.env, STRATA_SECRET_COLLECTOR: 'hidden-token' } })
})

afterAll(async () => {
  await workspace[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

async function written(): Promise<LineageEvent[]> {
  const text = await readFile(join(workspace.dir, 'lineage', 'events.ndjson'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as LineageEvent)
}

function find(events: readonly LineageEvent[], job: string, type: string): LineageEvent {
  const event = events.find((one) => one.job.name === job && one.eventType === type)
  if (event === undefined) throw new Error(`No ${type} of ${job} among ${events.map((one) => `${one.job.name} ${one.eventType}`).join(', ')}`)
  return event
}

describe('OpenLineage events of runs', () => {
  it('are written while runs go on, whatever the endpoint does, and no run is held up by it', async () => {
    expect((await workspace.run('sales')).run.state).toBe('succeeded')
    expect((await workspace.run('broken')).run.state).toBe('failed')
    await vi.waitFor(async () => expect((await written()).filter(({ job, eventType }) => job.name === 'broken' && eventType === 'FAIL')).toHaveLength(1), { timeout: 20_000 })
    const events = await written()
    expect(events.map(({ job, eventType }) => `${job.name} ${eventType}`)).toEqual([
      'sales START', 'sales.raw.orders START', 'sales.raw.orders COMPLETE', 'sales.curated.totals START', 'sales.curated.totals COMPLETE', 'sales.curated.totals.checks START', 'sales.curated.totals.checks COMPLETE', 'sales COMPLETE',
      'broken START', 'broken.curated.numbers START', 'broken.curated.numbers FAIL', 'broken FAIL',
    ])
    expect(await workspace.client.lineage.openLineageState()).toMatchObject({ namespace: NAMESPACE, file: 'lineage/events.ndjson', sent: 0, problem: expect.stringContaining('503') })
  })

  it('say what was read and written, column by column, and how good it is', async () => {
    const events = await written()
    const totals = find(events, 'sales.curated.totals', 'COMPLETE')
    const [output] = totals.outputs
    expect(totals.inputs.map(({ namespace, name }) => ({ namespace, name }))).toEqual([{ namespace: NAMESPACE, name: 'sales.raw.orders' }])
    expect(output?.facets['schema']).toMatchObject({ fields: [{ name: 'customer', type: 'VARCHAR', description: 'Who bought.' }, { name: 'total' }] })
    expect(output?.facets['version']).toMatchObject({ datasetVersion: '1' })
    expect(output?.outputFacets?.['outputStatistics']).toMatchObject({ rowCount: 3 })
    const lineage = output?.facets['columnLineage'] as { fields: Record<string, { inputFields: { field: string; transformations: object[] }[] }> } & Facets[string]
    expect(lineage.fields['total']?.inputFields.find(({ field }) => field === 'amount')?.transformations).toEqual([{ type: 'DIRECT', subtype: 'TRANSFORMATION' }])
    expect(lineage.fields['customer']?.inputFields.find(({ field }) => field === 'customer')?.transformations).toContainEqual({ type: 'DIRECT', subtype: 'IDENTITY' })
    expect(lineage.fields['total']?.inputFields.find(({ field }) => field === 'id')?.transformations).toContainEqual({ type: 'INDIRECT', subtype: 'FILTER' })
    expect(totals.job.facets['sql']).toMatchObject({ query: FILES['pipelines/sales/curated/totals.sql'], dialect: 'duckdb' })
    expect(totals.job.facets['documentation']).toMatchObject({ description: 'One row a customer.' })
    const checks = find(events, 'sales.curated.totals.checks', 'COMPLETE').inputs[0]
    expect(checks?.inputFacets?.['dataQualityAssertions']).toMatchObject({ assertions: [{ assertion: 'not_null', column: 'customer', success: false, severity: 'warn' }, { assertion: 'range', column: 'total', success: true, severity: 'error' }] })
    expect(checks?.inputFacets?.['dataQualityMetrics']).toMatchObject({ rowCount: 3, columnMetrics: { customer: { nullCount: 1 } } })
    expect(find(events, 'sales.raw.orders', 'COMPLETE').inputs).toMatchObject([{ namespace: 'file', name: join(workspace.dir, 'inbox', 'orders.csv') }])
  })

  it('belong together: a start and an end by one id, a step to its run', async () => {
    const events = await written()
    const run = find(events, 'sales', 'COMPLETE')
    const step = find(events, 'sales.curated.totals', 'COMPLETE')
    expect(find(events, 'sales', 'START').run.runId).toBe(run.run.runId)
    expect(find(events, 'sales.curated.totals', 'START').run.runId).toBe(step.run.runId)
    expect(step.run.facets['parent']).toMatchObject({ run: { runId: run.run.runId }, job: { namespace: NAMESPACE, name: 'sales' } })
    expect(find(events, 'broken.curated.numbers', 'FAIL').run.facets['errorMessage']).toMatchObject({ message: expect.stringContaining('no number'), programmingLanguage: 'SQL' })
  })

  it('are the same when they are made again from the ledger', async () => {
    const { events } = await workspace.client.lineage.openLineage({})
    expect(events).toEqual(await written())
    const { events: one } = await workspace.client.lineage.openLineage({ dataType: 'broken', runNumber: 1 })
    expect(one.map((event) => event['eventType'])).toEqual(['START', 'START', 'FAIL', 'FAIL'])
    await expect(workspace.client.lineage.openLineage({ dataType: 'broken', runNumber: 9 })).rejects.toThrow('There is no run broken #9')
  })

  it('reach the endpoint once it is back, in order, with the secret that is only named in the workspace', async () => {
    isAway = false
    await vi.waitFor(async () => expect(await workspace.client.lineage.openLineageState()).toMatchObject({ sent: 12, waitingBytes: 0, refused: 0, problem: null }), { timeout: 60_000 })
    const taken = server.requests.slice(-12)
    expect(taken.map(({ body }) => JSON.parse(body) as LineageEvent)).toEqual(await written())
    expect(new Set(taken.map(({ headers }) => headers['authorization']))).toEqual(new Set(['Bearer hidden-token']))
  }, 90_000)

  it.skipIf(!existsSync(STANDARD))(`keep to the standard's own schemas${existsSync(STANDARD) ? '' : ' (needs shared/data/standards beside the project)'}`, async () => {
    const ajv = new Ajv2020({ strict: false, formats: { 'date-time': (text: string) => !Number.isNaN(Date.parse(text)), uri: (text: string) => URL.canParse(text), uuid: /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/ } })
    const files = ['OpenLineage.json', ...readdirSync(join(STANDARD, 'facets')).map((name) => `facets/${name}`)].map((name) => JSON.parse(readFileSync(join(STANDARD, name), 'utf8')) as { $id: string })
    for (const file of files) ajv.addSchema(file)
    const faults: string[] = []
    const check = (schema: string, value: unknown, what: string): void => {
      const validate = ajv.getSchema(schema)
      if (validate === undefined) faults.push(`${what}: there is no schema ${schema}`)
      else if (validate(value) !== true) faults.push(`${what}: ${ajv.errorsText(validate.errors)}`)
    }
    for (const event of await written()) {
      const name = `${event.job.name} ${event.eventType}`
      check(event.schemaURL, event, name)
      const sets = [event.run.facets, event.job.facets, ...[...event.inputs, ...event.outputs].flatMap((dataset) => [dataset.facets, dataset.inputFacets ?? {}, dataset.outputFacets ?? {}])]
      for (const [facet, content] of sets.flatMap((facets) => Object.entries(facets))) {
        check(content._schemaURL, content, `${name}, ${facet}`)
        // Under the name by which the schema of the facet knows it.
        const file = content._schemaURL.split('#')[0] ?? ''
        check(file, { [facet]: content }, `${name}, ${facet} by its file`)
        expect(Object.keys((ajv.getSchema(file)?.schema as { properties?: object } | undefined)?.properties ?? {}), `${name}, ${facet}`).toContain(facet)
      }
    }
    expect(faults).toEqual([])
  })
})
