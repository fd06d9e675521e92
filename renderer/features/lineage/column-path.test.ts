import { describe, expect, it } from 'vitest'
import { type ColumnEdge, columnPath } from './column-path.ts'

const origin = (column: string, ...sources: [dataset: string, column: string, way: 'value' | 'filter' | 'join'][]) => ({
  column, sources: sources.map(([dataset, of, way]) => ({ dataset, column: of, ways: [way], isSame: false })), unknown: [],
})
const DATASETS = [
  { dataset: 'raw', version: 1, columns: [origin('n'), origin('kind'), origin('other')] },
  { dataset: 'curated', version: 1, columns: [origin('amount', ['raw', 'n', 'value'], ['raw', 'kind', 'filter']), origin('kind', ['raw', 'kind', 'value'], ['raw', 'kind', 'filter'])] },
  { dataset: 'results', version: 1, columns: [origin('total', ['curated', 'Amount', 'value'], ['curated', 'kind', 'join']), origin('kinds', ['curated', 'kind', 'value'], ['curated', 'amount', 'filter'])] },
]
const words = ({ from, to, isValue }: ColumnEdge): string => `${from.dataset}.${from.column} ${isValue ? '->' : '..>'} ${to.dataset}.${to.column}`
const path = (column: string, dataset: string, options: { direction?: 'upstream' | 'downstream' | 'both'; withIndirect?: boolean } = {}) =>
  columnPath({ datasets: DATASETS, start: { dataset, column }, direction: 'both', withIndirect: true, ...options })

describe('the path of a column', () => {
  it('follows its values all the way, whatever the case of the names', () => {
    expect(path('amount', 'curated', { withIndirect: false }).edges.map(words)).toEqual(['raw.n -> curated.amount', 'curated.Amount -> results.total'])
  })

  it('shows what decides about rows next to it, and no further', () => {
    expect(path('amount', 'curated').edges.map(words)).toEqual(['raw.n -> curated.amount', 'raw.kind ..> curated.amount', 'curated.Amount -> results.total', 'curated.amount ..> results.kinds'])
    expect(path('total', 'results').edges.map(words)).toEqual(['curated.Amount -> results.total', 'curated.kind ..> results.total', 'raw.n -> curated.amount'])
  })

  it('goes one way only when asked, and names the columns on it', () => {
    const down = path('n', 'raw', { direction: 'downstream' })
    expect(down.edges.map(words)).toEqual(['raw.n -> curated.amount', 'curated.Amount -> results.total'])
    expect([...down.columns].map(([dataset, columns]) => `${dataset}: ${[...columns].join(', ')}`)).toEqual(['raw: n', 'curated: amount', 'results: total'])
  })
})
