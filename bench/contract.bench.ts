import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runChecks } from '../electron/engine/contracts/run-checks.ts'
import { openDuck } from '../electron/engine/query/duckdb.ts'
import { versionRelation } from '../electron/engine/query/version-relation.ts'
import type { VersionSource } from '../electron/engine/workers/wire.ts'
import type { CheckSpec } from '../electron/engine/workspace/model.ts'
import { benchFolder } from './bench-data.ts'
import { figure, type Measurement, percentile, timed } from './measurement.ts'

/** Forty rules of columns over ten columns, beside one scan that has to read every value of the same columns. */

const REPEATS = 5
const LIMITS = { memoryMb: 2_048, threads: 2 }
const COLUMNS = 10
const SELECT = (rowCount: number): string => `
  SELECT i AS id, 'N' || lpad(i::VARCHAR, 8, '0') AS code, ['red', 'green', 'blue'][i % 3 + 1] AS colour, (i * 31 % 1000) / 10.0::DOUBLE AS amount,
    DATE '2020-01-01' + (i % 1000)::INTEGER AS day, (i % 97)::INTEGER AS n1, (i % 1013)::BIGINT AS n2, (i * 3)::DECIMAL(18, 2) AS price, i % 2 = 0 AS flag, 'note ' || (i % 5000) AS note
  FROM range(${rowCount}) t(i)`

export async function measureContract(rowCount: number): Promise<Measurement[]> {
  const dir = benchFolder()
  const init = { ...LIMITS, tempDir: join(dir, 'spill') }
  mkdirSync(init.tempDir)
  try {
    const path = join(dir, 'rows.parquet')
    using duck = await openDuck(init)
    await duck.run(`COPY (${SELECT(rowCount)}) TO '${path}' (FORMAT parquet, COMPRESSION zstd)`)
    const target: VersionSource = { dataset: { dataType: 'bench', zone: 'curated', name: 'rows' }, layout: 'plain', columns: await duck.describe(SELECT(1)), parts: [{ path, rowCount, file: null }], rowCount, rejectsPath: null }
    const context = { init, signal: new AbortController().signal, progress: () => undefined, ask: () => Promise.resolve(), log: () => undefined }
    const facts = { now: Date.UTC(2026, 0, 1), before: null, deliveredAt: null, history: [] }
    const scan = `SELECT bit_xor(hash(COLUMNS(*))) FROM (${versionRelation(target)})`
    const [scans, checks]: [number[], number[]] = [[], []]
    for (let i = 0; i < REPEATS; i += 1) {
      scans.push((await timed(() => duck.rows(scan))).ms)
      checks.push((await timed(() => runChecks({ target, dataType: 'bench', reads: [], checks: rules(), facts, keep: null }, context))).ms)
    }
    const [scanMs, checksMs] = [percentile(scans, 0.5), percentile(checks, 0.5)]
    return [{
      name: `Contract: ${rules().length} rules of ${COLUMNS} columns over ${figure(rowCount / 1e6)} million rows`,
      value: checksMs / scanMs,
      unit: 'x',
      comparedWith: `one scan that reads every value of the columns: ${figure(scanMs)} ms`,
      aim: { atMost: 2 },
      details: [`rules: ${figure(checksMs)} ms (${checks.map(figure).join(', ')})`, `scans: ${scans.map(figure).join(', ')} ms`],
    }]
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Four a column. */
function rules(): CheckSpec[] {
  const names = ['id', 'code', 'colour', 'amount', 'day', 'n1', 'n2', 'price', 'flag', 'note']
  const head = { severity: 'block' } as const
  return [
    ...names.flatMap((column): CheckSpec[] => [{ ...head, kind: 'not_null', column, rule: `not_null(${column})` }, { ...head, kind: 'null_share', column, max: 0.01, rule: `nulls(${column})` }]),
    ...['id', 'amount', 'n1', 'n2', 'price'].flatMap((column): CheckSpec[] => [
      { ...head, kind: 'range', column, min: 0, max: null, rule: `range(${column})` },
      { ...head, kind: 'range', column, min: null, max: 1e9, rule: `top(${column})` },
    ]),
    { ...head, kind: 'range', column: 'day', min: '2019-01-01', max: 'today', rule: 'range(day)' },
    { ...head, kind: 'freshness', column: 'day', maxAgeMs: 1e12, rule: 'freshness(day)' },
    { ...head, kind: 'pattern', column: 'code', pattern: 'N[0-9]{8}', rule: 'pattern(code)' },
    { ...head, kind: 'length', column: 'code', min: 9, max: 9, rule: 'length(code)' },
    { ...head, kind: 'accepted_values', column: 'colour', values: ['red', 'green', 'blue'], rule: 'accepted_values(colour)' },
    { ...head, kind: 'length', column: 'colour', min: 3, max: 5, rule: 'length(colour)' },
    { ...head, kind: 'accepted_values', column: 'flag', values: [true, false], rule: 'accepted_values(flag)' },
    { ...head, kind: 'length', column: 'note', min: 1, max: 20, rule: 'length(note)' },
    { ...head, kind: 'accepted_values', column: 'n1', values: Array.from({ length: 97 }, (_, i) => i), rule: 'accepted_values(n1)' },
    { ...head, kind: 'row_count', min: 1, max: null, rule: 'row_count' },
  ]
}
