import { describe, expect, it } from 'vitest'
import type { LineageGraph, LineageNode } from '../../../shared/contract/lineage.contract.ts'
import type { Zone } from '../../../shared/domain/zone.ts'
import { NO_CHECKS } from '../../../shared/domain/check-counts.ts'
import { drawGraph, edgeFreshness } from './drawn-graph.ts'

function node(zone: Zone, name: string): LineageNode {
  return { dataset: `shop.${zone}.${name}`, dataType: 'shop', zone, name, kind: 'sql', version: 2, runNumber: 2, rowCount: 5, state: 'succeeded', publishedAt: null, checks: NO_CHECKS, columns: [], distance: 0, hidden: { upstream: 0, downstream: 0 } }
}

// One table is read by eight reports and by a ninth that also reads another table.
const REPORTS = Array.from({ length: 8 }, (_, at) => node('results', `report_${at}`))
const GRAPH: LineageGraph = {
  focus: null,
  nodes: [node('raw', 'orders'), node('curated', 'sales'), node('curated', 'goals'), ...REPORTS, node('results', 'against_goals')],
  edges: [
    ['shop.raw.orders', 'shop.curated.sales'], ['shop.curated.sales', 'shop.results.against_goals'], ['shop.curated.goals', 'shop.results.against_goals'],
    ...REPORTS.map(({ dataset }) => ['shop.curated.sales', dataset]),
  ].map(([from = '', to = '']) => ({ from, to, fromVersion: 2, toVersion: 2 })),
  sources: ['a.csv', 'b.csv'].map((fileName, at) => ({ dataset: 'shop.raw.orders', fileName, sha256: '', sizeBytes: 10, receivedAt: `2026-01-0${at + 1}T00:00:00Z` })),
  exports: [{ id: 'x', dataset: 'shop.results.report_3', version: 2, path: '/exports/three.csv', format: 'csv', sizeBytes: 7, startedAt: '2026-01-03T00:00:00Z' }],
}
const ALL = { graph: GRAPH, visible: new Set(GRAPH.nodes.map(({ dataset }) => dataset)), withFiles: true, alone: new Set<string>(), opened: new Set<string>() }

describe('what is drawn of a graph', () => {
  it('stacks datasets that are made from the same and read by the same, and no others', () => {
    const { nodes, edges } = drawGraph(ALL)
    const [fold, ...more] = nodes.filter(({ kind }) => kind === 'fold')
    expect(more).toEqual([])
    expect(fold?.kind === 'fold' ? fold.members.map(({ name }) => name) : []).toEqual(REPORTS.map(({ name }) => name))
    expect(nodes.filter(({ kind }) => kind === 'dataset').map(({ id }) => id)).toEqual(['shop.raw.orders', 'shop.curated.sales', 'shop.curated.goals', 'shop.results.against_goals'])
    expect(edges.filter(({ to }) => to === fold?.id).map(({ from, title }) => ({ from, title }))).toEqual([{ from: 'shop.curated.sales', title: '8 datasets made from shop.curated.sales' }])
  })

  it('draws what is looked at by itself, and all of a stack that was opened', () => {
    const apart = drawGraph({ ...ALL, alone: new Set(['shop.results.report_3']) })
    expect(apart.nodes.some(({ id }) => id === 'shop.results.report_3')).toBe(true)
    expect(apart.nodes.flatMap((one) => (one.kind === 'fold' ? [one.members.length] : []))).toEqual([7])
    const fold = drawGraph(ALL).nodes.find(({ kind }) => kind === 'fold')
    expect(drawGraph({ ...ALL, opened: new Set([fold?.id ?? '']) }).nodes.filter(({ kind }) => kind === 'dataset')).toHaveLength(GRAPH.nodes.length)
  })

  it('puts the files at both ends, newest first, one node a dataset', () => {
    const { nodes, edges } = drawGraph({ ...ALL, alone: new Set(['shop.results.report_3']) })
    const files = nodes.flatMap((one) => (one.kind === 'files' ? [one] : []))
    expect(files.map(({ id, names, sizeBytes }) => ({ id, names, sizeBytes }))).toEqual([
      { id: 'sources of shop.raw.orders', names: ['b.csv', 'a.csv'], sizeBytes: 20 },
      { id: 'exports of shop.results.report_3', names: ['three.csv'], sizeBytes: 7 },
    ])
    expect(edges.some(({ from, to }) => from === 'sources of shop.raw.orders' && to === 'shop.raw.orders')).toBe(true)
    expect(edges.some(({ from, to }) => from === 'shop.results.report_3' && to === 'exports of shop.results.report_3')).toBe(true)
    expect(drawGraph({ ...ALL, withFiles: false }).nodes.some(({ kind }) => kind === 'files')).toBe(false)
  })

  it('loses no dataset and no edge', () => {
    const { nodes, edges } = drawGraph(ALL)
    expect(nodes.flatMap((one) => (one.kind === 'fold' ? one.members.map(({ dataset }) => dataset) : one.kind === 'dataset' ? [one.id] : [])).toSorted()).toEqual(GRAPH.nodes.map(({ dataset }) => dataset).toSorted())
    const ids = new Set(nodes.map(({ id }) => id))
    expect(edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true)
  })
})

describe('edgeFreshness', () => {
  it('tells what was made from an older version, and what was not made yet', () => {
    expect(edgeFreshness({ fromVersion: 4 }, 4)).toBe('current')
    expect(edgeFreshness({ fromVersion: 3 }, 4)).toBe('older')
    expect(edgeFreshness({ fromVersion: null }, 4)).toBe('planned')
    expect(edgeFreshness({ fromVersion: 3 }, null)).toBe('current')
  })
})
