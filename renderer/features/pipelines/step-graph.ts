import type { DataTypeOutline, Finding, StepOutline } from '../../../shared/contract/workspace.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { type Zone, ZONES } from '../../../shared/domain/zone.ts'
import { graphLayers } from '../../ui/graph-layers.ts'

/** A pipeline as a drawing: its steps in the lanes of their zones, what they read from elsewhere, and what is wrong with them. */

export interface GraphNode {
  readonly id: string
  readonly zone: Zone
  readonly name: string
  /** `outside`: a dataset of another data type. */
  readonly kind: StepOutline['kind'] | 'outside'
  /** Defines it; null where this pipeline does not. */
  readonly file: string | null
  readonly checkCount: number
  /** Gates at which a run waits before it. */
  readonly gates: readonly string[]
  readonly errors: number
  readonly warnings: number
  readonly x: number
  readonly y: number
}

export interface StepGraph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly { readonly id: string; readonly from: GraphNode; readonly to: GraphNode }[]
  readonly lanes: readonly { readonly zone: Zone; readonly x: number; readonly width: number }[]
  readonly width: number
  readonly height: number
  /** Of pipeline.yaml, which is about sources, gates and parameters at once. */
  readonly ofPipeline: readonly Finding[]
}

export const STEP_WIDTH = 168
export const STEP_HEIGHT = 42
const COLUMN_GAP = 44
const ROW_GAP = 12
const LANE_PADDING = 14
const TOP = 34
const EMPTY_LANE = 72

export function stepGraph({ name, steps, gates }: DataTypeOutline, findings: readonly Finding[]): StepGraph {
  const pipelineFile = `pipelines/${name}/pipeline.yaml`
  const own = new Set(steps.map(({ dataset }) => dataset))
  const outside = [...new Set(steps.flatMap(({ inputs }) => inputs))].filter((dataset) => !own.has(dataset))
  const problems = Map.groupBy(findings.filter(({ file }) => file !== pipelineFile), ({ file }) => stem(file))
  const known = [
    ...steps.map((step) => ({ ...ofStep(step, problems.get(stem(step.file)) ?? []), gates: gates.filter(({ before }) => before === step.dataset).map((gate) => gate.name) })),
    ...outside.flatMap((id) => ofOther(id)),
  ]
  const ends = steps.flatMap(({ dataset, inputs }) => inputs.filter((input) => input !== dataset).map((from) => ({ from, to: dataset })))
  const { places, lanes, width, height } = placed(graphLayers(known, ends))
  const nodes = known.map((node): GraphNode => ({ ...node, ...(places.get(node.id) ?? { x: 0, y: 0 }) }))
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const edges = ends.flatMap(({ from, to }) => {
    const [start, end] = [byId.get(from), byId.get(to)]
    return start === undefined || end === undefined ? [] : [{ id: `${from} ${to}`, from: start, to: end }]
  })
  return { nodes, edges, lanes, width, height, ofPipeline: findings.filter(({ file }) => file === pipelineFile) }
}

type Unplaced = Omit<GraphNode, 'x' | 'y'>

function ofStep({ dataset, zone, name, kind, file, checkCount }: StepOutline, problems: readonly Finding[]): Omit<Unplaced, 'gates'> {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  return { id: dataset, zone, name, kind, file, checkCount, errors, warnings: problems.length - errors }
}

function ofOther(id: string): Unplaced[] {
  const name = parseDatasetId(id)
  return name === null ? [] : [{ id, zone: name.zone, name: `${name.dataType}.${name.name}`, kind: 'outside', file: null, checkCount: 0, gates: [], errors: 0, warnings: 0 }]
}

/** A step and its contract lie beside each other under one name. */
function stem(file: string): string {
  return file.replace(/\.(sql|ts|ya?ml)$/, '')
}

function placed(layers: readonly (readonly Unplaced[])[]): { places: Map<string, { x: number; y: number }>; lanes: StepGraph['lanes']; width: number; height: number } {
  const places = new Map<string, { x: number; y: number }>()
  const tallest = Math.max(1, ...layers.map((layer) => layer.length))
  const height = TOP + tallest * (STEP_HEIGHT + ROW_GAP) + LANE_PADDING
  let x = 0
  const lanes = ZONES.map((zone) => {
    const start = x
    const columns = layers.filter(([first]) => first?.zone === zone)
    for (const [at, layer] of columns.entries()) {
      const spread = (tallest * (STEP_HEIGHT + ROW_GAP)) / Math.max(1, layer.length)
      for (const [row, { id }] of layer.entries()) places.set(id, { x: start + LANE_PADDING + at * (STEP_WIDTH + COLUMN_GAP), y: TOP + row * spread + (spread - STEP_HEIGHT) / 2 })
    }
    x += columns.length === 0 ? EMPTY_LANE : columns.length * (STEP_WIDTH + COLUMN_GAP) - COLUMN_GAP + 2 * LANE_PADDING
    return { zone, x: start, width: x - start }
  })
  return { places, lanes, width: x, height }
}

/** The step that an arrow leads to: along the lines to the sides, to the next one of the same column up and down. */
export function neighbourOf({ nodes, edges }: StepGraph, from: GraphNode, arrow: 'left' | 'right' | 'up' | 'down'): GraphNode | null {
  const nearest = (found: readonly GraphNode[]): GraphNode | null => found.toSorted((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y))[0] ?? null
  if (arrow === 'left') return nearest(edges.filter(({ to }) => to.id === from.id).map((edge) => edge.from))
  if (arrow === 'right') return nearest(edges.filter((edge) => edge.from.id === from.id).map(({ to }) => to))
  return nearest(nodes.filter(({ x, y }) => x === from.x && (arrow === 'up' ? y < from.y : y > from.y)))
}
