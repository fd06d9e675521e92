import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { LineageGraph } from '../../../shared/contract/lineage.contract.ts'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { goTo, lineageAddress, overviewAddress } from '../../ui/addresses.ts'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { Note } from '../../ui/note.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { ColumnPanel } from './column-panel.tsx'
import { GraphArea } from './graph-area.tsx'
import { MomentPicker } from './moment-picker.tsx'
import { LineagePanel } from './lineage-panel.tsx'
import { LineageTable } from './lineage-table.tsx'
import { LineageToolbar, type Presentation } from './lineage-toolbar.tsx'
import { useColumnPath } from './use-column-path.ts'
import { type ElkHandle, useElk } from './use-lane-layout.ts'
import { useLineageState } from './use-lineage-state.ts'
import './lineage.css'

/** Which dataset was made from which, over exact versions, in the five zones. */
export function LineageScreen() {
  const { dataset } = useParams({ strict: false })
  const at = useMoment(dataset)
  const elk = useElk()
  const graph = useGraph(at, dataset)
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

/** What is around a focus is a small part of a large graph, and is on screen before the rest is asked for. */
function useGraph({ input }: Moment, dataset: string | undefined) {
  const { queries, queryClient } = useApi()
  const all = queries.lineage.graph.queryOptions({ input })
  const isKnown = queryClient.getQueryData(all.queryKey) !== undefined
  const near = useQuery({ ...queries.lineage.graph.queryOptions({ input: { ...input, focus: dataset ?? '', hops: 1 } }), enabled: dataset !== undefined && !isKnown, retry: false })
  const whole = useQuery({ ...all, enabled: dataset === undefined || isKnown || !near.isPending })
  return whole.data === undefined && (near.data?.nodes.length ?? 0) > 0 ? near : whole
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

function LineageView({ elk, graph, dataset, moment }: { elk: ElkHandle; graph: LineageGraph; dataset: string | null; moment: Moment }) {
  const { asOf } = moment
  const state = useLineageState(graph, dataset)
  const [presentation, setPresentation] = useState<Presentation>('graph')
  const [panelOpen, setPanelOpen] = useState(true)
  const { selected, select, visible, neighbours } = state
  const chosen = useColumnPath({ moment: moment.input, initial: moment.column === undefined || dataset === null ? null : { dataset, column: moment.column }, direction: state.direction })
  const togglePanel = (): void => setPanelOpen((open) => !open)
  useShortcut('lineage.panel', togglePanel)
  const chosenNode = graph.nodes.find((node) => node.dataset === selected) ?? null
  useShortcut('lineage.focus', () => chosenNode !== null && goTo(lineageAddress(chosenNode.dataset, { asOf })))
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
      {panelOpen && chosen.column === null && <LineagePanel graph={graph} neighbours={neighbours} selected={selected} node={chosenNode} asOf={asOf} onSelect={find} onColumn={chosen.choose} />}
    </div>
  )
}
