import { describe, expect, it } from 'vitest'
import { hasGroups, type PivotView } from '../../../../shared/domain/pivot.ts'
import { type Column, toColumn } from '../../../../shared/domain/table-query.ts'
import { EMPTY_PIVOT, firstMeasure, withColumn, withGrouping, withItemMoved, withMeasure, withoutItem, zoneFull } from './pivot-edit.ts'

const column = (name: string, type: string): Column => toColumn(name, type)
const [REGION, DAY, AMOUNT] = [column('region', 'VARCHAR'), column('day', 'DATE'), column('amount', 'INTEGER')]
const COLUMNS = [REGION, DAY, AMOUNT]

function built(): PivotView {
  return withColumn(withColumn(withColumn(EMPTY_PIVOT, REGION, { zone: 'rows' }), DAY, { zone: 'rows' }), AMOUNT, { zone: 'values' })
}

describe('the bar', () => {
  it('takes columns as groups and as values, dates by month, numbers as their sum', () => {
    const pivot = built()
    expect(pivot.rows).toEqual([{ column: 'region', bucket: 'none' }, { column: 'day', bucket: 'month' }])
    expect(pivot.values).toEqual([{ of: 'count', column: null }, { of: 'sum', column: 'amount' }])
    expect([hasGroups(EMPTY_PIVOT), hasGroups(pivot)]).toEqual([false, true])
    expect(firstMeasure(REGION)).toEqual({ of: 'min', column: 'region' })
    expect(withColumn(pivot, REGION, { zone: 'rows' }).rows).toEqual(pivot.rows)
    expect(withColumn(pivot, AMOUNT, { zone: 'rows', at: 0 }).rows[0]).toEqual({ column: 'amount', bucket: 'none' })
  })

  it('moves chips within their zone and to another', () => {
    const turned = withItemMoved(built(), { from: { zone: 'rows', at: 0 }, to: { zone: 'rows', at: 1 }, columns: COLUMNS })
    expect(turned.rows.map((row) => row.column)).toEqual(['day', 'region'])
    const across = withItemMoved(withGrouping(built(), { zone: 'rows', at: 1 }, { bucket: 'year' }), { from: { zone: 'rows', at: 1 }, to: { zone: 'columns', at: 0 }, columns: COLUMNS })
    expect([across.rows.map((row) => row.column), across.columns]).toEqual([['region'], [{ column: 'day', bucket: 'year' }]])
    const value = withItemMoved(built(), { from: { zone: 'rows', at: 1 }, to: { zone: 'values', at: 0 }, columns: COLUMNS })
    expect([value.rows.map((row) => row.column), value.values[0]]).toEqual([['region'], { of: 'min', column: 'day' }])
    const group = withItemMoved(built(), { from: { zone: 'values', at: 1 }, to: { zone: 'rows', at: 0 }, columns: COLUMNS })
    expect([group.rows[0]?.column, group.values]).toEqual(['amount', EMPTY_PIVOT.values])
  })

  it('keeps something to compute, and no order by what is gone', () => {
    const sorted = { ...built(), sort: [{ column: 'sum of amount', direction: 'desc' as const }, { column: 'region', direction: 'asc' as const }] }
    expect(withMeasure(sorted, 1, 'mean').sort).toEqual([{ column: 'region', direction: 'asc' }])
    expect(withoutItem(withoutItem(sorted, { zone: 'values', at: 1 }), { zone: 'values', at: 0 }).values).toEqual(EMPTY_PIVOT.values)
    expect(withGrouping(withColumn(EMPTY_PIVOT, AMOUNT, { zone: 'rows' }), { zone: 'rows', at: 0 }, { width: 10 }).rows).toEqual([{ column: 'amount', bucket: 'none', width: 10 }])
  })

  it('says when there is no more room', () => {
    const full = { ...EMPTY_PIVOT, columns: [{ column: 'a', bucket: 'none' as const }, { column: 'b', bucket: 'none' as const }] }
    expect(zoneFull(full, 'columns')).toBe('There is room for 2')
    expect(withColumn(full, REGION, { zone: 'columns' })).toBe(full)
  })
})
