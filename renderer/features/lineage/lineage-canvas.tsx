import '@xyflow/react/dist/base.css'
import { ReactFlow, ReactFlowProvider, useReactFlow, useViewport } from '@xyflow/react'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatShare } from '../../ui/format.ts'
import { DatasetNode } from './dataset-node.tsx'
import { FilesNode } from './files-node.tsx'
import { FoldNode } from './fold-node.tsx'
import { GraphMap } from './graph-map.tsx'
import { LaneGround, LaneHeads } from './lane-ground.tsx'
import type { LaneLayout } from './lane-layout.ts'
import { ColumnEdgeLine, LineageEdge } from './lineage-edge.tsx'
import type { FlowEdge, FlowNode } from './lineage-flow.ts'
import { type Arrow, type Neighbours, stepFrom } from './neighbourhood.ts'
import { NODE_WIDTH } from './node-size.ts'
import { SavePicture } from './save-picture.tsx'

interface LineageCanvasProps {
  nodes: FlowNode[]
  edges: FlowEdge[]
  layout: LaneLayout
  neighbours: Neighbours
  selected: string | null
  size: { width: number; height: number }
  /** Another scope is looked at as if for the first time. */
  scope: string
  onSelect: (id: string | null) => void
  onOpen: (id: string) => void
  onFocus: (id: string) => void
  /** The files at the ends of the graph are drawn too. */
  withFiles: boolean
  onFiles: (withFiles: boolean) => void
  /** How many stacks somebody opened. */
  openedFolds: number
  onFoldAgain: () => void
  /** Of the file of a saved picture, without its ending. */
  pictureName: string
}

const NODE_TYPES = { dataset: DatasetNode, files: FilesNode, fold: FoldNode }
const EDGE_TYPES = { lineage: LineageEdge, column: ColumnEdgeLine }
const MIN_ZOOM = 0.15
const MAX_ZOOM = 1.6
/** Height of the lanes' names, which lie above the graph. */
const HEADS_PX = 34
/** Below this, names cannot be read: a graph that is larger is panned instead. */
const READABLE_ZOOM = 0.7
/** Keeps the graph out from under the lanes' names and the controls. */
const FIT_PADDING = { top: '48px', bottom: '64px', left: '12px', right: '12px' } as const
const ARROWS: Readonly<Record<string, Arrow>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }

/** A node that was out of view is mounted once the view has moved to it; until then the canvas keeps the keys. */
const FOCUS_TRIES = 30

function focusSoon(canvas: HTMLElement | null, id: string, tries: number): void {
  requestAnimationFrame(() => {
    const node = canvas?.querySelector<HTMLElement>(`[data-dataset="${CSS.escape(id)}"]`)
    if (node !== null && node !== undefined) return node.focus({ preventScroll: true })
    canvas?.focus({ preventScroll: true })
    if (tries > 0) focusSoon(canvas, id, tries - 1)
  })
}

export function LineageCanvas(props: LineageCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas({ nodes, edges, layout, neighbours, selected, size, scope, onSelect, onOpen, onFocus, withFiles, onFiles, openedFolds, onFoldAgain, pictureName }: LineageCanvasProps) {
  const flow = useReactFlow<FlowNode, FlowEdge>()
  const root = useRef<HTMLDivElement>(null)
  useFirstView({ layout, size, selected, scope })
  useFollowSelection(layout, size, selected)

  const moveTo = (dataset: string): void => {
    onSelect(dataset)
    focusSoon(root.current, dataset, FOCUS_TRIES)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLButtonElement && event.key === 'Enter') return
    if (event.key === 'Escape' && selected !== null) onSelect(null)
    if (event.key === 'Enter' && selected !== null) onOpen(selected)
    const arrow = ARROWS[event.key]
    if (arrow === undefined) return
    event.preventDefault()
    const placed = nodes.map((node) => ({ id: node.id, ...node.position }))
    const from = placed.find((node) => node.id === selected)
    const next = from === undefined ? placed[0]?.id : stepFrom(from, arrow, { nodes: placed, neighbours })
    if (next !== undefined && next !== null) moveTo(next)
  }
  return (
    <div ref={root} className='ln-canvas' role='group' aria-label='Lineage graph: arrow keys walk it, Enter opens the dataset' data-region='' tabIndex={selected === null ? 0 : -1} onKeyDown={onKeyDown}>
      <LaneGround lanes={layout.lanes} viewWidth={size.width} />
      <ReactFlow<FlowNode, FlowEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        minZoom={MIN_ZOOM}
        maxZoom={MAX_ZOOM}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        onlyRenderVisibleElements={nodes.length > 200}
        panOnScroll
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        proOptions={{ hideAttribution: true }}
        onPaneClick={() => onSelect(null)}
        onNodeClick={(_event, node) => onSelect(node.id)}
        onNodeDoubleClick={(_event, node) => onFocus(node.id)}
      />
      <GraphMap nodes={nodes} layout={layout} size={size} />
      <LaneHeads lanes={layout.lanes} viewWidth={size.width} />
      <Legend edges={edges} />
      <ZoomBar onFit={() => void flow.fitView({ padding: FIT_PADDING, maxZoom: 1 })}>
        <Button small variant='quiet' pressed={withFiles} title='Sources and exports are nodes too' onClick={() => onFiles(!withFiles)}>Files</Button>
        {openedFolds > 0 && <Button small variant='quiet' onClick={onFoldAgain}>{openedFolds === 1 ? 'Stack again' : `Stack ${openedFolds} again`}</Button>}
        <SavePicture nodes={nodes} edges={edges} layout={layout} size={size} name={pictureName} />
      </ZoomBar>
    </div>
  )
}

