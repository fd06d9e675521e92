import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { exactWholes } from './exact-wholes.ts'

let duck: Duck
beforeAll(async () => {
  duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: tmpdir() })
})
afterAll(() => duck[Symbol.dispose]())

async function guarded(select: string): Promise<Record<string, unknown>[]> {
  return duck.rows(exactWholes(select, await duck.describe(select)))
}

describe('sums of whole numbers', () => {
  it.each(['9007199254740992', '-9007199254740992', '0', 'NULL'])('are kept up to what is exact: %s', async (value) => {
    expect(await guarded(`SELECT ${value}::HUGEINT AS "the sum", 'a' AS name`)).toEqual([{ 'the sum': value === 'NULL' ? null : value, name: 'a' }])
  })

  it.each(['9007199254740993', '-9007199254740993', '170141183460469231731687303715884105727'])('end the step where digits would be lost: %s', async (value) => {
    await expect(guarded(`SELECT ${value}::HUGEINT AS "the sum"`)).rejects.toMatchObject({ message: expect.stringContaining('in "the sum" has more digits') })
  })

  it('leave every other column alone', async () => {
    const select = 'SELECT 9007199254740993::BIGINT AS a, 9007199254740993::DECIMAL(38,0) AS b'
    expect(exactWholes(select, await duck.describe(select))).toBe(select)
    expect(await guarded('SELECT sum(i)::BIGINT AS n, sum(i) AS s FROM range(10) t(i)')).toEqual([{ n: '45', s: '45' }])
  })
})
