import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { LineageGraph } from '../../../shared/contract/lineage.contract.ts'
import { zoneIndex } from '../../../shared/domain/zone.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, goTo, lineageAddress, overviewAddress } from '../../ui/addresses.ts'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { useElementSize } from '../../ui/use-element-size.ts'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ColumnPanel } from './column-panel.tsx'
import { LineageCanvas } from './lineage-canvas.tsx'
import { edgeId, toFlow } from './lineage-flow.ts'
import { MomentPicker } from './moment-picker.tsx'
import { LineagePanel } from './lineage-panel.tsx'
import { LineageTable } from './lineage-table.tsx'
import { type Extent, LineageToolbar, type Presentation } from './lineage-toolbar.tsx'
import { type LineageActions, LineageActionsContext } from './lineage-view.ts'
import { type ColumnsShown, nodeHeight } from './node-size.ts'
import { type Direction, type Expansion, toNeighbours, visibleAround } from './neighbourhood.ts'
import { type ChosenColumn, useColumnPath } from './use-column-path.ts'
import { type ElkHandle, useElk, useLaneLayout } from './use-lane-layout.ts'
import './lineage.css'

/** Graphs up to this size open whole around a focus, and up to the other one when no focus is given. */
const SMALL_GRAPH = 40
const SMALL_ENOUGH_WITHOUT_FOCUS = 120

/** Which dataset was made from which, over exact versions, in the five zones. */
export function LineageScreen() {
  const { dataset } = useParams({ strict: false })
  const at = useMoment(dataset)
  const { queries } = useApi()
  const elk = useElk()
  const graph = useQuery(queries.lineage.graph.queryOptions({ input: at.input }))
  if (graph.data === undefined) {
    return <div className='view'>{graph.error === null ? <LoadingState center>Reading which dataset was made from which</LoadingState> : <ErrorState problem={problemOf(graph.error)} onRetry={() => void graph.refetch()} />}</div>
  }
  if (graph.data.nodes.length === 0) {
    return (
      <div className='view'>
        <EmptyState icon='lineage' title='There is no pipeline yet' actions={<LinkButton variant='primary' href={overviewAddress}>Open overview</LinkButton>}>
          Lineage shows which dataset is made from which. It appears as soon as the workspace has a pipeline, and gets its versions with the first run.
        </EmptyState>
      </div>
    )
  }
  return <LineageView key={`${dataset ?? ''} ${at.column ?? ''} ${JSON.stringify(at.input)}`} elk={elk} graph={graph.data} dataset={dataset ?? null} moment={at} />
}

/** Of which versions the graph is: those of now, those around one version, or those as of a run. */
interface Moment {
  input: { focus?: string; version?: number; asOf?: RunRef }
  asOf: RunRef | undefined
  version: number | undefined
  /** The chosen column of the focus. */
  column: string | undefined
}

function useMoment(dataset: string | undefined): Moment {
  const { v, type, run, column } = useSearch({ strict: false })
  const asOf = type === undefined || run === undefined ? undefined : { dataType: type, runNumber: run }
  const isVersion = v !== undefined && dataset !== undefined && asOf === undefined
  return { input: asOf !== undefined ? { asOf } : isVersion ? { focus: dataset, version: v } : {}, asOf, version: isVersion ? v : undefined, column }
}

/** What is looked at, and how; a new dataset in the address begins anew. */
function useLineageState(graph: LineageGraph, dataset: string | null) {
  const known = graph.nodes.some((node) => node.dataset === dataset) ? dataset : null
  const opensWhole = graph.nodes.length <= (known === null ? SMALL_ENOUGH_WITHOUT_FOCUS : SMALL_GRAPH)
  const [focus, setFocus] = useState(() => known ?? startingFocus(graph))
  const [selected, setSelected] = useState<string | null>(known !== null || !opensWhole ? focus : null)
  const [direction, setDirection] = useState<Direction>('both')
  const [extent, setExtent] = useState<Extent>(opensWhole ? 'all' : 'around')
  const [hops, setHops] = useState(1)
  const [expanded, setExpanded] = useState<readonly Expansion[]>([])
  const expand = useCallback((id: string, side: Expansion['side']): void => setExpanded((now) => [...now, { id, side }]), [])
  const neighbours = useMemo(() => toNeighbours(graph.edges), [graph.edges])
  const visible = useMemo(
    () => (extent === 'all' ? new Set(graph.nodes.map((node) => node.dataset)) : visibleAround({ focus, neighbours, direction, hops, expanded })),
    [extent, graph.nodes, focus, neighbours, direction, hops, expanded],
  )
  return {
    known,
    focus: extent === 'all' && known === null ? null : focus,
    scope: extent === 'all' ? 'all' : `around ${focus}`,
    selected,
    select: setSelected,
    direction,
    setDirection,
    extent,
    changeExtent: (next: Extent): void => {
      if (next === 'around' && selected !== null) setFocus(selected)
      setExtent(next)
    },
    hops,
    setHops,
    expand,
    neighbours,
    visible,
  }
}

type LineageState = ReturnType<typeof useLineageState>

