import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuditStore } from '../../engine/ledger/audit.store.ts'
import { openLedger } from '../../engine/ledger/ledger.ts'
import { findAppFiles } from '../app-root.ts'
import { createInProcessClient, type StrataClient } from '../client.ts'
import { openEngine } from '../open-engine.ts'
import { parseRows } from '../rows-json.ts'
import { crashPipeline, type CrashPipeline, crashPipelineArbitrary } from './crash-pipeline.ts'
import { leftoversIn } from './folder-state.ts'

/**
 * Kills the real command line, or its run worker, at the moments of crash-points.ts, resumes, and compares with an undisturbed run.
 * A part of the moments is tried each time, another part every time; `STRATA_CRASH=all` tries every one.
 */
const APP = findAppFiles(import.meta.url)
const CLI = path.resolve(import.meta.dirname, '../../../dist/headless/cli.js')
const POINTS = path.join(import.meta.dirname, 'crash-points.ts')
const ALL = process.env['STRATA_CRASH'] === 'all'
const SAMPLE = 10
const LANES = 2

const folders: string[] = []
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))))

async function makeWorkspace({ files }: CrashPipeline): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'strata-crash-'))
  folders.push(root)
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true })
    await writeFile(path.join(root, file), text)
  }
  return root
}

interface Kill {
  /** `engine:17` or `worker:4`; null: nobody dies. */
  at: string | null
  log?: string
}

/** @returns whether somebody was killed */
async function strata(root: string, args: string[], { at, log }: Kill): Promise<boolean> {
  const fuse = path.join(root, '.fuse')
  if (at !== null) await writeFile(fuse, '')
  const env = { ...process.env, NODE_OPTIONS: `--import=${POINTS}`, ...(at === null ? {} : { STRATA_CRASH_AT: at, STRATA_CRASH_ONCE: fuse }), ...(log === undefined ? {} : { STRATA_CRASH_LOG: log }) }
  const child = spawn(process.execPath, [CLI, ...args, '--workspace', root], { stdio: 'ignore', env })
  await once(child, 'exit')
  const isBurnt = at !== null && (await readFile(fuse).then(() => false, () => true))
  await rm(fuse, { force: true })
  return isBurnt
}

async function withEngine<T>(root: string, use: (client: StrataClient) => Promise<T>): Promise<T> {
  const engine = await openEngine({ workspaceDir: root, host: 'cli', files: APP, env: process.env, log: () => {}, resumeInterrupted: false })
  try {
    return await use(createInProcessClient(engine))
  } finally {
    await engine.close()
  }
}

async function finish(client: StrataClient): Promise<void> {
  const { runs } = await client.runs.list({ dataType: 'things' })
  const [last] = runs
  const run = last === undefined ? await client.runs.start({ commandId: randomUUID(), dataType: 'things' }) : { dataType: 'things', runNumber: last.runNumber }
  if (last !== undefined && last.state !== 'succeeded') await client.runs.resume({ commandId: randomUUID(), run })
  for (;;) {
    const detail = await client.runs.get({ run })
    expect(detail.run.problem, detail.run.problem?.message).toBeNull()
    if (detail.run.state === 'succeeded') return
    for await (const _ of await client.runs.events({ afterSeq: detail.seq })) break
  }
}

interface Outcome {
  rows: Record<string, unknown[]>
  entities: Record<string, number>
  versions: number
  broken: string[]
  leftovers: string[]
}