/** The first view of a graph: all of it when that can be read, else as large as can be read, from the left or at the selection. */
function useFirstView({ layout, size, selected, scope }: Pick<LineageCanvasProps, 'layout' | 'size' | 'selected' | 'scope'>): void {
  const flow = useReactFlow()
  const viewed = useRef<{ scope: string | null; layout: LaneLayout | null }>({ scope: null, layout: null })
  useEffect(() => {
    if (layout.nodes.size === 0 || viewed.current.scope === scope) return
    // The layout of the scope before is still here until the new one is computed.
    if (viewed.current.layout === layout) return
    viewed.current = { scope, layout }
    const wanted = Math.min(1, size.width / layout.width, (size.height - HEADS_PX) / layout.height)
    const zoom = Math.max(READABLE_ZOOM, wanted)
    void flow.setViewport({ x: Math.max(0, (size.width - layout.width * zoom) / 2), y: HEADS_PX, zoom })
    const at = selected === null ? undefined : layout.nodes.get(selected)
    if (at !== undefined && wanted < READABLE_ZOOM) void flow.setCenter(at.x + NODE_WIDTH / 2, Math.max(at.y, (size.height / 2 - HEADS_PX) / zoom), { zoom })
  }, [flow, layout, size, selected, scope])
  useEffect(() => {
    viewed.current.layout = layout
  }, [layout])
}

/** Brings a selected node into view, when keys or a search chose one that is out of it. */
function useFollowSelection(layout: LaneLayout, size: { width: number; height: number }, selected: string | null): void {
  const flow = useReactFlow()
  useEffect(() => {
    const at = selected === null ? undefined : layout.nodes.get(selected)
    if (at === undefined) return
    const { x, y, zoom } = flow.getViewport()
    const left = at.x * zoom + x
    const top = at.y * zoom + y
    const inside = left >= 0 && left + NODE_WIDTH * zoom <= size.width && top >= HEADS_PX && top + 72 * zoom <= size.height
    if (!inside) void flow.setCenter(at.x + NODE_WIDTH / 2, at.y + 36, { zoom, duration: 140 })
  }, [flow, size, selected, layout])
}

function ZoomBar({ onFit, children }: { onFit: () => void; children: ReactNode }) {
  const flow = useReactFlow()
  const { zoom } = useViewport()
  return (
    <div className='ln-float ln-zoom' role='group' aria-label='Zoom'>
      <IconButton small variant='quiet' icon='minus' iconSize={13} label='Zoom out' onClick={() => void flow.zoomOut()} />
      <span className='s12 t2'>{formatShare(zoom) === '100%' ? `${Math.round(zoom * 100)}%` : formatShare(zoom)}</span>
      <IconButton small variant='quiet' icon='plus' iconSize={13} label='Zoom in' onClick={() => void flow.zoomIn()} />
      <Button small variant='quiet' onClick={onFit}>Fit</Button>
      {children}
    </div>
  )
}

const LEGEND = [
  { freshness: 'current', word: 'made from the current version' },
  { freshness: 'older', word: 'from an older version' },
  { freshness: 'planned', word: 'not made yet' },
] as const

/** Only the kinds of edges that are there, and only when there is more than one. */
function Legend({ edges }: { edges: readonly FlowEdge[] }) {
  const columnEdges = edges.filter((edge) => edge.type === 'column')
  if (columnEdges.length > 0) return <ColumnLegend hasIndirect={columnEdges.some(({ data }) => data?.isValue === false)} />
  const shown = LEGEND.filter(({ freshness }) => edges.some((edge) => edge.type === 'lineage' && edge.data?.freshness === freshness))
  if (shown.length < 2) return null
  return (
    <div className='ln-float ln-legend s12'>
      {shown.map(({ freshness, word }) => (
        <span key={freshness} className='row row-4'>
          <svg width='26' height='8' aria-hidden='true'><g className={`ln-edge ${freshness}`}><path className='ln-edge-line' d='M0 4h26' /></g></svg>
          {word}
        </span>
      ))}
    </div>
  )
}

function ColumnLegend({ hasIndirect }: { hasIndirect: boolean }) {
  const line = (className: string) => <svg width='26' height='8' aria-hidden='true'><g className={className}><path d='M0 4h26' /></g></svg>
  return (
    <div className='ln-float ln-legend s12'>
      <span className='row row-4'>{line('ln-column-edge')}value flows</span>
      {hasIndirect && <span className='row row-4'>{line('ln-column-edge indirect')}decides rows</span>}
    </div>
  )
}
