import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { OpInput, SeenSource } from '../workers/wire.ts'
import { createFindCells, type FindCells } from './find-cells.ts'
import { createPlacedRows } from './placed-rows.ts'
import { createVersionFixture, type VersionFixture } from './version-fixture.ts'

let fixture: VersionFixture
let orders: SeenSource
let cells: FindCells
beforeAll(async () => {
  fixture = await createVersionFixture()
  const select = (from: number, to: number): string => `SELECT i AS id, CASE WHEN i % 10 = 3 THEN 'Needle ' || i ELSE 'hay' END AS word, 'n' || i % 7 AS code, [i] AS list FROM range(${from}, ${to}) t(i)`
  orders = await fixture.plain({ dataType: 'shop', zone: 'curated', name: 'orders' }, select(0, 50), select(50, 100))
  cells = createFindCells(() => fixture.duck.another(), createPlacedRows({ open: () => fixture.duck.another(), log: expect.unreachable }))
})
afterAll(() => fixture[Symbol.asyncDispose]())

function find(input: Partial<OpInput<'reader', 'find'>>) {
  return cells.find(fixture.duck, { source: orders, columns: ['word'], sort: [], filter: [], text: 'nEEdle', from: null, backward: false, ...input }, fixture.context.signal)
}

describe('finding cells', () => {
  it('goes from one to the next over all parts, in any case, and from the last to the first', async () => {
    expect(await find({})).toEqual({ found: { row: 3, column: 'word', index: 1 }, total: 10 })
    expect(await find({ from: { row: 43, column: 'word' } })).toEqual({ found: { row: 53, column: 'word', index: 6 }, total: 10 })
    expect(await find({ from: { row: 93, column: 'word' } })).toMatchObject({ found: { row: 3, index: 1 } })
    expect(await find({ from: { row: 3, column: 'word' }, backward: true })).toMatchObject({ found: { row: 93, index: 10 } })
    expect(await find({ from: { row: 60, column: 'word' }, backward: true })).toMatchObject({ found: { row: 53, index: 6 } })
  })

  it('counts rows as they are sorted and filtered', async () => {
    const sort = [{ column: 'id', direction: 'desc' as const }]
    expect(await find({ sort })).toEqual({ found: { row: 6, column: 'word', index: 1 }, total: 10 })
    const filter = [{ column: 'id', op: 'ge' as const, value: 50 }]
    expect(await find({ filter })).toEqual({ found: { row: 3, column: 'word', index: 1 }, total: 5 })
    expect(await find({ sort, filter, from: { row: 6, column: 'word' } })).toMatchObject({ found: { row: 16, index: 2 }, total: 5 })
  })

  it('looks from left to right in the columns that it is given', async () => {
    const columns = ['code', 'word', 'id']
    expect(await find({ columns, text: '3' })).toMatchObject({ found: { row: 3, column: 'code', index: 1 } })
    expect(await find({ columns, text: '3', from: { row: 3, column: 'code' } })).toMatchObject({ found: { row: 3, column: 'word', index: 2 } })
    expect(await find({ columns, text: '3', from: { row: 3, column: 'word' } })).toMatchObject({ found: { row: 3, column: 'id', index: 3 } })
    expect(await find({ columns, text: '3', from: { row: 3, column: 'word' }, backward: true })).toMatchObject({ found: { row: 3, column: 'code' } })
    // From a column that is not searched: its row may still hold one.
    expect(await find({ from: { row: 13, column: 'id' } })).toMatchObject({ found: { row: 13 } })
  })

  it('takes lists as the text that is shown, and says when there is none', async () => {
    expect(await find({ columns: ['list'], text: '[42]' })).toMatchObject({ found: { row: 42 }, total: 1 })
    expect(await find({ text: 'nothing' })).toEqual({ found: null, total: 0 })
    expect(await find({ text: "'; DROP" })).toEqual({ found: null, total: 0 })
  })

  it('keeps searching when more is looked for than is kept', async () => {
    for (const text of ['hay', 'n', 'e', 'd', 'l', 'needle 3', 'hay']) expect((await find({ text })).total).toBeGreaterThan(0)
  })
})
