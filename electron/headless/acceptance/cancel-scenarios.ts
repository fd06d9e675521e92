import type { RunDetail } from '../../../shared/contract/runs.contract.ts'

/** A workspace whose data type `shop` comes into a state and stays there, until somebody cancels it. */
export interface CancelScenario {
  /** What it does when it is cancelled. */
  name: string
  /** Path in the workspace to text. */
  files: Readonly<Record<string, string>>
  isThere(detail: RunDetail): boolean
  /** Another data type that is started before it and goes on meanwhile. */
  busyWith?: string
}

/** Minutes of work for two cores, in a statement that DuckDB can stop. */
export const LONG_SQL = 'SELECT a.range AS x, count(*) AS n FROM range(40000) a, range(400000) b WHERE hash(a.range * b.range) % 7 = 0 GROUP BY ALL\n'

const BASE = {
  'strata.yaml': 'name: shop\nlimits: { memory: 512MB, threads: 2, runs: 1 }\nretry: { busy: { attempts: 9, base_delay: 10m, max_delay: 10m } }\n',
  'inbox/orders.csv': 'id,amount\n1,10\n2,20\n3,30\n',
  'pipelines/shop/pipeline.yaml': 'entity: { key: id }\nsources:\n  orders: { files: inbox/orders.csv, format: csv }\n',
}

const processor = (body: string): Record<string, string> => ({
  'pipelines/shop/processed/slow.yaml': 'entity: { input: raw.orders, timeout: 1h }\n',
  'pipelines/shop/processed/slow.ts': `import { defineProcessor } from 'strata'
import { z } from 'zod'
export default defineProcessor({ result: z.object({ n: z.int() }), async process() { ${body} } })
`,
})

const isRunning = (name: string) => ({ steps }: RunDetail): boolean => steps.some((step) => step.name === name && step.state === 'running')

/** Its entities are known, so the processor is called now or in the next moment. */
const isProcessing = ({ steps }: RunDetail): boolean => steps.some((step) => step.name === 'slow' && step.state === 'running' && step.entities !== null)

/** Several seconds of reading each. */
const CSV = `id,amount\n${Array.from({ length: 1_500_000 }, (_, i) => `${i},${(i * 7919) % 104_729}`).join('\n')}\n`
const XML = `<list>${Array.from({ length: 300_000 }, (_, i) => `<o><id>${i}</id><amount>${(i * 7919) % 104_729}</amount></o>`).join('')}</list>`

/** Every state in which a run can be cancelled, and every kind of work that it can be at. */
export const CANCEL_SCENARIOS: readonly CancelScenario[] = [
  { name: 'queued', files: { ...BASE, 'pipelines/other/pipeline.yaml': '{}\n', 'pipelines/other/curated/long.sql': LONG_SQL }, busyWith: 'other', isThere: ({ run }) => run.state === 'queued' },
  { name: 'planning', files: BASE, isThere: ({ run }) => run.state === 'planning' },
  { name: 'running, extract of a CSV file', files: { ...BASE, 'inbox/orders.csv': CSV }, isThere: isRunning('orders') },
  {
    name: 'running, extract of an XML file',
    files: { ...BASE, 'inbox/orders.xml': XML, 'pipelines/shop/pipeline.yaml': 'sources:\n  orders: { files: inbox/orders.xml, record: list/o }\n' },
    isThere: isRunning('orders'),
  },
  { name: 'running, SQL', files: { ...BASE, 'pipelines/shop/curated/slow.sql': LONG_SQL }, isThere: isRunning('slow') },
  {
    name: 'running, SQL by entity',
    files: {
      ...BASE,
      'pipelines/shop/curated/slow.yaml': 'key: [id]\ngrain: entity\nentity: { unsafe: true }\n',
      'pipelines/shop/curated/slow.sql': 'SELECT id, sum(hash(a.range * b.range) % 7) AS n FROM raw.orders, range(40000) a, range(400000) b GROUP BY id\n',
    },
    isThere: isProcessing,
  },
  { name: 'running, processor that waits', files: { ...BASE, ...processor('await new Promise((resolve) => setTimeout(resolve, 3_600_000)); return { n: 1 }') }, isThere: isProcessing },
  { name: 'running, processor that never lets go', files: { ...BASE, ...processor('for (let n = 0; ; n++) if (n < 0) return { n }') }, isThere: isProcessing },
  {
    name: 'running, check',
    files: { ...BASE, 'pipelines/shop/curated/slow.sql': 'SELECT id FROM raw.orders\n', 'pipelines/shop/curated/slow.yaml': `checks:\n  - { name: slow, sql: "${LONG_SQL.trim()}" }\n` },
    isThere: ({ steps }) => steps.some((step) => step.name === 'slow' && step.state === 'running' && step.version !== null),
  },
  {
    name: 'retrying',
    files: { ...BASE, 'pipelines/shop/curated/slow.sql': "SELECT error('database is locked') AS never FROM raw.orders\n" },
    isThere: ({ steps }) => steps.some((step) => step.state === 'retrying'),
  },
  {
    name: 'waiting at a gate',
    files: { ...BASE, 'pipelines/shop/pipeline.yaml': `${BASE['pipelines/shop/pipeline.yaml']}gates:\n  release: { shows: raw.orders }\n` },
    isThere: ({ run }) => run.state === 'waiting',
  },
]
