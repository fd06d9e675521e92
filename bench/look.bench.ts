import { rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import type { CopyStatus } from '../shared/contract/copies.contract.ts'
import { ordersCsv } from './bench-data.ts'
import { type BenchEngine, makeWorkspace, openBenchEngine } from './bench-engine.ts'
import { depths, pageMs } from './grid-page.bench.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'
import { ordersWorkspace } from './pipeline.bench.ts'
import { measureScroll } from './scroll.bench.ts'

/**
 * What looking at data costs in the engine: pages of a table at any depth, plain, sorted, filtered, before and after it has a copy; its exact
 * count; a profile of all of its columns; one entity among many; and in the window, frames while it is scrolled and what the page holds.
 */

const TABLE = 'orders.preprocessed.orders'
const LARGE = 'orders.results.large'
const COPIES = 10
/** Rows from which a version has a copy. */
const COPIED_ROWS = 200_000

export async function measureLook(rowCount: number, entities: number): Promise<Measurement[]> {
  const csv = await ordersCsv(rowCount)
  const files = { ...ordersWorkspace(csv.path, 'copy'), [`pipelines/orders/results/large.sql`]: `SELECT o.* FROM preprocessed.orders o, range(${COPIES}) AS copies(copy)\n`, ...entityFiles(entities) }
  const dir = makeWorkspace(files)
  try {
    return [...(await measureInEngine(dir, rowCount, entities)), ...(await measureScroll({ workspace: dir, dataset: TABLE, rowCount }))]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function measureInEngine(dir: string, rowCount: number, entities: number): Promise<Measurement[]> {
  await using engine = await openBenchEngine(dir, { keep: true })
  await engine.run('orders')
  await engine.run('things')
  return [...(await measureTable(engine, rowCount)), ...(await measureSorted(engine, rowCount)), ...(await measureEntity(engine, entities))]
}

function entityFiles(entities: number): Record<string, string> {
  const lines = Array.from({ length: entities }, (_, at) => `E${String(at).padStart(7, '0')},${at % 977}`)
  return { 'inbox/things.csv': `thing,value\n${lines.join('\n')}\n`, 'pipelines/things/pipeline.yaml': 'entity: { key: thing }\nsources: { things: { files: inbox/things.csv, format: csv } }\n' }
}

type Ms = (name: string, figures: readonly [number, number], comparedWith: string) => Measurement

function msOf(rowCount: number): Ms {
  return (name, [value, atMost], comparedWith) => ({ name: `${name}, ${rowCount.toLocaleString('en')} rows x 11`, value, unit: 'ms', comparedWith, aim: { atMost } })
}

async function measureTable(engine: BenchEngine, rowCount: number): Promise<Measurement[]> {
  const { client } = engine
  const ms = msOf(rowCount)
  // The reader is there, as it is in a window that has shown anything.
  await client.datasets.page({ dataset: 'orders.curated.customers' })
  const first = await timed(() => client.datasets.page({ dataset: TABLE }))
  const large = await timed(() => client.datasets.page({ dataset: LARGE }))
  const plain = await pageMs(engine, depths(rowCount, 60), {})
  const count = await timed(() => client.datasets.count({ dataset: TABLE, filter: [{ column: 'quantity', op: 'gt', value: '5' }] }))
  const profile = await timed(() => client.datasets.profile({ dataset: TABLE }))
  return [
    ms('First page of a table nobody looked at', [first.ms, 100], `the first page of ${(rowCount * COPIES).toLocaleString('en')} rows: ${figure(large.ms)} ms`),
    ms('Page at any depth, unsorted, p95', [percentile(plain, 0.95), 30], spread(plain)),
    ms('Exact count with a filter on a number', [count.ms, 100], `${count.result.count.toLocaleString('en')} rows counted`),
    ms('Profile of all columns', [profile.ms, 4_000], `${profile.result.columns.length} columns`),
  ]
}

/** Orders other than that of the version: while there is only Parquet, then by the copy, each time another order, which nobody has made yet. */
async function measureSorted(engine: BenchEngine, rowCount: number): Promise<Measurement[]> {
  const ms = msOf(rowCount)
  const before = await measureOrders(engine, rowCount, { sorted: 'amount', country: 'JAPAN', pages: 8 })
  const copy = await timed(() => untilReady(() => engine.client.datasets.prepare({ dataset: TABLE })))
  const after = await measureOrders(engine, rowCount, { sorted: 'unit_price', country: 'BRAZIL', pages: 60 })
  const plain = await pageMs(engine, depths(rowCount - 100, 60).map((offset) => offset + 50), {})
  const told = (name: string, { first, pages }: OrderTimes, [firstAim, pageAim]: readonly [number, number]): Measurement[] => [
    ms(`${name}, first page`, [first, firstAim], 'a view that nobody had asked for'),
    ms(`${name}, pages at any depth, p95`, [percentile(pages, 0.95), pageAim], `${spread(pages)}; the slowest waits for the order`),
  ]
  return [
    ...told('Sorted by a number, from Parquet', before.sorted, [900, 60]),
    ...told('Filtered and sorted, from Parquet', before.filtered, [900, 60]),
    { name: `Copy of ${rowCount.toLocaleString('en')} rows, made in the background`, value: copy.ms / 1_000, unit: 's', comparedWith: rowCount < COPIED_ROWS ? 'so small a version has none' : 'the time from asking for it until it is there', aim: { atMost: 15 } },
    ...told('Sorted by a number, by the copy', after.sorted, [400, 30]),
    ...told('Filtered and sorted, by the copy', after.filtered, [400, 30]),
    ms('Page at any depth, unsorted, by the copy, p95', [percentile(plain, 0.95), 30], spread(plain)),
  ]
}

interface OrderTimes {
  first: number
  pages: number[]
}

async function measureOrders(engine: BenchEngine, rowCount: number, { sorted, country, pages }: { sorted: string; country: string; pages: number }): Promise<Record<'sorted' | 'filtered', OrderTimes>> {
  const times = async (query: Parameters<typeof pageMs>[2], rows: number): Promise<OrderTimes> => {
    const [first = Number.NaN] = await pageMs(engine, [0], query)
    return { first, pages: await pageMs(engine, depths(rows, pages + 1).slice(1), query) }
  }
  return {
    sorted: await times({ sort: [{ column: sorted, direction: 'desc' }] }, rowCount),
    filtered: await times({ filter: [{ column: 'country', op: 'eq', value: country }], sort: [{ column: 'quantity', direction: 'asc' }] }, rowCount / 10),
  }
}

async function untilReady(ask: () => Promise<CopyStatus>): Promise<void> {
  for (;;) {
    const { state, note } = await ask()
    if (state === 'ready' || state === 'small') return
    if (state !== 'waiting' && state !== 'copying') throw new Error(`There is no copy: ${state} ${note ?? ''}`)
    await setTimeout(100)
  }
}

function spread(times: readonly number[]): string {
  return `${times.length} pages, median ${figure(percentile(times, 0.5))} ms, slowest ${figure(percentile(times, 1))} ms`
}

async function measureEntity({ client }: BenchEngine, entities: number): Promise<Measurement[]> {
  const size = entities.toLocaleString('en')
  const idOf = (at: number): string => `E${String((at * 7_919) % entities).padStart(7, '0')}`
  const ask = (at: number) => client.entities.getDataForEntity({ entityId: idOf(at), dataTypes: ['things'] })
  const datasets = (await ask(0)).slices.length
  const look = async (from: number): Promise<number[]> => {
    const times: number[] = []
    for (let at = from; at < from + 60; at += 1) times.push((await ask(at)).tookMs)
    return times
  }
  const cold = (await look(1)).map((ms) => ms / datasets)
  const { ms: indexMs } = await timed(() => untilReady(() => client.entities.prepare({ dataTypes: ['things'] })))
  const indexed = (await look(1_000)).map((ms) => ms / datasets)
  const kept = await look(1_000)
  const told = (name: string, [times, atMost]: readonly [number[], number], comparedWith: string): Measurement => ({ name: `getDataForEntity among ${size}, ${name}, p95`, value: percentile(times, 0.95), unit: 'ms', comparedWith: `${comparedWith}, median ${percentile(times, 0.5).toFixed(3)} ms`, aim: { atMost } })
  return [
    told('a dataset, without an index', [cold, 30], `${cold.length} entities in ${datasets} dataset`),
    told('a dataset, by the index of keys', [indexed, 5], `other ${indexed.length} entities; the index and the rows were copied in ${figure(indexMs / 1_000)} s`),
    told('from the cache', [kept, 0.05], 'the same entities again'),
  ]
}
