import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StrataClient } from '../client.ts'
import { parseRows } from '../rows-json.ts'
import { brokenIn, copyOf, inLanes, momentsOf, placeOf, removeCrashFolders, someOf, strata, TRIES_ALL, withEngine, writeWorkspace } from './crash-command.ts'
import { crashPipeline, type CrashPipeline, crashPipelineArbitrary } from './crash-pipeline.ts'
import { leftoversIn } from './folder-state.ts'

/**
 * Kills the real command line, or its run worker, at the moments of crash-points.ts, resumes, and compares with an undisturbed run.
 * A part of the moments is tried each time, another part every time; `STRATA_CRASH=all` tries every one.
 */
const SAMPLE = 10

afterAll(removeCrashFolders)

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
  return { ...facts, broken: await brokenIn(root), leftovers: await leftoversIn(root) }
}

/** Sums of doubles depend on the order of the rows, which two threads do not promise. */
function rounded(value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(12)) : value
}

describe.runIf(process.platform !== 'win32')('a run that is killed', () => {
  const pipeline = crashPipeline({ entities: 1_100, chain: 2, isMoved: true, badRecords: 1 })
  let expected: Outcome
  let moments: string[]
  let template: string

  beforeAll(async () => {
    template = await writeWorkspace(pipeline.files)
    const root = await copyOf(template)
    moments = await momentsOf(root, ['run', 'things'])
    expected = await outcomeOf(root, pipeline)
  })

  it('is watched at every kind of moment', () => {
    const kinds = new Set(moments.map((line) => line.slice(line.indexOf(' ') + 1)))
    for (const kind of ['sync', 'datasync', 'rename', 'rm', 'journal write', 'commit', 'message in', 'message out']) expect([...kinds]).toContain(`before ${kind}`)
    expect(moments.filter((line) => line.startsWith('worker:')).length).toBeGreaterThan(10)
    expect(expected).toMatchObject({ entities: { succeeded: 2_199, quarantined: 1, failed: 0, pending: 0 }, broken: [], leftovers: [] })
  })

  it(
    'at any moment, and resumed, gives what an undisturbed run gives, every entity once',
    async () => {
      await inLanes(someOf(moments, SAMPLE), async (line) => {
        const root = await copyOf(template)
        await strata(root, ['run', 'things'], { at: placeOf(line) })
        expect(await outcomeOf(root, pipeline), `killed at ${line}`).toEqual(expected)
        await rm(root, { recursive: true })
      })
    },
    TRIES_ALL ? 3_600_000 : 240_000,
  )

  it(
    'several times in a row, whatever its pipeline looks like, gives what an undisturbed run gives',
    async () => {
      const kills = fc.array(fc.record({ role: fc.constantFrom('engine', 'worker'), nth: fc.integer({ min: 1, max: 60 }) }), { minLength: 1, maxLength: 3 })
      const property = fc.asyncProperty(crashPipelineArbitrary, kills, async (random, deaths) => {
        const [undisturbed, killed] = [await writeWorkspace(random.files), await writeWorkspace(random.files)]
        for (const { role, nth } of deaths) {
          const { runs } = await withEngine(killed, (client) => client.runs.list({ dataType: 'things' }))
          if (runs[0]?.state === 'succeeded') break
          await strata(killed, runs.length === 0 ? ['run', 'things'] : ['resume', 'things#1'], { at: `${role}:${nth}` })
        }
        expect(await outcomeOf(killed, random)).toEqual(await outcomeOf(undisturbed, random))
      })
      await fc.assert(property, { numRuns: TRIES_ALL ? 100 : 4, endOnFailure: true })
    },
    TRIES_ALL ? 3_600_000 : 240_000,
  )
})
