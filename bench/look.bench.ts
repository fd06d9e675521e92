import { ordersCsv } from './bench-data.ts'
import { type BenchEngine, makeWorkspace, openBenchEngine } from './bench-engine.ts'
import { depths, pageMs } from './grid-page.bench.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'
import { ordersWorkspace } from './pipeline.bench.ts'

/**
 * What looking at data costs in the engine: pages of a table at any depth, plain, sorted, filtered; its exact count; a profile of all of
 * its columns; one entity among many. Frames while a table is scrolled are measured in the window (bench window).
 */

const TABLE = 'orders.preprocessed.orders'
const LARGE = 'orders.results.large'
const COPIES = 10
const NO_COPY = 'There is no native copy of a version yet: these are the aims for looking at the Parquet itself'

export async function measureLook(rowCount: number, entities: number): Promise<Measurement[]> {
  const csv = await ordersCsv(rowCount)
  const files = { ...ordersWorkspace(csv.path, 'copy'), [`pipelines/orders/results/large.sql`]: `SELECT o.* FROM preprocessed.orders o, range(${COPIES}) AS copies(copy)\n`, ...entityFiles(entities) }
  await using engine = await openBenchEngine(makeWorkspace(files))
  await engine.run('orders')
  await engine.run('things')
  return [...(await measureTable(engine, rowCount)), ...(await measureEntity(engine, entities))]
}

function entityFiles(entities: number): Record<string, string> {
  const lines = Array.from({ length: entities }, (_, at) => `E${String(at).padStart(7, '0')},${at % 977}`)
  return { 'inbox/things.csv': `thing,value\n${lines.join('\n')}\n`, 'pipelines/things/pipeline.yaml': 'entity: { key: thing }\nsources: { things: { files: inbox/things.csv, format: csv } }\n' }
}

async function measureTable(engine: BenchEngine, rowCount: number): Promise<Measurement[]> {
  const { client } = engine
  const size = rowCount.toLocaleString('en')
  // The reader is there, as it is in a window that has shown anything.
  await client.datasets.page({ dataset: 'orders.curated.customers' })
  const first = await timed(() => client.datasets.page({ dataset: TABLE }))
  const large = await timed(() => client.datasets.page({ dataset: LARGE }))
  const plain = await pageMs(engine, depths(rowCount, 60), {})
  const sorted = await pageMs(engine, depths(rowCount, 12), { sort: [{ column: 'amount', direction: 'desc' }] })
  const filtered = await pageMs(engine, depths(rowCount / 10, 12), { filter: [{ column: 'country', op: 'eq', value: 'JAPAN' }], sort: [{ column: 'quantity', direction: 'asc' }] })
  const count = await timed(() => client.datasets.count({ dataset: TABLE, filter: [{ column: 'quantity', op: 'gt', value: '5' }] }))
  const profile = await timed(() => client.datasets.profile({ dataset: TABLE }))
  const ms = (name: string, [value, atMost]: readonly [number, number], comparedWith: string): Measurement => ({ name: `${name}, ${size} rows x 11`, value, unit: 'ms', comparedWith, aim: { atMost } })
  return [
    ms('First page of a table nobody looked at', [first.ms, 100], `the first page of ${(rowCount * COPIES).toLocaleString('en')} rows: ${figure(large.ms)} ms`),
    ms('Page at any depth, unsorted, p95', [percentile(plain, 0.95), 30], `${plain.length} pages, median ${figure(percentile(plain, 0.5))} ms`),
    ms('Sorted by a number, first page', [sorted[0] ?? Number.NaN, 900], NO_COPY),
    ms('Pages of it, p95', [percentile(sorted.slice(1), 0.95), 60], NO_COPY),
    ms('Filtered and sorted, first page', [filtered[0] ?? Number.NaN, 900], NO_COPY),
    ms('Pages of it, p95', [percentile(filtered.slice(1), 0.95), 60], NO_COPY),
    ms('Exact count with a filter on a number', [count.ms, 100], `${count.result.count.toLocaleString('en')} rows counted`),
    ms('Profile of all columns', [profile.ms, 4_000], `${profile.result.columns.length} columns`),
  ]
}

async function measureEntity({ client }: BenchEngine, entities: number): Promise<Measurement[]> {
  const size = entities.toLocaleString('en')
  const idOf = (at: number): string => `E${String((at * 7_919) % entities).padStart(7, '0')}`
  const datasets = (await client.entities.getDataForEntity({ entityId: idOf(0), dataTypes: ['things'] })).slices.length
  const cold: number[] = []
  for (let at = 1; at <= 60; at += 1) cold.push((await client.entities.getDataForEntity({ entityId: idOf(at), dataTypes: ['things'] })).tookMs / datasets)
  const kept: number[] = []
  for (let at = 1; at <= 60; at += 1) kept.push((await client.entities.getDataForEntity({ entityId: idOf(at), dataTypes: ['things'] })).tookMs)
  return [
    { name: `getDataForEntity among ${size}, a dataset, p95`, value: percentile(cold, 0.95), unit: 'ms', comparedWith: `${cold.length} entities in ${datasets} dataset, median ${figure(percentile(cold, 0.5))} ms; there is no index of keys yet`, aim: { atMost: 30 } },
    { name: `getDataForEntity among ${size}, from the cache, p95`, value: percentile(kept, 0.95), unit: 'ms', comparedWith: `the same entities again, median ${kept.length === 0 ? '' : percentile(kept, 0.5).toFixed(3)} ms`, aim: { atMost: 0.05 } },
  ]
}
