import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { CANCEL_SCENARIOS, type CancelScenario } from '../electron/headless/acceptance/cancel-scenarios.ts'
import type { RunDetail, RunRef } from '../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../shared/domain/run-status.ts'
import { type BenchEngine, makeWorkspace, openBenchEngine } from './bench-engine.ts'
import { figure, type Measurement } from './measurement.ts'

/** How long a cancel takes in each state of a run and at each kind of work, until the run has ended. */

const TIMES = 3

interface Cancelled {
  name: string
  /** The slowest of several: until the call is answered, and until the run has ended. */
  answeredMs: number
  endedMs: number
  /** Run workers that still work at that moment. */
  busyWorkers: number
}

export async function measureCancel(): Promise<Measurement[]> {
  const cancelled: Cancelled[] = []
  for (const scenario of CANCEL_SCENARIOS) cancelled.push(await cancelIn(scenario))
  const slowest = cancelled.toSorted((a, b) => b.endedMs - a.endedMs)[0]
  const busyWorkers = cancelled.reduce((sum, one) => sum + one.busyWorkers, 0)
  return [
    {
      name: `Cancel in each of ${cancelled.length} states, the slowest until the run has ended`,
      value: slowest?.endedMs ?? Number.NaN,
      unit: 'ms',
      comparedWith: `the answer to the call alone: at most ${figure(Math.max(...cancelled.map(({ answeredMs }) => answeredMs)))} ms`,
      aim: { atMost: 250 },
      details: [...cancelled.map(({ name, endedMs }) => `${name}: ${figure(endedMs)} ms`), `run workers that still worked at the end of a run: ${busyWorkers === 0 ? 'none' : busyWorkers}`],
    },
  ]
}

async function cancelIn({ name, files, isThere, busyWith }: CancelScenario): Promise<Cancelled> {
  await using engine = await openBenchEngine(makeWorkspace(files))
  const { client } = engine
  const start = async (dataType: string): Promise<RunRef> => client.runs.start({ commandId: randomUUID(), dataType, trigger: 'cli' })
  const other = busyWith === undefined ? null : await start(busyWith)
  while (other !== null && (await busyRunWorkers(engine)) === 0) await setImmediate()
  const result: Cancelled = { name, answeredMs: 0, endedMs: 0, busyWorkers: 0 }
  for (let n = 0; n < TIMES; n++) {
    const run = await start('shop')
    await until(engine, run, isThere)
    const at = performance.now()
    await client.runs.cancel({ run })
    result.answeredMs = Math.max(result.answeredMs, performance.now() - at)
    await until(engine, run, (detail) => FINISHED_RUN_STATES.has(detail.run.state))
    result.endedMs = Math.max(result.endedMs, performance.now() - at)
    result.busyWorkers += (await busyRunWorkers(engine)) - (other === null ? 0 : 1)
  }
  if (other !== null) await client.runs.cancel({ run: other })
  return result
}

async function busyRunWorkers({ client }: BenchEngine): Promise<number> {
  return (await client.workspace.status()).workers.filter(({ kind, isBusy }) => kind === 'run' && isBusy).length
}

async function until({ client }: BenchEngine, run: RunRef, is: (detail: RunDetail) => boolean): Promise<void> {
  while (!is(await client.runs.get({ run }))) await setImmediate()
}
