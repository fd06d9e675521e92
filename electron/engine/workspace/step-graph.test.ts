import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findCycles, type GraphNode, topologicalOrder } from './step-graph.ts'

const node = (id: string, reads: string[] = [], prefers: string[] = []): GraphNode => ({ id, reads, prefers })
const ids = (nodes: GraphNode[]): string => nodes.map(({ id }) => id).join('')

describe('the order of steps', () => {
  it('puts each after those it reads and otherwise keeps the given order', () => {
    expect(ids(topologicalOrder([node('a', ['d']), node('b'), node('c', ['a']), node('d')]))).toBe('bdac')
  })

  it('puts what a check looks at first where that makes no cycle', () => {
    expect(ids(topologicalOrder([node('a', [], ['b']), node('b')]))).toBe('ba')
    expect(ids(topologicalOrder([node('a', [], ['b']), node('b', ['a'])]))).toBe('ab')
  })

  it('keeps those on a cycle, and leaves names that are no node alone', () => {
    expect(ids(topologicalOrder([node('a', ['b']), node('b', ['a', 'elsewhere']), node('c', ['elsewhere'])]))).toBe('cab')
  })

  it('holds for any graph without cycles', () => {
    const graph = fc.integer({ min: 1, max: 25 }).chain((size) =>
      fc.tuple(fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 60 }), fc.shuffledSubarray([...Array(size).keys()], { minLength: size })),
    )
    fc.assert(
      fc.property(graph, ([edges, order]) => {
        const forward = edges.filter(([from, to]) => from < to)
        const nodes = order.map((i) => node(`n${i}`, forward.filter(([, to]) => to === i).map(([from]) => `n${from}`)))
        const sorted = topologicalOrder(nodes)
        const position = new Map(sorted.map(({ id }, i) => [id, i]))
        expect(sorted).toHaveLength(nodes.length)
        for (const { id, reads } of nodes) for (const input of reads) expect(position.get(input)).toBeLessThan(position.get(id) ?? -1)
        expect(findCycles(nodes)).toEqual([])
      }),
    )
  })
})

describe('cycles', () => {
  it('are named once, by their shortest path', () => {
    expect(findCycles([node('a', ['b']), node('b', ['c']), node('c', ['a', 'b']), node('d', ['a'])])).toEqual([['a', 'b', 'c']])
  })

  it('may have one member, and there may be several', () => {
    expect(findCycles([node('a', ['a']), node('b', ['c']), node('c', ['b'])])).toEqual([['a'], ['b', 'c']])
  })
})
