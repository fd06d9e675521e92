import { execFileSync, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { linkSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunDetail } from '../shared/contract/runs.contract.ts'
import { FINISHED_RUN_STATES } from '../shared/domain/run-status.ts'
import { benchFolder, ORDER_COLUMNS, ordersCsv } from './bench-data.ts'
import { makeWorkspace, openBenchEngine } from './bench-engine.ts'
import { type FamilyUse, watchFamily } from './family-watch.ts'
import { figure, type Measurement, timed } from './measurement.ts'
import { MEMORY_MB, runBare, THREADS } from './pipeline.bench.ts'

/** From delivered files to the raw zone, format by format, and how soon each lets go when it is cancelled. */

interface Ingest {
  /** In the inbox, or elsewhere. */
  path: string
  keep: 'copy' | 'move'
  /** More lines of the source in pipeline.yaml. */
  declared: string[]
  memoryMb: number
}

const COLUMNS = JSON.stringify(ORDER_COLUMNS)
const SQL_COLUMNS = COLUMNS.replaceAll('"', "'")

export async function measureIngest(rowCount: number): Promise<Measurement[]> {
  const dir = benchFolder()
  try {
    return [...(await measureCsv(rowCount)), ...(await measureNdjson(dir, Math.min(rowCount, 3_000_000))), ...(await measureXml(dir)), ...(await measureManyFiles(dir))]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function measureCsv(rowCount: number): Promise<Measurement[]> {
  const { path, sizeBytes } = await ordersCsv(rowCount)
  const ingest = (keep: Ingest['keep']): Ingest => ({ path, keep, declared: ['format: csv', "delimiter: ','", `columns: ${COLUMNS}`], memoryMb: MEMORY_MB })
  const bare: number[] = []
  const runs: Record<Ingest['keep'], number[]> = { move: [], copy: [] }
  for (let round = 0; round < 2; round++) {
    bare.push(bareMs(`read_csv('${path}', header = true, delim = ',', quote = '"', escape = '"', columns = ${SQL_COLUMNS})`))
    for (const keep of ['move', 'copy'] as const) runs[keep].push(extractMs(await run(ingest(keep))))
  }
  const ratio = (keep: Ingest['keep'], atMost: number): Measurement => ({
    name: `CSV to raw, ${figure(sizeBytes / 1e6)} MB, ${rowCount.toLocaleString('en')} rows, file ${keep === 'move' ? 'moved' : 'copied'}`,
    value: Math.min(...runs[keep]) / Math.min(...bare),
    unit: 'x',
    comparedWith: `${bare.map(inSeconds).join(' and ')} s for DuckDB's own typed COPY of the same file`,
    aim: { atMost },
    details: [`the extract step: ${runs[keep].map(inSeconds).join(' and ')} s`],
  })
  return [ratio('move', 1.25), ratio('copy', 1.4), await cancelled('CSV', ingest('copy'))]
}

const REJECT_EVERY = 10_000

/** The same records as NDJSON, and beside it the same with a line in ten thousand that is none. */
async function measureNdjson(dir: string, rowCount: number): Promise<Measurement[]> {
  const { path: csv } = await ordersCsv(rowCount)
  const [clean, dirty] = [join(dir, 'clean.ndjson'), join(dir, 'dirty.ndjson')]
  const rows = `read_csv('${csv}', header = true, delim = ',', columns = ${SQL_COLUMNS})`
  runBare([
    `COPY (SELECT * FROM ${rows}) TO '${clean}' (FORMAT json)`,
    `COPY (SELECT CASE WHEN order_id % ${REJECT_EVERY} = 0 THEN '{"order_id": ' ELSE to_json(r)::VARCHAR END AS line FROM ${rows} r) TO '${dirty}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01')`,
  ])
  const bare: number[] = []
  const runs: number[] = []
  let rejects = 0
  const ingest: Ingest = { path: dirty, keep: 'copy', declared: ['format: ndjson', `columns: ${COLUMNS}`], memoryMb: MEMORY_MB }
  for (let round = 0; round < 2; round++) {
    bare.push(bareMs(`read_ndjson('${clean}', columns = ${SQL_COLUMNS})`))
    const detail = await run(ingest)
    runs.push(extractMs(detail))
    rejects = detail.run.quarantined
  }
  return [
    {
      name: `NDJSON with rejects to raw, ${figure(statSync(dirty).size / 1e6)} MB, ${rowCount.toLocaleString('en')} records, ${rejects.toLocaleString('en')} rejected`,
      value: Math.min(...runs) / Math.min(...bare),
      unit: 'x',
      comparedWith: `${bare.map(inSeconds).join(' and ')} s for DuckDB's strict typed COPY of the same file without bad lines`,
      aim: { atMost: 1.5 },
      details: [`the extract step: ${runs.map(inSeconds).join(' and ')} s`],
    },
    await cancelled('NDJSON', ingest),
  ]
}

const XML_BYTES = 200_000_000

async function measureXml(dir: string): Promise<Measurement[]> {
  const path = join(dir, 'products.zip')
  execFileSync(process.execPath, [fileURLToPath(new URL('make-xml.ts', import.meta.url)), path, String(XML_BYTES)])
  const ingest: Ingest = { path, keep: 'copy', declared: ['format: xml', 'record: products/product'], memoryMb: 256 }
  const detail = await run(ingest)
  const ms = extractMs(detail)
  const use = await useOfCli(workspaceOf(ingest))
  return [
    {
      name: `XML in a zip to raw, ${XML_BYTES / 1e6} MB unpacked`,
      value: XML_BYTES / 1e6 / (ms / 1_000),
      unit: 'MB/s',
      comparedWith: `${inSeconds(ms)} s for ${(detail.deliveries[0]?.records ?? 0).toLocaleString('en')} records`,
      aim: { atLeast: 25 },
    },
    { name: 'Peak memory of such a run by the CLI, all processes together', value: use?.peakMb ?? Number.NaN, unit: 'MB', comparedWith: 'a limit of 256 MB for DuckDB', aim: { atMost: 400 } },
    await cancelled('XML', ingest),
  ]
}

const SMALL_FILES = 10_000

async function measureManyFiles(dir: string): Promise<Measurement[]> {
  const folder = join(dir, 'packets')
  mkdirSync(folder)
  for (let id = 0; id < SMALL_FILES; id++) writeFileSync(join(folder, `packet-${String(id).padStart(5, '0')}.json`), JSON.stringify({ id, name: `packet ${id}`, list: [{ a: id % 7 }, { a: id % 11 }], note: null }))
  const ingest: Ingest = { path: folder, keep: 'copy', declared: ['format: json'], memoryMb: MEMORY_MB }
  const detail = await run(ingest)
  return [
    { name: `${SMALL_FILES.toLocaleString('en')} small JSON files to raw`, value: extractMs(detail) / 1_000, unit: 's', comparedWith: `${detail.run.quarantined} rejected, every file copied and hashed`, aim: { atMost: 5 } },
    await cancelled('small files', ingest),
  ]
}

function workspaceOf({ path, keep, declared, memoryMb }: Ingest): string {
  const files = keep === 'move' ? `inbox/${path.split('/').at(-1) ?? ''}` : path
  const dir = makeWorkspace({
    'strata.yaml': `name: bench\nlabel: Bench\nlimits: { memory: ${memoryMb}MB, threads: ${THREADS} }\n`,
    'pipelines/bench/pipeline.yaml': `sources:\n  data:\n    files: ${JSON.stringify(files)}\n    keep: ${keep}\n${declared.map((line) => `    ${line}\n`).join('')}`,
  })
  if (keep === 'move') {
    const moved = join(dir, files)
    mkdirSync(dirname(moved), { recursive: true })
    // A second name for the same file: taking it out of the inbox leaves the first in place.
    linkSync(path, moved)
  }
  return dir
}

async function run(ingest: Ingest): Promise<RunDetail> {
  await using engine = await openBenchEngine(workspaceOf(ingest))
  return await engine.run('bench')
}

const CLI = fileURLToPath(new URL('../dist/headless/cli.js', import.meta.url))

/** A run by the product as it is delivered: this process holds what measuring needs, and its sources. */
async function useOfCli(dir: string): Promise<FamilyUse | null> {
  const cli = spawn(process.execPath, [CLI, 'run', 'bench'], { cwd: dir, stdio: ['ignore', 'ignore', 'inherit'] })
  const watch = watchFamily(cli.pid)
  const [code] = await once(cli, 'exit')
  const use = watch.stop()
  rmSync(dir, { recursive: true, force: true })
  if (code !== 0) throw new Error(`strata run ended with ${String(code)}`)
  return use
}

function extractMs({ steps }: RunDetail): number {
  return steps.find(({ kind }) => kind === 'extract')?.durationMs ?? Number.NaN
}

function bareMs(relation: string): number {
  const dir = benchFolder()
  const [ms = Number.NaN] = runBare([`COPY (SELECT * FROM ${relation}) TO '${join(dir, 'raw.parquet')}' (FORMAT parquet, COMPRESSION zstd)`]).times
  rmSync(dir, { recursive: true, force: true })
  return ms
}

const CANCELS_AFTER_MS = [300, 900, 1_500]

/** The longest that a run goes on behind the call to cancel it, and that it leaves no version. */
async function cancelled(what: string, ingest: Ingest): Promise<Measurement> {
  const times: number[] = []
  let left = 0
  for (const afterMs of CANCELS_AFTER_MS) {
    await using engine = await openBenchEngine(workspaceOf(ingest))
    const { runNumber } = await engine.client.runs.start({ commandId: randomUUID(), dataType: 'bench' })
    const ref = { dataType: 'bench', runNumber }
    await until(async () => (await engine.client.runs.get({ run: ref })).steps.some(({ state }) => state === 'running' || state === 'succeeded'))
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    const { ms } = await timed(async () => {
      await engine.client.runs.cancel({ run: ref })
      await until(async () => FINISHED_RUN_STATES.has((await engine.client.runs.get({ run: ref })).run.state))
    })
    const { run: ended } = await engine.client.runs.get({ run: ref })
    if (ended.state === 'cancelled') times.push(ms)
    left += ended.state === 'cancelled' ? foldersLeft(join(engine.dir, 'zones/raw/bench/data')) : 0
  }
  return {
    name: `Cancel during ${what}`,
    value: Math.max(...times),
    unit: 'ms',
    comparedWith: `${times.length} runs cancelled after ${CANCELS_AFTER_MS.join(', ')} ms; ${left} folders left behind`,
    aim: { atMost: left === 0 ? 250 : 0 },
  }
}

function foldersLeft(dir: string): number {
  try {
    return readdirSync(dir).length
  } catch {
    return 0
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
}

function inSeconds(ms: number): string {
  return figure(ms / 1_000)
}
