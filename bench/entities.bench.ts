import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { DATA_DIR } from './bench-data.ts'
import { makeWorkspace, openBenchEngine } from './bench-engine.ts'
import { figure, type Measurement } from './measurement.ts'

/** Entities a second through a processor that does nearly nothing: what the durable book-keeping leaves. */

const BATCH = 500

const PROCESSOR = `import { defineProcessor } from 'strata'
import { z } from 'zod'

export default defineProcessor({
  result: z.object({ entity: z.string(), doubled: z.int() }),
  process(entityId, rows) {
    return { entity: entityId, doubled: Number(rows[0]?.['value'] ?? 0) * 2 }
  },
})
`

export async function measureEntities(count: number): Promise<Measurement[]> {
  const lines = Array.from({ length: count }, (_, index) => `E${String(index).padStart(7, '0')},${index}`)
  const dir = makeWorkspace({
    'strata.yaml': 'name: bench\nlabel: Bench\n',
    'inbox/entities.csv': `entity,value\n${lines.join('\n')}\n`,
    'pipelines/things/pipeline.yaml': 'entity: { key: entity }\nsources: { things: { files: inbox/entities.csv, format: csv } }\n',
    'pipelines/things/processed/doubled.ts': PROCESSOR,
    'pipelines/things/processed/doubled.yaml': 'key: [entity]\nentity: { input: things.raw.things, key: entity }\n',
  })
  await using engine = await openBenchEngine(dir)
  const detail = await engine.run('things')
  const step = detail.steps.find((one) => one.kind === 'entity')
  if (step?.rowsOut !== count) throw new Error(`The entity step made ${step?.rowsOut} rows of ${count} entities`)
  const perSecond = count / ((step.durationMs ?? 0) / 1_000)
  return [
    {
      name: `Entity steps a second, ${count.toLocaleString('en')} entities, durable`,
      value: perSecond,
      unit: 'entities/s',
      comparedWith: `a bare loop: the same call and zod schema, ${BATCH} rows a write and fdatasync, no ledger: ${figure(bareLoop(count))} entities/s`,
      aim: { atLeast: 5_000 },
      details: [`the step took ${figure((step.durationMs ?? 0) / 1_000)} s from start to sealed version, the whole run ${figure((detail.run.durationMs ?? 0) / 1_000)} s`],
    },
  ]
}

function bareLoop(count: number): number {
  mkdirSync(DATA_DIR, { recursive: true })
  const path = join(DATA_DIR, `run-${process.pid}-journal.ndjson`)
  const file = openSync(path, 'w')
  const result = z.object({ entity: z.string(), doubled: z.int() })
  const start = performance.now()
  for (let from = 0; from < count; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - from) }, (_, index) => {
      const row = { value: String(from + index) }
      return JSON.stringify(result.parse({ entity: `E${String(from + index).padStart(7, '0')}`, doubled: Number(row.value) * 2 }))
    })
    writeSync(file, `${batch.join('\n')}\n`)
    fdatasyncSync(file)
  }
  const seconds = (performance.now() - start) / 1_000
  closeSync(file)
  rmSync(path)
  return count / seconds
}
