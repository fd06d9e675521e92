import { describe, expect, it } from 'vitest'
import { hiddenNeighbours, pathThrough, reach, stepFrom, toNeighbours, visibleAround } from './neighbourhood.ts'

// raw → records → estimates → prevalence → landscape, and estimates → products
const edges = [
  ['raw', 'records'],
  ['records', 'estimates'],
  ['estimates', 'prevalence'],
  ['estimates', 'products'],
  ['prevalence', 'landscape'],
  ['substances', 'products'],
].map(([from = '', to = '']) => ({ from, to }))
const neighbours = toNeighbours(edges)

describe('reach', () => {
  it('follows lineage one way, as far as asked', () => {
    expect([...reach('estimates', neighbours.upstream)]).toEqual(['records', 'raw'])
    expect([...reach('estimates', neighbours.downstream, 1)]).toEqual(['prevalence', 'products'])
  })

  it('ends on a cycle and leaves the start out', () => {
    const cyclic = toNeighbours([{ from: 'a', to: 'b' }, { from: 'b', to: 'a' }, { from: 'a', to: 'a' }])
    expect([...reach('a', cyclic.downstream)]).toEqual(['b'])
  })
})

describe('pathThrough', () => {
  it('holds what a dataset was made from and what was made from it, and not its siblings', () => {
    expect([...pathThrough('prevalence', neighbours, 'both')].sort()).toEqual(['estimates', 'landscape', 'prevalence', 'raw', 'records'])
    expect([...pathThrough('prevalence', neighbours, 'downstream')].sort()).toEqual(['landscape', 'prevalence'])
  })
})

describe('visibleAround', () => {
  const request = { focus: 'estimates', neighbours, direction: 'both' as const, hops: 1, expanded: [] }
  it('opens on one hop and says how many neighbours are hidden', () => {
    const visible = visibleAround(request)
    expect([...visible].sort()).toEqual(['estimates', 'prevalence', 'products', 'records'])
    expect(hiddenNeighbours('products', neighbours, visible)).toEqual({ upstream: 1, downstream: 0 })
    expect(hiddenNeighbours('records', neighbours, visible)).toEqual({ upstream: 1, downstream: 0 })
  })

  it('adds the neighbours of an expanded node, also of one that an expansion brought', () => {
    const visible = visibleAround({ ...request, expanded: [{ id: 'products', side: 'upstream' }, { id: 'landscape', side: 'upstream' }] })
    expect(visible.has('substances')).toBe(true)
    expect(visible.has('landscape')).toBe(false)
  })

  it('keeps to the direction', () => {
    expect([...visibleAround({ ...request, direction: 'upstream' })].sort()).toEqual(['estimates', 'records'])
  })
})

describe('stepFrom', () => {
  const nodes = [
    { id: 'records', x: 0, y: 0 },
    { id: 'estimates', x: 200, y: 0 },
    { id: 'prevalence', x: 400, y: 10 },
    { id: 'products', x: 400, y: 300 },
  ]
  const at = (id: string) => nodes.find((node) => node.id === id) ?? { id, x: 0, y: 0 }
  it('walks along lineage with left and right, and within a column with up and down', () => {
    expect(stepFrom(at('estimates'), 'right', { nodes, neighbours })).toBe('prevalence')
    expect(stepFrom(at('prevalence'), 'down', { nodes, neighbours })).toBe('products')
    expect(stepFrom(at('products'), 'left', { nodes, neighbours })).toBe('estimates')
    expect(stepFrom(at('records'), 'left', { nodes, neighbours })).toBeNull()
    expect(stepFrom(at('records'), 'up', { nodes, neighbours })).toBeNull()
  })
})
