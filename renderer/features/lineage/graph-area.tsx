import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { LineageGraph } from '../../../shared/contract/lineage.contract.ts'
import { zoneIndex } from '../../../shared/domain/zone.ts'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, exportsAddress, goTo } from '../../ui/addresses.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { LoadingState } from '../../ui/loading-state.tsx'
import { useElementSize } from '../../ui/use-element-size.ts'
import { drawGraph, type DrawnNode } from './drawn-graph.ts'
import { LineageCanvas } from './lineage-canvas.tsx'
import { toFlow } from './lineage-flow.ts'
import { type LineageActions, LineageActionsContext } from './lineage-view.ts'
import { toNeighbours } from './neighbourhood.ts'
import { type ColumnsShown, drawnHeight } from './node-size.ts'
import type { ChosenColumn } from './use-column-path.ts'
import { type ElkHandle, useLaneLayout } from './use-lane-layout.ts'
import type { LineageState } from './use-lineage-state.ts'

interface GraphAreaProps {
  elk: ElkHandle
  graph: LineageGraph
  state: LineageState
  chosen: ChosenColumn
  onFocus: (dataset: string) => void
}

/** The graph, laid out and drawn. */
export function GraphArea({ elk, graph, state, chosen: { path, choose }, onFocus }: GraphAreaProps) {
  const { visible, focus, selected, direction, scope, select, expand, collapse, expanded, openFold } = state
  const area = useRef<HTMLDivElement>(null)
  const size = useElementSize(area)
  const { columns, toggle, showAll } = useShownColumns(focus)
  const drawn = useDrawnGraph(graph, state, path)
  const neighbours = useMemo(() => toNeighbours(drawn.edges), [drawn])
  const layoutNodes = useMemo(() => inTypeOrder(graph, drawn.nodes).map((node) => ({ id: node.id, zone: node.zone, height: drawnHeight(node, columns.get(node.id) ?? 'none', path?.columns.get(node.id)) })), [graph, drawn, columns, path])
  const { layout, error } = useLaneLayout({ elk, nodes: layoutNodes, edges: drawn.edges, viewWidth: size.width })
  const flow = useMemo(
    () => (layout === null ? null : toFlow({ drawn, layout, neighbours, allNeighbours: state.neighbours, visible, expanded, focus, selected, direction, columns, path })),
    [drawn, layout, neighbours, state.neighbours, visible, expanded, focus, selected, direction, columns, path],
  )
  const actions = useMemo<LineageActions>(() => ({ expand, collapse, openFold, toggleColumns: toggle, showAllColumns: showAll, chooseColumn: choose }), [expand, collapse, openFold, toggle, showAll, choose])
  const open = (id: string): void => {
    const node = drawn.nodes.find((one) => one.id === id)
    if (node?.kind === 'fold') openFold(id)
    else if (node?.kind === 'files') goTo(node.side === 'exports' ? exportsAddress : dataAddress(node.dataset))
    else if (node !== undefined) goTo(dataAddress(id))
  }
  const isDataset = (id: string): boolean => drawn.nodes.some((node) => node.id === id && node.kind === 'dataset')
  return (
    <div ref={area} className='ln-area'>
      {error !== null && layout === null && <ErrorState problem={problemOf(error)}>The graph could not be laid out; the table shows the same.</ErrorState>}
      {layout === null && error === null && <LoadingState center>{`Laying out ${countOf(layoutNodes.length, 'node')}`}</LoadingState>}
      {layout !== null && flow !== null && (
        <LineageActionsContext value={actions}>
          <LineageCanvas
            nodes={flow.nodes}
            edges={flow.edges}
            layout={layout}
            neighbours={neighbours}
            selected={selected}
            size={size}
            scope={scope}
            onSelect={select}
            onOpen={open}
            onFocus={(id) => (isDataset(id) ? onFocus(id) : open(id))}
            withFiles={state.withFiles}
            onFiles={state.setWithFiles}
            openedFolds={state.openedFolds.size}
            onFoldAgain={state.foldAgain}
            pictureName={focus ?? 'lineage'}
          />
        </LineageActionsContext>
      )}
    </div>
  )
}

/** Which nodes show their columns; the focus does, a few of them. */
function useShownColumns(focus: string | null) {
  const [columns, setColumns] = useState<ReadonlyMap<string, ColumnsShown>>(() => new Map(focus === null ? [] : [[focus, 'few']]))
  useEffect(() => {
    if (focus !== null) setColumns((now) => (now.has(focus) ? now : new Map([...now, [focus, 'few']])))
  }, [focus])
  const toggle = useCallback((id: string) => setColumns((now) => new Map([...now, [id, (now.get(id) ?? 'none') === 'none' ? 'few' : 'none']])), [])
  const showAll = useCallback((id: string) => setColumns((now) => new Map([...now, [id, 'all']])), [])
  return { columns, toggle, showAll }
}

function useDrawnGraph(graph: LineageGraph, { visible, withFiles, focus, selected, openedFolds }: LineageState, path: ChosenColumn['path']) {
  return useMemo(
    () => drawGraph({ graph, visible, withFiles, opened: openedFolds, alone: new Set([focus, selected, ...(path?.columns.keys() ?? [])].filter((id) => id !== null)) }),
    [graph, visible, withFiles, focus, selected, openedFolds, path],
  )
}

/** Data type by data type, so that the layout keeps each together where it can; files beside their dataset. */
function inTypeOrder(graph: LineageGraph, drawn: readonly DrawnNode[]): DrawnNode[] {
  const order = new Map([...new Set(graph.nodes.map((node) => node.dataType))].map((type, index) => [type, index]))
  const place = (node: DrawnNode): { type: number; zone: number; name: string } => {
    const dataset = node.kind === 'fold' ? (node.members[0]?.dataset ?? '') : node.kind === 'files' ? node.dataset : node.id
    return { type: order.get(dataset.split('.', 1)[0] ?? '') ?? 0, zone: zoneIndex(node.zone), name: dataset }
  }
  return drawn.map((node) => ({ node, at: place(node) })).sort((a, b) => a.at.type - b.at.type || a.at.zone - b.at.zone || a.at.name.localeCompare(b.at.name)).map(({ node }) => node)
}
