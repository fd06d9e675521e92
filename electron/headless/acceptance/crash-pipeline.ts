import fc from 'fast-check'

/** A small workspace with the data type `things` for the crash suite. */
export interface CrashPipeline {
  /** Path in the workspace to text. */
  files: Record<string, string>
  /** All that it publishes, each with the column `id`. */
  datasets: string[]
}

interface Shape {
  entities: number
  /** SQL steps, one after the other. */
  chain: number
  /** The delivered file is taken out of the inbox. */
  isMoved: boolean
  /** Records at the end of the file that go to quarantine. */
  badRecords: number
}

const PROCESSOR = `import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({
  result: z.object({ total: z.int(), mean: z.number() }),
  process(entityId, rows) {
    const total = rows.reduce((sum, row) => sum + Number(row.score), 0)
    return { total, mean: total / rows.length }
  },
})
`

/** Goes by chunks of entities, because one of them cannot be had. */
const GRADES = `SELECT id, max(score) AS best FROM raw.log WHERE CASE WHEN id = 'E3' THEN error('E3 has no grades')::BOOLEAN ELSE true END GROUP BY id
`

/**
 * A file of two rows an entity, a processor and an SQL step that account for each entity, and a chain of SQL steps that filter,
 * group and join.
 */
export function crashPipeline({ entities, chain, isMoved, badRecords }: Shape): CrashPipeline {
  const rows = Array.from({ length: entities }, (_, i) => `E${i},${(i * 7) % 101}\nE${i},${(i * 13) % 89}`)
  const bad = Array.from({ length: badRecords }, (_, i) => `E${i},many`)
  const files: Record<string, string> = {
    'strata.yaml': 'name: crash\nlimits: { memory: 256MB, threads: 2 }\n',
    'inbox/things.csv': `id,score\n${[...rows, ...bad].join('\n')}\n`,
    'pipelines/things/pipeline.yaml': `entity: { key: id }\nsources:\n  log: { files: inbox/things.csv, format: csv, keep: ${isMoved ? 'move' : 'copy'}, columns: { score: INTEGER } }\n`,
    'pipelines/things/processed/totals.ts': PROCESSOR,
    'pipelines/things/processed/totals.yaml': 'key: [id]\nentity: { input: raw.log, concurrency: 8 }\nrows: { min: 1 }\n',
  }
  files['pipelines/things/processed/grades.sql'] = GRADES
  files['pipelines/things/processed/grades.yaml'] = 'key: [id]\ngrain: entity\nentity: { max_failed: 1 }\n'
  const datasets = ['things.raw.log', 'things.processed.totals', 'things.processed.grades']
  let before = 'processed.totals'
  for (let n = 0; n < chain; n++) {
    const select = n % 2 === 0 ? `SELECT id, total + ${n} AS total, mean FROM ${before} WHERE total % 5 <> ${n}` : `SELECT t.id, sum(r.score)::BIGINT AS total, avg(t.mean) AS mean FROM ${before} t JOIN raw.log r USING (id) GROUP BY t.id`
    files[`pipelines/things/curated/step_${n}.sql`] = `${select}\n`
    files[`pipelines/things/curated/step_${n}.yaml`] = 'key: [id]\n'
    before = `curated.step_${n}`
    datasets.push(`things.${before}`)
  }
  return { files, datasets }
}

export const crashPipelineArbitrary = fc
  .record({ entities: fc.integer({ min: 1, max: 700 }), chain: fc.integer({ min: 0, max: 3 }), isMoved: fc.boolean(), badRecords: fc.integer({ min: 0, max: 2 }) })
  .map(crashPipeline)
