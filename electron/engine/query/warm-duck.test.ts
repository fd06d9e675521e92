import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { SqlVariable, VersionSource, WorkerInit } from '../workers/wire.ts'
import { openDuck } from './duckdb.ts'
import { redefineViews } from './view-set.ts'
import { createWarmDuck, type DuckSetting } from './warm-duck.ts'

const dir = mkdtempSync(join(tmpdir(), 'strata-warm-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const INIT = { memoryMb: 256, threads: 1, tempDir: tmpdir() }
const ATTACHED = `SELECT count(*)::INTEGER AS n FROM duckdb_databases() WHERE NOT internal`
const numberOf = (rows: Record<string, unknown>[]): number => Number(rows[0]?.['n'])

const setting = (dataType: string, variables: SqlVariable[] = []): { init: WorkerInit; setting: DuckSetting } => ({ init: INIT, setting: { dataType, variables } })
const YEAR: SqlVariable = { name: 'year', type: 'number', value: 2024 }

describe('an instance that is lent', () => {
  it('is the same one again after small work; under another setting without what that left in it', async () => {
    const warm = createWarmDuck()
    const before = await warm.lend(
      setting('things', [YEAR]),
      async (duck) => {
        await duck.run(`ATTACH ':memory:' AS things; CREATE SCHEMA things.raw; CREATE VIEW things.raw.a AS SELECT getvariable('year') AS n; USE things; CREATE TEMP TABLE t AS SELECT 1`)
        expect(await duck.rows('SELECT * FROM raw.a')).toEqual([{ n: '2024' }])
        return duck.instance
      },
      () => true,
    )
    await warm.lend(
      setting('other'),
      async (duck) => {
        expect(duck.instance).toBe(before)
        expect(numberOf(await duck.rows(ATTACHED))).toBe(1)
        expect(await duck.rows(`SELECT getvariable('year') AS y`)).toEqual([{ y: null }])
        await expect(duck.run('SELECT * FROM t')).rejects.toThrow(/does not exist/)
      },
      () => false,
    )
  })

  it('keeps its connection and the names on it for the same setting; a name means what was said of it last', async () => {
    const warm = createWarmDuck()
    const rowsOf = (file: string, rows: string) =>
      warm.lend(
        setting('things'),
        async (duck, known) => {
          const path = join(dir, file)
          await duck.run(`COPY (${rows}) TO '${path}' (FORMAT parquet)`)
          const source: VersionSource = {
            dataset: { dataType: 'things', zone: 'raw', name: 'a' }, layout: 'plain', columns: [], parts: [{ path, rowCount: 1, file: null }], rowCount: 1, rejectsPath: null,
          }
          await redefineViews(duck, { reads: [source], dataType: 'things', known })
          return { duck, rows: await duck.rows('SELECT * FROM raw.a') }
        },
        () => true,
      )
    const [one, same, other] = [await rowsOf('1.parquet', 'SELECT 1 AS n'), await rowsOf('1.parquet', 'SELECT 1 AS n'), await rowsOf('2.parquet', "SELECT 'x' AS t")]
    expect([one.rows, same.rows, other.rows]).toEqual([[{ n: 1 }], [{ n: 1 }], [{ t: 'x' }]])
    expect(new Set([one.duck, same.duck, other.duck]).size).toBe(1)
  })

  it('is another one after large work, a failure, and under other limits', async () => {
    const warm = createWarmDuck()
    const lend = (init = INIT, sql = 'SELECT 1', isSmall = true) => warm.lend({ ...setting('things'), init }, async (duck) => (await duck.run(sql), duck.instance), () => isSmall)
    const seen = [await lend(INIT, 'SELECT 1', false), await lend()]
    await expect(lend(INIT, 'SELECT nothing')).rejects.toThrow(/nothing/)
    seen.push(await lend(), await lend({ ...INIT, threads: 2 }))
    expect(new Set(seen).size).toBe(4)
  })

  it('is given to one at a time', async () => {
    const warm = createWarmDuck()
    const [first, second] = await Promise.all([1, 2].map(() => warm.lend(setting('things'), async (duck) => (await duck.run('SELECT 1'), duck.instance), () => true)))
    expect(first).not.toBe(second)
  })
})

it('every connection of an instance speaks UTC, wherever the machine is', async () => {
  using duck = await openDuck(INIT)
  using other = await duck.another()
  expect(await other.rows(`SELECT current_setting('TimeZone') AS zone`)).toEqual([{ zone: 'UTC' }])
})
