import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { openDuck } from './duckdb.ts'
import { createWarmDuck } from './warm-duck.ts'

const INIT = { memoryMb: 256, threads: 1, tempDir: tmpdir() }
const ATTACHED = `SELECT count(*)::INTEGER AS n FROM duckdb_databases() WHERE NOT internal`
const numberOf = (rows: Record<string, unknown>[]): number => Number(rows[0]?.['n'])

describe('an instance that is lent', () => {
  it('is the same one again after small work, without what that left in it', async () => {
    const warm = createWarmDuck()
    const before = await warm.lend(
      INIT,
      async (duck) => {
        await duck.run(`ATTACH ':memory:' AS things; CREATE SCHEMA things.raw; CREATE VIEW things.raw.a AS SELECT 1 AS n; USE things; SET VARIABLE year = 2024; CREATE TEMP TABLE t AS SELECT 1`)
        return duck.instance
      },
      () => true,
    )
    await warm.lend(
      INIT,
      async (duck) => {
        expect(duck.instance).toBe(before)
        expect(numberOf(await duck.rows(ATTACHED))).toBe(1)
        expect(await duck.rows(`SELECT getvariable('year') AS y`)).toEqual([{ y: null }])
        await expect(duck.run('SELECT * FROM t')).rejects.toThrow(/does not exist/)
      },
      () => false,
    )
  })

  it('is another one after large work, a failure, and under other limits', async () => {
    const warm = createWarmDuck()
    const lend = (init = INIT, sql = 'SELECT 1', isSmall = true) => warm.lend(init, async (duck) => (await duck.run(sql), duck.instance), () => isSmall)
    const seen = [await lend(INIT, 'SELECT 1', false), await lend()]
    await expect(lend(INIT, 'SELECT nothing')).rejects.toThrow(/nothing/)
    seen.push(await lend(), await lend({ ...INIT, threads: 2 }))
    expect(new Set(seen).size).toBe(4)
  })

  it('is given to one at a time', async () => {
    const warm = createWarmDuck()
    const [first, second] = await Promise.all([1, 2].map(() => warm.lend(INIT, async (duck) => (await duck.run('SELECT 1'), duck.instance), () => true)))
    expect(first).not.toBe(second)
  })
})

it('every connection of an instance speaks UTC, wherever the machine is', async () => {
  using duck = await openDuck(INIT)
  using other = await duck.another()
  expect(await other.rows(`SELECT current_setting('TimeZone') AS zone`)).toEqual([{ zone: 'UTC' }])
})
