import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Duck, openDuck } from './duckdb.ts'
import { keepsOrder } from './keeps-order.ts'
import { versionRelation } from './version-relation.ts'

let dir: string
let duck: Duck

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'strata-keeps-order-'))
  duck = await openDuck({ memoryMb: 256, threads: 2, tempDir: dir })
  const path = join(dir, 'part.parquet')
  await duck.run(`COPY (SELECT i AS id, i % 7 AS kind FROM range(3000) r(i)) TO '${path}'`)
  const columns = ['id', 'kind'].map((name) => ({ name, type: 'BIGINT', kind: 'number' as const, isProvenance: false }))
  const source = { dataset: { dataType: 'a', zone: 'raw' as const, name: 'things' }, layout: 'per_file' as const, columns, parts: [{ path, rowCount: 3000, file: 'a.csv' }], rowCount: 3000, rejectsPath: null }
  await duck.run(`CREATE VIEW things AS ${versionRelation(source)}`)
})
afterAll(async () => {
  duck[Symbol.dispose]()
  await rm(dir, { recursive: true })
})

describe('keepsOrder', () => {
  it.each(['SELECT * FROM things', 'SELECT id + 1 AS next, _file, _record FROM things WHERE kind > 3', 'SELECT id FROM things UNION ALL SELECT kind FROM things', 'SELECT id, unnest([1, 2]) FROM things'])(
    'holds for %s',
    async (sql) => expect(await keepsOrder(duck, sql)).toBe(true),
  )

  it.each([
    'SELECT kind, count(*) FROM things GROUP BY kind',
    'SELECT DISTINCT kind FROM things',
    'SELECT * FROM things a JOIN things b USING (id)',
    'SELECT *, row_number() OVER (PARTITION BY kind ORDER BY id) FROM things',
    'SELECT id FROM things UNION SELECT kind FROM things',
    'SELECT * FROM things ORDER BY kind',
    'SELECT * FROM things LIMIT 10',
  ])('does not hold for %s', async (sql) => expect(await keepsOrder(duck, sql)).toBe(false))
})
