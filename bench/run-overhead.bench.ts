import { join } from 'node:path'
import { createEntitiesStore } from '../electron/engine/ledger/entities.store.ts'
import { openLedger } from '../electron/engine/ledger/ledger.ts'
import { makeWorkspace, openBenchEngine } from './bench-engine.ts'
import { benchFolder } from './bench-data.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'
import { runBare } from './pipeline.bench.ts'

/** What the run manager adds to the work itself: for each step, for each entity, for nothing to do, for a plan. */

const STEPS = 100

export async function measureRunOverhead(entityCount: number): Promise<Measurement[]> {
  return [...(await measureSteps()), ...(await measureEntityBooks(entityCount))]
}

async function measureSteps(): Promise<Measurement[]> {
  const files: Record<string, string> = { 'strata.yaml': 'name: bench\nlabel: Bench\n', 'pipelines/chain/pipeline.yaml': '{}\n' }
  for (let n = 0; n < STEPS; n++) files[`pipelines/chain/curated/s${n}.sql`] = n === 0 ? 'SELECT range AS id FROM range(100)\n' : `SELECT id + 1 AS id FROM curated.s${n - 1}\n`
  files['pipelines/warm/pipeline.yaml'] = '{}\n'
  files['pipelines/warm/curated/one.sql'] = 'SELECT 1 AS one\n'
  await using engine = await openBenchEngine(makeWorkspace(files))
  const start = await timed(() => engine.run('warm'))
  const first = await timed(() => engine.run('chain'))
  const again = await timed(() => engine.run('chain'))
  const reused = again.result.steps.filter(({ state }) => state === 'reused').length
  const bare = bareChain()
  return [
    {
      name: `Engine overhead a step, ${STEPS} steps of 100 rows`,
      value: (first.ms - bare) / STEPS,
      unit: 'ms',
      comparedWith: `the same COPY statements in one DuckDB instance: ${figure(bare / STEPS)} ms a step; the engine ${figure(first.ms / STEPS)} ms`,
      aim: { atMost: 10 },
      details: [`before it one step of another data type, which also starts the worker: ${figure(start.ms)} ms`],
    },
    {
      name: `Run of ${STEPS} steps with nothing changed`,
      value: again.ms,
      unit: 'ms',
      comparedWith: `the first run: ${figure(first.ms)} ms`,
      aim: { atMost: 1_000 },
      details: [`${reused} of ${STEPS} steps reused`],
    },
  ]
}

function bareChain(): number {
  const dir = benchFolder()
  const part = (n: number): string => join(dir, `s${n}.parquet`)
  const statements = Array.from({ length: STEPS }, (_, n) => `COPY (${n === 0 ? 'SELECT range AS id FROM range(100)' : `SELECT id + 1 AS id FROM read_parquet('${part(n - 1)}')`}) TO '${part(n)}' (FORMAT parquet, COMPRESSION zstd)`)
  return runBare(statements).times.reduce((sum, ms) => sum + ms, 0)
}

const PROCESSOR = `import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({ result: z.object({ n: z.int() }), process: (entityId, rows) => ({ n: rows.length }) })
`

async function measureEntityBooks(count: number): Promise<Measurement[]> {
  const dir = makeWorkspace({
    'strata.yaml': 'name: bench\nlabel: Bench\n',
    'inbox/things.csv': `id\n${Array.from({ length: count }, (_, index) => `E${index}`).join('\n')}\n`,
    'pipelines/things/pipeline.yaml': 'entity: { key: id }\nsources: { things: { files: inbox/things.csv, format: csv } }\n',
    'pipelines/things/processed/counted.ts': PROCESSOR,
    'pipelines/things/processed/counted.yaml': 'key: [id]\nentity: { input: raw.things }\n',
  })
  const engine = await openBenchEngine(dir, { keep: true })
  const detail = await engine.run('things')
  const step = detail.steps.find(({ kind }) => kind === 'entity')
  const plans: number[] = []
  for (let n = 0; n < 5; n++) plans.push((await timed(() => engine.client.runs.plan({ dataType: 'things', force: true }))).ms)
  await engine[Symbol.asyncDispose]()
  return [
    {
      name: `Engine overhead an entity, ${count.toLocaleString('en')} entities`,
      value: (step?.durationMs ?? Number.NaN) / count,
      unit: 'ms',
      comparedWith: 'a processor that only counts rows: nothing to speak of',
      aim: { atMost: 0.2 },
    },
    { name: `Plan of ${count.toLocaleString('en')} entities`, value: percentile(plans, 0.5), unit: 'ms', comparedWith: `slowest of 5: ${figure(Math.max(...plans))} ms`, aim: { atMost: 500 } },
    await measureIsProcessed(dir, count),
  ]
}

async function measureIsProcessed(dir: string, count: number): Promise<Measurement> {
  const ledger = await openLedger(join(dir, '.strata/ledger.sqlite'))
  const entities = createEntitiesStore(ledger)
  const start = performance.now()
  let processed = 0
  for (let index = 0; index < count; index++) processed += Number(entities.isEntityProcessed(`E${index}`, 'things', 1))
  const perSecond = count / ((performance.now() - start) / 1_000)
  ledger.close()
  if (processed !== count) throw new Error(`${processed} of ${count} entities are processed`)
  return { name: `isEntityProcessed over ${count.toLocaleString('en')} entities`, value: perSecond, unit: 'entities/s', comparedWith: 'one call an entity, from the ledger, nothing cached', aim: { atLeast: 200_000 } }
}
