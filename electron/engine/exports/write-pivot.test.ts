import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import { pivotSpecSchema } from '../../../shared/domain/pivot.ts'
import { createVersionFixture, type VersionFixture } from '../query/version-fixture.ts'
import type { SeenSource } from '../workers/wire.ts'
import { writePivot } from './write-pivot.ts'

let fixture: VersionFixture
let orders: SeenSource
beforeAll(async () => {
  fixture = await createVersionFixture()
  orders = await fixture.plain(
    { dataType: 'shop', zone: 'curated', name: 'orders' },
    `SELECT CASE WHEN i % 4 = 0 THEN NULL ELSE 'c' || i % 4 END AS customer, (9223372036854775000 - i)::BIGINT AS big, DATE '2024-01-01' + (i % 400)::INTEGER AS day, i / 8 AS ratio FROM range(1000) t(i)`,
  )
})
afterAll(() => fixture[Symbol.asyncDispose]())

async function write(spec: unknown, format: 'csv' | 'parquet', name: string): Promise<{ file: string; rowCount: number }> {
  const file = path.join(fixture.dir, name)
  const { rowCount } = await writePivot({ source: orders, filter: [{ column: 'ratio', op: 'lt', value: 100 }], spec: pivotSpecSchema.parse(spec), sort: [{ column: 'customer', direction: 'desc' }], format, path: file }, fixture.context)
  return { file, rowCount }
}

describe('groups as a file', () => {
  it('keep their types and every digit in Parquet', async () => {
    const { file, rowCount } = await write({ rows: [{ column: 'customer' }, { column: 'day', bucket: 'year' }], values: [{ of: 'sum', column: 'big' }] }, 'parquet', 'sums.parquet')
    expect(rowCount).toBe(8)
    const columns = await fixture.duck.describe(`FROM read_parquet(${quoteLiteral(file)})`)
    expect(columns.map(({ name, type }) => [name, type])).toEqual([['customer', 'VARCHAR'], ['day by year', 'DATE'], ['sum of big', 'DECIMAL(38,0)']])
    const [row] = await fixture.duck.rows(`SELECT (SELECT sum("sum of big") FROM read_parquet(${quoteLiteral(file)}))::VARCHAR AS written, sum(9223372036854775000 - i)::VARCHAR AS expected FROM range(800) t(i)`)
    expect(row?.['written']).toBe(row?.['expected'])
  })

  it('are in the asked order, groups without a value last, bins by where they begin', async () => {
    const { file } = await write({ rows: [{ column: 'customer' }, { column: 'ratio', width: 50 }], columns: [{ column: 'day', bucket: 'year' }] }, 'csv', 'counts.csv')
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\r\n')
    expect(lines[0]).toBe('customer,ratio in steps of 50,2024,2025,total')
    expect(lines.slice(1).map((line) => line.split(',').slice(0, 2).join())).toEqual(['c3,0.0', 'c3,50.0', 'c2,0.0', 'c2,50.0', 'c1,0.0', 'c1,50.0', ',0.0', ',50.0'])
    expect(lines.slice(1).reduce((sum, line) => sum + Number(line.split(',')[4]), 0)).toBe(800)
  })
})
