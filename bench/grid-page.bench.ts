import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ordersCsv } from './bench-data.ts'
import { makeWorkspace, openBenchEngine, type BenchEngine } from './bench-engine.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'
import { ordersWorkspace, runBare } from './pipeline.bench.ts'

/** 200 rows of a table at any depth, as the grid asks for them while someone drags the scroll bar. */

const PAGE = 200
const DATASET = 'orders.preprocessed.orders'

export async function measureGridPages(rowCount: number): Promise<Measurement[]> {
  const csv = await ordersCsv(rowCount)
  await using engine = await openBenchEngine(makeWorkspace(ordersWorkspace(csv.path, 'copy')))
  await engine.run('orders')
  const offsets = depths(rowCount, 150)
  const unsorted = await pageMs(engine, offsets, {})
  const parts = partsOf(engine.dir)
  const { times: bare } = runBare(offsets.map((offset) => `SELECT * FROM read_parquet([${parts.map((path) => `'${path}'`).join(', ')}]) LIMIT ${PAGE} OFFSET ${offset}`))
  const filtered = await pageMs(engine, depths(rowCount / 10, 20), { filter: [{ column: 'country', op: 'eq', value: 'JAPAN' }] })
  const sorted = await pageMs(engine, depths(rowCount, 5), { sort: [{ column: 'amount', direction: 'desc' }] })
  return [
    {
      name: `Grid page of ${PAGE} rows at any depth of ${rowCount.toLocaleString('en')}, p95`,
      value: percentile(unsorted, 0.95),
      unit: 'ms',
      comparedWith: `LIMIT ${PAGE} OFFSET n over the same Parquet in DuckDB alone: p50 ${figure(percentile(bare, 0.5))} ms, p95 ${figure(percentile(bare, 0.95))} ms`,
      aim: { atMost: 60 },
      details: [
        `p50 ${figure(percentile(unsorted, 0.5))} ms over ${unsorted.length} pages, none from the cache; the first ${figure(unsorted[0] ?? 0)} ms`,
        `with a filter p50 ${figure(percentile(filtered, 0.5))} ms, p95 ${figure(percentile(filtered, 0.95))} ms`,
        `with a sort on the Parquet p50 ${figure(percentile(sorted, 0.5))} ms, p95 ${figure(percentile(sorted, 0.95))} ms`,
      ],
    },
  ]
}

/** Offsets all over the table, the very end included, never the same page twice. */
export function depths(rowCount: number, count: number): number[] {
  const last = Math.floor(rowCount) - PAGE
  return Array.from({ length: count }, (_, index) => Math.floor((last * ((index * 0.618_034) % 1)) / PAGE) * PAGE).with(-1, last)
}

type Query = Pick<Parameters<BenchEngine['client']['datasets']['page']>[0], 'sort' | 'filter'>

export async function pageMs({ client }: BenchEngine, offsets: readonly number[], query: Query): Promise<number[]> {
  const times: number[] = []
  for (const offset of offsets) {
    const { result, ms } = await timed(() => client.datasets.page({ dataset: DATASET, offset, limit: PAGE, ...query }))
    if (!result.fromCache) times.push(ms)
  }
  return times
}

function partsOf(workspaceDir: string): string[] {
  const folder = join(workspaceDir, 'zones', 'preprocessed', 'orders', 'orders')
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.parquet')).map((name) => join(folder, name)).toSorted()
}
