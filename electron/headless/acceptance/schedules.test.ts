import { randomUUID } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../../engine/create-engine.ts'
import type { Engine } from '../../engine/engine.ts'
import { userSecrets } from '../../engine/secrets/user-secrets.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { createForkSpawner } from '../fork-spawner.ts'

/** Runs that nobody starts, in the engine of a window: a file is written slowly, its data type runs, and then the one after it. */

const REST_MS = 1_500
const FILES = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 1 }\n',
  'inbox/README': 'people drop files here\n',
  'pipelines/orders/pipeline.yaml': 'sources:\n  files: { files: inbox/*.csv }\nschedule: { cron: "0 6 * * 1", time_zone: Europe/Berlin }\ntriggers: { files: true }\n',
  'pipelines/orders/curated/orders.sql': 'SELECT id FROM raw.files\n',
  'pipelines/totals/pipeline.yaml': 'triggers: { after: orders }\n',
  'pipelines/totals/results/totals.sql': 'SELECT count(*) AS n FROM orders.curated.orders\n',
}

let dir: string
let engine: Engine
let client: StrataClient

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-schedules-'))
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), text)
  }
  const { workersDir } = findAppFiles(import.meta.url)
  const log = (): void => undefined
  engine = await createEngine({ workspaceDir: dir, host: 'browser', appVersion: '0.0.0', log, secrets: userSecrets({ workspaceDir: dir, env: {}, platform: process.platform }), spawnWorker: createForkSpawner({ workersDir, log, env: process.env }), fileRestMs: REST_MS })
  client = createInProcessClient(engine)
})
afterAll(async () => {
  await engine.close()
  await rm(dir, { recursive: true, force: true })
})

const finished = async () => (await client.runs.list({ states: ['succeeded', 'failed'] })).runs.toReversed()

describe('a workspace that runs by itself', () => {
  it('takes in a slowly written file when it is whole, and runs what comes after', async () => {
    const file = join(dir, 'inbox', 'orders.csv')
    await writeFile(file, 'id\n')
    for (let id = 1; id <= 8; id++) {
      await delay(REST_MS / 4)
      await appendFile(file, `${id}\n`)
    }
    await expect.poll(finished, { timeout: 30_000, interval: 100 }).toHaveLength(2)
    expect((await finished()).map(({ dataType, trigger, state }) => ({ dataType, trigger, state }))).toEqual([
      { dataType: 'orders', trigger: 'files', state: 'succeeded' },
      { dataType: 'totals', trigger: 'after', state: 'succeeded' },
    ])
    const { rowsJson } = await client.datasets.page({ dataset: 'totals.results.totals' })
    expect(JSON.parse(rowsJson)).toEqual([['8']])

    const { isLive, schedules } = await client.schedules.list({})
    expect(isLive).toBe(true)
    expect(schedules).toMatchObject([
      { dataType: 'orders', cron: '0 6 * * 1', timeZone: 'Europe/Berlin', files: [{ source: 'files', patterns: ['inbox/*.csv'] }], last: { cause: 'files', outcome: 'started', note: 'New file inbox/orders.csv', run: { runNumber: 1, state: 'succeeded' } } },
      { dataType: 'totals', cron: null, after: ['orders'], next: [], last: { cause: 'after', note: 'After orders #1' } },
    ])
    expect(schedules[0]?.next).toHaveLength(3)
    expect(new Date(schedules[0]?.next[0] ?? '').getUTCDay()).toBe(1)
  })

  it('is paused and resumed by data type, with the audit trail as witness', async () => {
    const paused = await client.schedules.pause({ commandId: randomUUID(), dataType: 'orders' })
    expect(paused).toMatchObject({ next: [], paused: { by: { kind: 'person', via: 'cli' } } })
    const resumed = await client.schedules.resume({ commandId: randomUUID(), dataType: 'orders' })
    expect(resumed.paused).toBeNull()
    const { entries } = await client.audit.list({})
    expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['pause_schedule', 'resume_schedule']))
    await expect(client.schedules.pause({ commandId: randomUUID(), dataType: 'nothing' })).rejects.toThrow(/no data type nothing/)
  })
})
