import { describe, expect, it } from 'vitest'
import type { DatasetName } from '../../../shared/domain/naming.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import { describeStatements } from './describe-statements.ts'
import { openDuck } from './duckdb.ts'

const raw = (name: string): DatasetName => ({ dataType: 'drugs', zone: 'raw', name })
const curated = (name: string, dataType = 'drugs'): DatasetName => ({ dataType, zone: 'curated', name })
const products = { dataset: raw('products'), columns: [{ name: 'id', type: 'BIGINT' }, { name: 'strange "name"', type: 'STRUCT(a INTEGER, b DATE[])[]' }] }

async function run(input: OpInput<'analyst', 'describe'>): Promise<OpOutput<'analyst', 'describe'>> {
  using duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: '/tmp' })
  return await describeStatements(duck, input)
}

describe('describing statements', () => {
  it('types each one over those before it, short names and other data types included', async () => {
    const result = await run({
      tables: [products],
      statements: [
        { id: 'a', dataset: curated('a'), sql: 'SELECT id, count(*) AS n FROM raw.products GROUP BY ALL' },
        { id: 'b', dataset: curated('b', 'trials'), sql: 'SELECT sum(n) AS total, "strange ""name""" FROM drugs.curated.a, drugs.raw.products GROUP BY ALL; -- end' },
      ],
    })
    expect(result.map(({ columns }) => columns?.map(({ name, type }) => `${name} ${type}`))).toEqual([
      ['id BIGINT', 'n BIGINT'],
      ['total HUGEINT', 'strange "name" STRUCT(a INTEGER, b DATE[])[]'],
    ])
  })

  it('places an error in characters, and goes on with the others', async () => {
    const sql = "SELECT 'é😀' AS x, idd FROM raw.products"
    const [bad, good] = await run({
      tables: [products],
      statements: [{ id: 'bad', dataset: curated('bad'), sql }, { id: 'good', dataset: curated('good'), sql: 'SELECT 1 AS one' }],
    })
    expect(bad).toMatchObject({ columns: null, error: { offset: sql.indexOf('idd') } })
    expect(bad?.error?.message).toMatch(/^Referenced column "idd" not found.*\n.*"id"/)
    expect(good?.columns).toHaveLength(1)
  })

  it('gives an error without a place where DuckDB names none', async () => {
    const [bad] = await run({ tables: [], statements: [{ id: 'a', dataset: curated('a'), sql: "SELECT regexp_matches('', 'a[')" }] })
    expect(bad?.error).toEqual({ message: 'missing ]: [', offset: null })
  })

  it('stops when it is cancelled', async () => {
    using duck = await openDuck({ memoryMb: 256, threads: 1, tempDir: '/tmp' })
    await expect(describeStatements(duck, { tables: [products], statements: [] }, AbortSignal.abort())).rejects.toThrow('Cancelled')
  })
})
