import { execFileSync } from 'node:child_process'
import { linkSync, mkdirSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { RunDetail } from '../shared/contract/runs.contract.ts'
import { openBenchEngine, makeWorkspace } from './bench-engine.ts'
import { benchFolder, DATA_DIR, ORDER_COLUMNS, ordersCsv } from './bench-data.ts'
import { figure, type Measurement, timed } from './measurement.ts'
import { type FamilyUse, watchFamily } from './family-watch.ts'

/** From a big CSV to a curated table: the engine against the same COPY statements in DuckDB alone, version by version. */

export const MEMORY_MB = 2_048
export const THREADS = availableParallelism()

const PREPROCESSED = `
SELECT order_id, customer_id, product, upper(country) AS country, ordered_at, shipped_on, quantity, unit_price,
  CAST(quantity * unit_price AS DECIMAL(14, 2)) AS amount, discount > 0.2 AS is_discounted, remark`
const CURATED = `
SELECT customer_id, count(*) AS orders, CAST(sum(quantity) AS BIGINT) AS quantity, CAST(sum(amount) AS DECIMAL(18, 2)) AS amount,
  min(ordered_at) AS first_order, max(ordered_at) AS last_order, count(DISTINCT country) AS countries`

/** Files of a workspace that reads `files` and makes three versions of it. */
export function ordersWorkspace(files: string, keep: 'copy' | 'move'): Record<string, string> {
  return {
    'strata.yaml': `name: bench\nlabel: Bench\nlimits: { memory: ${MEMORY_MB}MB, threads: ${THREADS} }\n`,
    'pipelines/orders/pipeline.yaml': `sources:\n  orders:\n    files: ${JSON.stringify(files)}\n    format: csv\n    delimiter: ','\n    keep: ${keep}\n    columns: ${JSON.stringify(ORDER_COLUMNS)}\n`,
    'pipelines/orders/preprocessed/orders.sql': `${PREPROCESSED}\nFROM raw.orders\n`,
    'pipelines/orders/curated/customers.sql': `${CURATED}\nFROM preprocessed.orders\nGROUP BY customer_id\n`,
  }
}

export async function measurePipeline(rowCount: number): Promise<Measurement[]> {
  const csv = await ordersCsv(rowCount)
  // Turn about, the best of two each: what else runs on the machine only ever adds.
  const bare: BareRun[] = []
  const runs: Record<'move' | 'copy', EngineRun[]> = { move: [], copy: [] }
  for (let round = 0; round < 2; round++) {
    bare.push(bareRun(csv.path))
    runs.move.push(await engineMs(csv.path, 'move'))
    runs.copy.push(await engineMs(csv.path, 'copy'))
  }
  const bareTotal = Math.min(...bare.map(({ times }) => total(times)))
  const bareCpu = Math.min(...bare.map(({ cpuSeconds }) => cpuSeconds))
  const [moved, copied] = [fastest(runs.move), fastest(runs.copy)]
  const bareText = `${bare.map(({ times }) => times.map(seconds).join(' + ')).join(' s, again ')} s for the same three COPY statements in DuckDB alone, best ${seconds(bareTotal)} s`
  const ratio = (keep: 'move' | 'copy', run: EngineRun, atMost: number): Measurement => ({
    name: `Pipeline of ${rowCount.toLocaleString('en')} rows x 10 (${Math.round(csv.sizeBytes / 1e6)} MB CSV), file ${keep === 'move' ? 'moved' : 'copied'}`,
    value: run.ms / bareTotal,
    unit: 'x',
    comparedWith: bareText,
    aim: { atMost },
    details: [`engine: ${runs[keep].map((one) => seconds(one.ms)).join(' and ')} s; steps ${run.detail.steps.map((step) => `${step.zone} ${seconds(step.durationMs ?? 0)} s`).join(', ')}`, cpuText(runs[keep], bareCpu)],
  })
  const peaks = { move: peakOf(runs.move), copy: peakOf(runs.copy) }
  return [
    ratio('move', moved, 1.15),
    ratio('copy', copied, 1.3),
    {
      name: 'Peak memory of that run, all processes together',
      value: Math.max(peaks.move, peaks.copy),
      unit: 'MB',
      comparedWith: `the limit of ${MEMORY_MB} MB plus 500 MB; moved ${figure(peaks.move)} MB, copied ${figure(peaks.copy)} MB`,
      aim: { atMost: MEMORY_MB * 1.048576 + 500 },
    },
  ]
}

interface EngineRun {
  ms: number
  use: FamilyUse | null
  detail: RunDetail
}

async function engineMs(csvPath: string, keep: 'copy' | 'move'): Promise<EngineRun> {
  const dir = makeWorkspace(ordersWorkspace(keep === 'move' ? 'inbox/orders.csv' : csvPath, keep))
  if (keep === 'move') {
    mkdirSync(join(dir, 'inbox'), { recursive: true })
    // A second name for the same file: taking it out of the inbox leaves the first in place.
    linkSync(csvPath, join(dir, 'inbox', 'orders.csv'))
  }
  await using engine = await openBenchEngine(dir)
  const watch = watchFamily()
  const { result, ms } = await timed(() => engine.run('orders'))
  return { ms, use: watch.stop(), detail: result }
}

const bareRunSchema = z.object({ times: z.array(z.number()), cpuSeconds: z.number() })
type BareRun = z.infer<typeof bareRunSchema>

/** Milliseconds of raw, preprocessed and curated, written one after the other as the engine writes them. */
function bareRun(csvPath: string): BareRun {
  const dir = benchFolder()
  const part = (zone: string): string => join(dir, `${zone}.parquet`)
  const columns = JSON.stringify(ORDER_COLUMNS).replaceAll('"', "'")
  const options = 'FORMAT parquet, COMPRESSION zstd'
  const statements = [
    `COPY (SELECT * FROM read_csv('${csvPath}', header = true, delim = ',', quote = '"', escape = '"', columns = ${columns})) TO '${part('raw')}' (${options})`,
    `COPY (${PREPROCESSED} FROM read_parquet('${part('raw')}')) TO '${part('preprocessed')}' (${options})`,
    `COPY (${CURATED} FROM read_parquet('${part('preprocessed')}') GROUP BY customer_id) TO '${part('curated')}' (${options})`,
  ]
  const run = runBare(statements)
  rmSync(dir, { recursive: true, force: true })
  return run
}

/** Runs statements in a process with DuckDB alone, under the engine's limits. */
export function runBare(statements: readonly string[]): BareRun {
  const program = fileURLToPath(new URL('bare-duckdb.ts', import.meta.url))
  const request = { memoryMb: MEMORY_MB, threads: THREADS, tempDir: join(DATA_DIR, `run-${process.pid}-spill`), statements }
  const output = execFileSync(process.execPath, [program, JSON.stringify(request)], { encoding: 'utf8', maxBuffer: 64_000_000 })
  return bareRunSchema.parse(JSON.parse(output))
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function peakOf(runs: readonly EngineRun[]): number {
  return Math.max(...runs.map(({ use }) => use?.peakMb ?? 0))
}

/** The figure to trust where the machine is not quiet. */
function cpuText(runs: readonly EngineRun[], bareCpu: number): string {
  const cpu = Math.min(...runs.map(({ use }) => use?.cpuSeconds ?? Number.NaN))
  return `processor time ${figure(cpu)} s against ${figure(bareCpu)} s: ${figure(cpu / bareCpu)} times`
}

function fastest(runs: readonly EngineRun[]): EngineRun {
  const [best] = runs.toSorted((a, b) => a.ms - b.ms)
  if (best === undefined) throw new Error('Nothing was run')
  return best
}

function seconds(ms: number): string {
  return figure(ms / 1_000)
}

