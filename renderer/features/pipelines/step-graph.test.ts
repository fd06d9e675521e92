import { describe, expect, it } from 'vitest'
import type { DataTypeOutline, Finding, StepOutline } from '../../../shared/contract/workspace.contract.ts'
import { neighbourOf, STEP_WIDTH, stepGraph } from './step-graph.ts'

function step(dataset: string, inputs: string[], kind: StepOutline['kind'] = 'sql'): StepOutline {
  const [type = '', zone = 'raw', name = ''] = dataset.split('.')
  return { dataset, kind, zone: zone as StepOutline['zone'], name, file: kind === 'extract' ? `pipelines/${type}/pipeline.yaml` : `pipelines/${type}/${zone}/${name}.sql`, inputs, checkCount: 0 }
}

const SHOP: DataTypeOutline = {
  name: 'shop', label: 'Shop', description: null, entityKey: null, entityNames: { labels: [], identifiers: [] }, parameters: [], runnable: true, gates: [{ name: 'look', before: 'shop.curated.orders' }],
  steps: [step('shop.raw.orders', [], 'extract'), step('shop.processed.clean', ['shop.raw.orders']), step('shop.processed.more', ['shop.processed.clean']), step('shop.curated.orders', ['shop.processed.more', 'people.curated.people'])],
}

function finding(file: string, severity: Finding['severity'] = 'error'): Finding {
  return { severity, code: 'x', file, line: 1, column: 1, message: 'wrong', suggestion: null }
}

describe('the graph of steps', () => {
  it('stands in the lanes of the zones, later steps of a zone to the right, with what comes from elsewhere', () => {
    const { nodes, edges, lanes, width } = stepGraph(SHOP, [])
    const at = new Map(nodes.map((node) => [node.id, node]))
    const laneOf = (id: string) => lanes.find(({ x, width: wide }) => (at.get(id)?.x ?? -1) >= x && (at.get(id)?.x ?? -1) + STEP_WIDTH <= x + wide)?.zone
    expect(nodes.map(({ id }) => [id, laneOf(id)])).toEqual([...SHOP.steps.map(({ dataset, zone }) => [dataset, zone]), ['people.curated.people', 'curated']])
    expect(at.get('shop.processed.more')?.x).toBeGreaterThan((at.get('shop.processed.clean')?.x ?? 0) + STEP_WIDTH)
    expect(at.get('people.curated.people')).toMatchObject({ kind: 'outside', file: null })
    expect(at.get('shop.curated.orders')?.gates).toEqual(['look'])
    expect(edges.map(({ from, to }) => `${from.id} > ${to.id}`)).toContain('people.curated.people > shop.curated.orders')
    expect(lanes.map(({ zone }) => zone)).toEqual(['raw', 'preprocessed', 'processed', 'curated', 'results'])
    expect(width).toBe((lanes.at(-1)?.x ?? 0) + (lanes.at(-1)?.width ?? 0))
  })

  it('marks problems at the step that they are about, and those of pipeline.yaml by themselves', () => {
    const { nodes, ofPipeline } = stepGraph(SHOP, [finding('pipelines/shop/processed/clean.sql'), finding('pipelines/shop/processed/clean.yaml', 'warning'), finding('pipelines/shop/pipeline.yaml')])
    expect(nodes.find(({ name }) => name === 'clean')).toMatchObject({ errors: 1, warnings: 1 })
    expect(nodes.reduce((sum, { errors, warnings }) => sum + errors + warnings, 0)).toBe(2)
    expect(ofPipeline).toHaveLength(1)
  })

  it('is walked along its lines', () => {
    const graph = stepGraph(SHOP, [])
    const [first] = graph.nodes
    if (first === undefined) throw new Error('no step')
    const clean = neighbourOf(graph, first, 'right')
    expect(clean?.id).toBe('shop.processed.clean')
    expect(clean === null ? null : neighbourOf(graph, clean, 'left')?.id).toBe(first.id)
    expect(neighbourOf(graph, first, 'up')).toBeNull()
  })
})