function LineageView({ elk, graph, dataset, moment }: { elk: ElkHandle; graph: LineageGraph; dataset: string | null; moment: Moment }) {
  const { asOf } = moment
  const state = useLineageState(graph, dataset)
  const [presentation, setPresentation] = useState<Presentation>('graph')
  const [panelOpen, setPanelOpen] = useState(true)
  const { selected, select, visible, neighbours } = state
  const chosen = useColumnPath({ moment: moment.input, initial: moment.column === undefined || dataset === null ? null : { dataset, column: moment.column }, direction: state.direction })
  const togglePanel = (): void => setPanelOpen((open) => !open)
  useShortcut('ctrl+j', togglePanel)
  useShortcut('l', () => selected !== null && goTo(lineageAddress(selected, { asOf })))
  const find = (target: string): void => {
    if (visible.has(target)) select(target)
    else goTo(lineageAddress(target, { asOf }))
  }
  return (
    <div className='view'>
      <section className='main' aria-label='Lineage'>
        <LineageToolbar
          nodes={graph.nodes}
          direction={state.direction}
          onDirection={state.setDirection}
          extent={state.extent}
          onExtent={state.changeExtent}
          hops={state.hops}
          onHops={state.setHops}
          presentation={presentation}
          onPresentation={setPresentation}
          onFind={find}
          moment={<MomentPicker moment={moment} dataset={dataset} dataTypes={[...new Set(graph.nodes.map((node) => node.dataType))]} />}
          panelOpen={panelOpen}
          onPanel={togglePanel}
        />
        {dataset !== null && state.known === null && <div className='ln-note'><Note status='warning'>This workspace has no dataset <span className='mono'>{dataset}</span>. The graph shows what it has.</Note></div>}
        {presentation === 'table'
          ? <LineageTable graph={graph} neighbours={neighbours} visible={visible} selected={selected} onSelect={select} />
          : <GraphArea elk={elk} graph={graph} state={state} chosen={chosen} onFocus={(id) => goTo(lineageAddress(id, { asOf }))} />}
      </section>
      {panelOpen && chosen.column !== null && <ColumnPanel graph={graph} column={chosen.column} chosen={chosen} asOf={asOf} />}
      {panelOpen && chosen.column === null && <LineagePanel graph={graph} neighbours={neighbours} node={graph.nodes.find((node) => node.dataset === selected) ?? null} asOf={asOf} onSelect={find} />}
    </div>
  )
}

interface GraphAreaProps {
  elk: ElkHandle
  graph: LineageGraph
  state: LineageState
  chosen: ChosenColumn
  onFocus: (dataset: string) => void
}

function GraphArea({ elk, graph, state, chosen: { path, choose }, onFocus }: GraphAreaProps) {
  const { visible, focus, selected, direction, neighbours, scope, select, expand } = state
  const area = useRef<HTMLDivElement>(null)
  const size = useElementSize(area)
  const { columns, toggle, showAll } = useShownColumns(focus)
  const layoutNodes = useMemo(
    () => inTypeOrder(graph).filter((node) => visible.has(node.dataset)).map((node) => ({ id: node.dataset, zone: node.zone, height: nodeHeight(node, columns.get(node.dataset) ?? 'none', path?.columns.get(node.dataset)) })),
    [graph, visible, columns, path],
  )
  const layoutEdges = useMemo(() => graph.edges.map((edge) => ({ id: edgeId(edge), from: edge.from, to: edge.to })), [graph.edges])
  const { layout, error } = useLaneLayout({ elk, nodes: layoutNodes, edges: layoutEdges, viewWidth: size.width })
  const flow = useMemo(
    () => (layout === null ? null : toFlow({ graph, layout, neighbours, visible, focus, selected, direction, columns, path })),
    [graph, layout, neighbours, visible, focus, selected, direction, columns, path],
  )
  const actions = useMemo<LineageActions>(() => ({ expand, toggleColumns: toggle, showAllColumns: showAll, chooseColumn: choose }), [expand, toggle, showAll, choose])
  return (
    <div ref={area} className='ln-area'>
      {error !== null && layout === null && <ErrorState problem={problemOf(error)}>The graph could not be laid out; the table shows the same.</ErrorState>}
      {layout === null && error === null && <LoadingState center>{`Laying out ${layoutNodes.length} datasets`}</LoadingState>}
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
            onOpen={(id) => goTo(dataAddress(id))}
            onFocus={onFocus}
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

/** Data type by data type, so that the layout keeps each together where it can. */
function inTypeOrder(graph: LineageGraph): LineageGraph['nodes'] {
  const order = [...new Set(graph.nodes.map((node) => node.dataType))]
  return [...graph.nodes].sort((a, b) => order.indexOf(a.dataType) - order.indexOf(b.dataType) || zoneIndex(a.zone) - zoneIndex(b.zone) || a.name.localeCompare(b.name))
}

/** Without a dataset in the address: the furthest dataset that has a version, else the furthest there is. */
function startingFocus(graph: LineageGraph): string {
  const rank = (node: LineageGraph['nodes'][number]) => (node.version === null ? 0 : 10) + zoneIndex(node.zone)
  return graph.nodes.reduce((best, node) => (rank(node) > rank(best) ? node : best)).dataset
}
