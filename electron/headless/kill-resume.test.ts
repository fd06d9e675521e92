import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { openEngine } from './open-engine.ts'
import { createInProcessClient, type StrataClient } from './client.ts'

/**
 * Kills for real: the engine, or its run worker, at random moments of a run of 2,000 entities. What comes out in the end must be
 * what an undisturbed run gives, with every entity done once.
 */
const ENTITIES = 2_000
const KILLS = 10
const ROOT = path.resolve(import.meta.dirname, '../..')
const FILES = { workersDir: path.join(ROOT, 'dist/workers'), rendererDir: path.join(ROOT, 'dist/renderer'), samplesDir: '', version: '0.0.0' }
const CLI = path.join(ROOT, 'dist/headless/cli.js')

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function makeWorkspace(): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'strata-kill-'))
  folders.push(root)
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), text)
  }
  const rows = Array.from({ length: ENTITIES }, (_, i) => [1, 2, 3].map((n) => `E${String(i).padStart(5, '0')},${n},${(i * 7 + n) % 101}`).join('\n'))
  await write('strata.yaml', 'name: kill\nlimits: { memory: 512MB, threads: 2 }\n')
  await write('inbox/visits.csv', `visit_entity,visit,score\n${rows.join('\n')}\n`)
  await write('pipelines/visits/pipeline.yaml', 'entity: { key: visit_entity }\nsources:\n  log: { files: inbox/visits.csv, format: csv, keep: move }\n')
  await write('pipelines/visits/processed/scores.yaml', 'key: [visit_entity]\nentity: { input: raw.log, concurrency: 8 }\n')
  await write(
    'pipelines/visits/processed/scores.ts',
    `import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({
  result: z.object({ total: z.int(), mean: z.number() }),
  async process(entityId, rows) {
    await new Promise((resolve) => setTimeout(resolve, 3))
    const total = rows.reduce((sum, row) => sum + Number(row.score), 0)
    return { total, mean: total / rows.length }
  },
})
`,
  )
  await write('pipelines/visits/curated/ranking.sql', 'SELECT visit_entity, total, mean, rank() OVER (ORDER BY total DESC, visit_entity) AS place FROM processed.scores\n')
  await write('pipelines/visits/curated/ranking.yaml', 'key: [visit_entity]\n')
  return root
}

function strata(root: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [CLI, ...args, '--workspace', root], { stdio: 'ignore', detached: false })
}

async function childrenOf(pid: number): Promise<number[]> {
  const file = `/proc/${pid}/task/${pid}/children`
  if (!existsSync(file)) return []
  return (await readFile(file, 'utf8').catch(() => '')).split(' ').filter(Boolean).map(Number)
}

async function withEngine<T>(root: string, use: (client: StrataClient) => Promise<T>): Promise<T> {
  const engine = await openEngine({ workspaceDir: root, host: 'cli', files: FILES, env: process.env, log: () => {}, resumeInterrupted: false })
  try {
    return await use(createInProcessClient(engine))
  } finally {
    await engine.close()
  }
}

async function runToTheEnd(root: string): Promise<void> {
  await withEngine(root, async (client) => {
    const { runs } = await client.runs.list({ dataType: 'visits' })
    const [last] = runs
    const ref = last === undefined ? await client.runs.start({ commandId: randomUUID(), dataType: 'visits' }) : { dataType: 'visits', runNumber: last.runNumber }
    if (last !== undefined && last.state !== 'succeeded') await client.runs.resume({ commandId: randomUUID(), run: ref })
    for (let state = ''; state !== 'succeeded'; ) {
      const { run } = await client.runs.get({ run: ref })
      state = run.state
      expect(run.problem, run.problem?.message).toBeNull()
      await delay(50)
    }
  })
}

interface Outcome {
  rows: unknown[][]
  entities: Record<string, number>
  attempts: number
}

async function outcomeOf(root: string): Promise<Outcome> {
  return withEngine(root, async (client) => {
    const page = await client.datasets.page({ dataset: 'visits.curated.ranking', limit: 5_000, sort: [{ column: 'visit_entity', direction: 'asc' }] })
    const { counts } = await client.runs.entities({ run: { dataType: 'visits', runNumber: 1 } })
    const { run } = await client.runs.get({ run: { dataType: 'visits', runNumber: 1 } })
    return { rows: JSON.parse(page.rowsJson) as unknown[][], entities: counts, attempts: run.attempt }
  })
}

async function filesBelow(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true, withFileTypes: true })).map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
}

/** Nothing but whole versions under zones/, and nothing left in staging. */
async function expectNoOrphans(root: string): Promise<void> {
  const zones = await filesBelow(path.join(root, 'zones'))
  expect(zones.filter((file) => file.includes('.tmp-'))).toEqual([])
  const versions = zones.filter((file) => /[/\\]v\d+$/.test(file))
  for (const version of versions) expect(zones, version).toContain(path.join(version, 'manifest.json'))
  expect(versions.map((file) => file.split(path.sep).slice(0, 3).join('/')).sort()).toEqual(['curated/visits/ranking', 'processed/visits/scores', 'raw/visits/log'])
  expect(await filesBelow(path.join(root, '.strata/staging'))).toEqual([])
  expect(await readdir(path.join(root, 'inbox'))).toEqual([])
}

async function killAtRandom(root: string, target: 'engine' | 'run worker'): Promise<boolean> {
  const known = await withEngine(root, async (client) => (await client.runs.list({ dataType: 'visits' })).runs[0])
  const process_ = known === undefined ? strata(root, 'run', 'visits') : strata(root, 'resume', 'visits#1')
  const exited = once(process_, 'exit')
  await Promise.race([exited, delay(150 + Math.random() * 1_400)])
  if (process_.exitCode !== null || process_.pid === undefined) return false
  if (target === 'engine') process_.kill('SIGKILL')
  else for (const child of await childrenOf(process_.pid)) process.kill(child, 'SIGKILL')
  const ended = await Promise.race([exited.then(() => true), delay(target === 'engine' ? 5_000 : 300).then(() => false)])
  if (!ended) process_.kill('SIGKILL')
  await exited
  return true
}

describe.runIf(process.platform === 'linux')('a run of 2,000 entities', () => {
  it(
    'killed at ten random moments and resumed, gives what an undisturbed run gives, every entity once',
    async () => {
      const [undisturbed, killed] = [await makeWorkspace(), await makeWorkspace()]
      await runToTheEnd(undisturbed)
      const expected = await outcomeOf(undisturbed)
      expect(expected.rows).toHaveLength(ENTITIES)

      let kills = 0
      for (let round = 0; round < KILLS; round += 1) kills += Number(await killAtRandom(killed, round % 3 === 2 ? 'run worker' : 'engine'))
      await runToTheEnd(killed)
      const actual = await outcomeOf(killed)

      // The kills must have hit the run itself, not only the start of the process around it.
      expect(kills).toBeGreaterThan(3)
      expect(actual.attempts).toBeGreaterThan(2)
      expect(actual.entities).toMatchObject({ succeeded: ENTITIES, pending: 0, failed: 0 })
      expect(actual.rows).toEqual(expected.rows)
      await expectNoOrphans(killed)
    },
    120_000,
  )
})
