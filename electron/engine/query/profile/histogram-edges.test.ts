import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { histogramEdges } from './histogram-edges.ts'

const DOUBLE = { kind: 'number' as const, type: 'DOUBLE' }
const INTEGER = { kind: 'number' as const, type: 'INTEGER' }
const even = (min: number, max: number): { min: string; max: string; quantiles: string[] } => ({
  min: String(min), max: String(max), quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map((at) => String(min + (max - min) * at)),
})

describe('the edges of a histogram', () => {
  it('are round numbers', () => {
    expect(histogramEdges(INTEGER, even(3, 97))?.edges.slice(0, 3)).toEqual(['0', '5', '10'])
    expect(histogramEdges(INTEGER, even(0, 7))?.edges).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8'])
    expect(histogramEdges(DOUBLE, even(0, 1))?.edges.slice(0, 4)).toEqual(['0.00', '0.05', '0.10', '0.15'])
    expect(histogramEdges(DOUBLE, even(-1_000, 1_000))?.edges[0]).toBe('-1000')
  })

  it('are powers of ten where most values are small beside the largest', () => {
    const shape = histogramEdges(INTEGER, { min: '4', max: '2000000', quantiles: ['5', '9', '20', '50', '900'] })
    expect(shape?.scale).toBe('log')
    expect(shape?.edges.slice(0, 4)).toEqual(['2', '5', '10', '20'])
    expect(shape?.edges.at(-1)).toBe('5000000')
  })

  it('leave values far out to an open bar', () => {
    const shape = histogramEdges(DOUBLE, { min: '0', max: '1000000', quantiles: ['1', '20', '40', '60', '90'] })
    expect(shape?.isOpen).toEqual({ below: false, above: true })
    expect(Number(shape?.edges.at(-1))).toBeLessThan(200)
  })

  it.each([
    ['2024-01-01', '2024-01-20', 'day', ['2024-01-01', '2024-01-02']],
    ['2024-01-01', '2024-06-20', 'week', ['2024-01-01', '2024-01-08']],
    ['2021-02-03', '2023-11-26', 'month', ['2021-02-01', '2021-03-01']],
    ['2016-02-10', '2024-11-26', 'quarter', ['2016-01-01', '2016-04-01']],
    ['1950-02-10', '2010-11-26', '2 years', ['1950-01-01', '1952-01-01']],
    ['0001-01-01', '9999-12-31', '500 years', ['0000-01-01', '0500-01-01']],
  ])('are days, months and years: %s to %s', (min, max, unit, first) => {
    const shape = histogramEdges({ kind: 'date', type: 'DATE' }, { min, max, quantiles: [min, min, min, max, max] })
    expect(shape).toMatchObject({ scale: 'time', unit })
    expect(shape?.edges.slice(0, 2)).toEqual(first)
    expect(String(shape?.edges[0]) <= min && String(shape?.edges.at(-1)) >= max).toBe(true)
  })

  it('are moments for times of less than a day', () => {
    const time = { kind: 'timestamp' as const, type: 'TIMESTAMP' }
    expect(histogramEdges(time, { min: '2024-03-18 10:01:30', max: '2024-03-18 10:20:00', quantiles: [] })).toMatchObject({ unit: 'minute', edges: expect.arrayContaining(['2024-03-18 10:02:00']) })
    expect(histogramEdges({ kind: 'timestamp', type: 'TIMESTAMP WITH TIME ZONE' }, { min: '2024-03-18 10:00:00+00', max: '2024-03-19 10:00:00+00', quantiles: [] })?.unit).toBe('hour')
    expect(histogramEdges(time, { min: '0044-03-15 (BC) 00:00:00', max: '2024-03-18 00:00:00', quantiles: [] })).toBeNull()
  })

  it('always ascend, hold both ends and are not many', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), fc.double({ min: 1e-9, max: 1e15, noNaN: true }), fc.boolean(), (min, width, isWhole) => {
        const [low, high] = isWhole ? [Math.floor(min), Math.floor(min) + Math.max(1, Math.floor(width))] : [min, min + width]
        fc.pre(high > low && (high - low) / Math.max(Math.abs(low), Math.abs(high)) > 1e-9)
        const edges = histogramEdges(isWhole ? INTEGER : DOUBLE, even(low, high))?.edges.map(Number) ?? []
        expect(edges.length).toBeGreaterThan(1)
        expect(edges.length).toBeLessThanOrEqual(60)
        expect(edges.every((edge, i) => i === 0 || edge > (edges[i - 1] ?? 0))).toBe(true)
        expect(edges[0]).toBeLessThanOrEqual(low + (high - low) * 1e-6)
        expect(edges.at(-1)).toBeGreaterThan(high - (high - low) * 1e-6)
      }),
    )
  })
})
