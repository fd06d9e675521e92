import { rmSync } from 'node:fs'
import { openBenchEngine } from './bench-engine.ts'
import { generateHistory } from './generated-ledger.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'

/** What looking back costs when a workspace has years behind it: opening it, and pages of its history with every filter. */

const REPEATS = 15

type List = Parameters<Awaited<ReturnType<typeof openBenchEngine>>['client']['runs']['list']>[0]

const FILTERS: readonly [string, List][] = [
  ['newest', {}],
  ['row 50,000', { offset: 50_000 }],
  ['one data type', { dataType: 'type_3' }],
  ['failed', { states: ['failed'] }],
  ['two states, deep', { states: ['failed', 'succeeded'], offset: 20_000 }],
  ['type and state', { dataType: 'type_3', states: ['failed'] }],
  ['trigger', { triggers: ['cli'] }],
  ['ten days', { from: new Date(Date.now() - 40 * 86_400_000).toISOString(), to: new Date(Date.now() - 30 * 86_400_000).toISOString() }],
  ['a text in few runs', { text: 'type_3 #99' }],
  ['a text in nearly all', { text: 'datasets' }],
  ['two letters', { text: '99' }],
  ['all of them', { dataType: 'type_3', states: ['failed'], triggers: ['cli'], text: 'conversion', from: '2020-01-01T00:00:00.000Z' }],
]

export async function measureHistory(runs: number): Promise<Measurement[]> {
  const dir = await generateHistory(runs)
  try {
    return [await measureOpening(dir, runs), ...(await measurePages(dir, runs))]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function measureOpening(dir: string, runs: number): Promise<Measurement> {
  const times: number[] = []
  // The first opening reads the workspace's SQL for the first time; the engine remembers what it found.
  await (await openBenchEngine(dir, { keep: true }))[Symbol.asyncDispose]()
  for (let count = 0; count < 5; count += 1) {
    const { result: engine, ms } = await timed(async () => {
      const opened = await openBenchEngine(dir, { keep: true })
      await opened.client.workspace.overview()
      return opened
    })
    times.push(ms)
    await engine[Symbol.asyncDispose]()
  }
  return {
    name: `Opening a workspace with ${runs.toLocaleString('en')} runs, until its overview is there`,
    value: percentile(times, 0.5),
    unit: 'ms',
    comparedWith: `${times.length} openings, ${times.map(figure).join(', ')} ms`,
    aim: { atMost: 500 },
  }
}

async function measurePages(dir: string, runs: number): Promise<Measurement[]> {
  await using engine = await openBenchEngine(dir, { keep: true })
  const { client } = engine
  const lines: string[] = []
  let worst = 0
  for (const [name, filter] of FILTERS) {
    const times: number[] = []
    let total = 0
    for (let count = 0; count < REPEATS; count += 1) {
      const { result, ms } = await timed(() => client.runs.list({ limit: 100, ...filter }))
      times.push(ms)
      total = result.total
    }
    const p95 = percentile(times, 0.95)
    worst = Math.max(worst, p95)
    lines.push(`${name}: median ${figure(percentile(times, 0.5))} ms, p95 ${figure(p95)} ms, ${total.toLocaleString('en')} runs`)
  }
  return [
    {
      name: `History page of 100 among ${runs.toLocaleString('en')} runs and ${(runs * 50).toLocaleString('en')} entity rows, slowest filter, p95`,
      value: worst,
      unit: 'ms',
      comparedWith: `${FILTERS.length} filters, ${REPEATS} times each`,
      aim: { atMost: 100 },
      details: lines,
    },
    await measureCall('Calendar of a year', () => client.history.calendar({ from: new Date(Date.now() - 365 * 86_400_000).toISOString(), to: new Date().toISOString() })),
    await measureCall('Errors grouped over all entities and runs', () => client.history.errors({ limit: 50 })),
    await measureCall('Trends of a run of eight steps', () => client.history.trends({ run: { dataType: 'type_3', runNumber: 900 } })),
  ]
}

async function measureCall(name: string, call: () => Promise<unknown>): Promise<Measurement> {
  const times: number[] = []
  for (let count = 0; count < REPEATS; count += 1) times.push((await timed(call)).ms)
  return { name, value: percentile(times, 0.5), unit: 'ms', comparedWith: `p95 ${figure(percentile(times, 0.95))} ms of ${REPEATS}`, aim: null }
}
