import { mkdirSync, rmSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { openDuck } from '../electron/engine/query/duckdb.ts'
import { createReader } from '../electron/engine/query/reader.ts'
import type { DiffSpec, VersionSource } from '../electron/engine/workers/wire.ts'
import { benchFolder } from './bench-data.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'

/** Two versions of ten columns, one row in a hundred changed, a thousand added and a thousand removed, compared by key. */

const REPEATS = 3
const CHANGED_EVERY = 100
const MOVED = 1_000

const SELECT = (from: number, to: number, isChanged: boolean): string => `
  SELECT i AS id, 'name ' || (i * 7919 % 1000003) AS name, (i * 31 % 1000) / 10.0::DOUBLE AS amount,
    ${isChanged ? `CASE WHEN i % ${CHANGED_EVERY} = 0 THEN 'changed' ELSE ['red', 'green', 'blue'][i % 3 + 1] END` : `['red', 'green', 'blue'][i % 3 + 1]`} AS colour,
    DATE '2020-01-01' + (i % 1000)::INTEGER AS day, (i % 97)::INTEGER AS n1, (i % 1013)::BIGINT AS n2, (i * 3)::DECIMAL(18, 2) AS price, i % 2 = 0 AS flag, 'note ' || (i % 5000) AS note
  FROM range(${from}, ${to}) t(i)`

export async function measureDiff(rowCount: number, aimMs: number): Promise<Measurement[]> {
  const dir = benchFolder()
  mkdirSync(join(dir, 'spill'))
  try {
    const before = await makeVersion(join(dir, 'before.parquet'), SELECT(0, rowCount, false), rowCount)
    const after = await makeVersion(join(dir, 'after.parquet'), SELECT(MOVED, rowCount + MOVED, true), rowCount)
    const spec: DiffSpec = { before, after, key: ['id'], masked: [], isUnique: { before: true, after: true } }
    return [await measureOne(spec, { rowCount, aimMs, tempDir: join(dir, 'spill') })]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function makeVersion(path: string, select: string, rowCount: number): Promise<VersionSource> {
  using duck = await openDuck({ memoryMb: 2_048, threads: 2, tempDir: dirname(path) })
  await duck.run(`COPY (${select}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`)
  return { dataset: { dataType: 'bench', zone: 'curated', name: 'rows' }, layout: 'plain', columns: await duck.describe(select), parts: [{ path, rowCount, file: null }], rowCount, rejectsPath: null }
}

interface DiffAim {
  rowCount: number
  aimMs: number
  tempDir: string
}

async function measureOne(spec: DiffSpec, { rowCount, aimMs, tempDir }: DiffAim): Promise<Measurement> {
  const times: number[] = []
  const pages: number[] = []
  const context = { init: { memoryMb: 1_024, threads: Math.min(2, availableParallelism()), tempDir }, signal: new AbortController().signal, progress: () => undefined, ask: () => Promise.resolve(), log: () => undefined }
  for (let count = 0; count < REPEATS; count += 1) {
    // A reader of its own each time: nothing is remembered.
    const reader = createReader(() => Promise.resolve({ line: null }))
    const { result, ms } = await timed(() => reader.diff(spec, context))
    const unchanged = spec.after.rowCount - result.added - result.changed
    if (result.added !== MOVED || result.removed !== MOVED || unchanged <= 0 || result.changed < rowCount / CHANGED_EVERY - MOVED) throw new Error(`The diff is wrong: ${JSON.stringify(result)}`)
    times.push(ms)
    pages.push((await timed(() => reader.diffPage({ ...spec, kind: 'changed', offset: 0, limit: 200 }, context))).ms)
  }
  return {
    name: `Diff of two versions of ${rowCount.toLocaleString('en')} rows by key, with the columns that changed`,
    value: percentile(times, 0.5),
    unit: 'ms',
    comparedWith: `${figure((statSync(spec.before.parts[0]?.path ?? '').size + statSync(spec.after.parts[0]?.path ?? '').size) / 1e6)} MB of Parquet; ${times.map(figure).join(', ')} ms`,
    aim: { atMost: aimMs },
    details: [`then a page of 200 changed rows with old and new values: ${pages.map(figure).join(', ')} ms`],
  }
}