/** Finishes what is unfinished, and says all that has to be the same as without a kill. */
async function outcomeOf(root: string, { datasets }: CrashPipeline): Promise<Outcome> {
  const facts = await withEngine(root, async (client) => {
    await finish(client)
    const rows: Outcome['rows'] = {}
    let versions = 0
    for (const dataset of datasets) {
      const { rowsJson } = await client.datasets.page({ dataset, limit: 5_000, sort: [{ column: 'id', direction: 'asc' }] })
      rows[dataset] = parseRows(rowsJson).map((row) => row.map(rounded))
      versions += (await client.datasets.get({ dataset })).versions.length
    }
    const { counts } = await client.runs.entities({ run: { dataType: 'things', runNumber: 1 } })
    return { rows, entities: counts, versions }
  })
  const ledger = await openLedger(path.join(root, '.strata/ledger.sqlite'), { readonly: true })
  const brokenLink = createAuditStore(ledger).firstBroken()
  const broken = [...ledger.integrity(), ...(brokenLink === null ? [] : [`audit ${brokenLink}`])]
  ledger.close()
  return { ...facts, broken, leftovers: await leftoversIn(root) }
}

/** Sums of doubles depend on the order of the rows, which two threads do not promise. */
function rounded(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(12)) : value
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: LANES }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

describe.runIf(process.platform !== 'win32')('a run that is killed', () => {
  const pipeline = crashPipeline({ entities: 1_100, chain: 2, isMoved: true, badRecords: 1 })
  let expected: Outcome
  let moments: string[]
  let template: string

  beforeAll(async () => {
    template = await makeWorkspace(pipeline)
    const root = await copyOf(template)
    const log = path.join(root, 'moments.txt')
    await strata(root, ['run', 'things'], { at: null, log })
    moments = (await readFile(log, 'utf8')).trim().split('\n')
    expected = await outcomeOf(root, pipeline)
  })

  async function copyOf(from: string): Promise<string> {
    const root = await mkdtemp(path.join(tmpdir(), 'strata-crash-'))
    folders.push(root)
    await cp(from, root, { recursive: true, preserveTimestamps: true })
    return root
  }

  it('is watched at every kind of moment', () => {
    const kinds = new Set(moments.map((line) => line.slice(line.indexOf(' ') + 1)))
    for (const kind of ['sync', 'datasync', 'rename', 'rm', 'journal write', 'commit', 'message in', 'message out']) expect([...kinds]).toContain(`before ${kind}`)
    expect(moments.filter((line) => line.startsWith('worker:')).length).toBeGreaterThan(10)
    expect(expected).toMatchObject({ entities: { succeeded: 2_199, quarantined: 1, failed: 0, pending: 0 }, broken: [], leftovers: [] })
  })

  it(
    'at any moment, and resumed, gives what an undisturbed run gives, every entity once',
    async () => {
      const every = Math.max(1, Math.ceil(moments.length / SAMPLE))
      const offset = Math.floor(Math.random() * every)
      const tried = ALL ? moments : moments.filter((_, index) => index % every === offset)
      await inLanes(tried, async (line) => {
        const at = line.slice(0, line.indexOf(' '))
        const root = await copyOf(template)
        await strata(root, ['run', 'things'], { at })
        expect(await outcomeOf(root, pipeline), `killed at ${line}`).toEqual(expected)
        await rm(root, { recursive: true })
      })
    },
    ALL ? 3_600_000 : 240_000,
  )

  it(
    'several times in a row, whatever its pipeline looks like, gives what an undisturbed run gives',
    async () => {
      const kills = fc.array(fc.record({ role: fc.constantFrom('engine', 'worker'), nth: fc.integer({ min: 1, max: 60 }) }), { minLength: 1, maxLength: 3 })
      const property = fc.asyncProperty(crashPipelineArbitrary, kills, async (random, deaths) => {
        const [undisturbed, killed] = [await makeWorkspace(random), await makeWorkspace(random)]
        for (const { role, nth } of deaths) {
          const { runs } = await withEngine(killed, (client) => client.runs.list({ dataType: 'things' }))
          if (runs[0]?.state === 'succeeded') break
          await strata(killed, runs.length === 0 ? ['run', 'things'] : ['resume', 'things#1'], { at: `${role}:${nth}` })
        }
        expect(await outcomeOf(killed, random)).toEqual(await outcomeOf(undisturbed, random))
      })
      await fc.assert(property, { numRuns: ALL ? 100 : 4, endOnFailure: true })
    },
    ALL ? 3_600_000 : 240_000,
  )
})
