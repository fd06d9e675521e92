import type { ColumnOrigin, ColumnWay } from '../../../shared/contract/column-lineage.contract.ts'
import type { LineageGraph, LineageNode } from '../../../shared/contract/lineage.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { problemOf } from '../../api/problem-of.ts'
import { dataAddress, lineageAddress } from '../../ui/addresses.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { IconButton, LinkButton, Segmented } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { LoadingState } from '../../ui/loading-state.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import type { ColumnRef } from './column-path.ts'
import { ColumnLine, ImpactLists, ImpactNote, useImpact } from './impact-lists.tsx'
import type { ChosenColumn } from './use-column-path.ts'

interface ColumnPanelProps {
  graph: LineageGraph
  column: ColumnRef
  chosen: ChosenColumn
  asOf: RunRef | undefined
}

/** Where the chosen column comes from, and what a change of it would reach. */
export function ColumnPanel({ graph, column, chosen, asOf }: ColumnPanelProps) {
  const node = graph.nodes.find(({ dataset }) => dataset === column.dataset)
  const version = node?.version ?? undefined
  const impact = useImpact(column, asOf === undefined ? { version } : { asOf })
  return (
    <SidePanel label='About the chosen column'>
      <div className='block'>
        <ColumnTitle column={column} node={node} onClose={() => chosen.choose(null)} />
        {impact.data !== undefined && <ImpactNote impact={impact.data} />}
        <div className='row ln-on-graph'>
          <span className='t2 s12'>On the graph</span>
          <Segmented label='What of the column is on the graph' value={chosen.withIndirect ? 'all' : 'values'} onChange={(value) => chosen.setWithIndirect(value === 'all')} options={[{ value: 'values', label: 'Values' }, { value: 'all', label: 'Joins and filters too' }]} />
        </div>
      </div>
      <div className='scroll ln-lists' tabIndex={0} aria-label='Where the column comes from and goes to'>
        <ColumnOrigins chosen={chosen} isExtract={node?.kind === 'extract'} />
        {impact.error !== null && <ErrorState problem={problemOf(impact.error)} onRetry={() => void impact.refetch()} />}
        {impact.data !== undefined && <ImpactLists impact={impact.data} choose={chosen.choose} />}
      </div>
      <div className='ln-actions'>
        <LinkButton icon='table' href={dataAddress(column.dataset, asOf === undefined ? {} : { v: version })}>Open in Data</LinkButton>
        <LinkButton icon='lineage' href={lineageAddress(column.dataset, { asOf, column: column.column })}>Focus here</LinkButton>
      </div>
    </SidePanel>
  )
}

function ColumnTitle({ column, node, onClose }: { column: ColumnRef; node: LineageNode | undefined; onClose: () => void }) {
  const type = node?.columns.find(({ name }) => name === column.column)?.type.toLowerCase()
  return (
    <div className='row ln-title'>
      {node !== undefined && <ZoneMark zone={node.zone} size={16} />}
      <div className='cut grow'>
        <div className='mono strong cut' title={column.column}>{column.column}</div>
        <div className='t3 s12 cut' title={column.dataset}>{`${type ?? 'column'} of `}<span className='mono'>{column.dataset}</span></div>
      </div>
      <IconButton small variant='quiet' icon='close' iconSize={12} label='No column' onClick={onClose} />
    </div>
  )
}

function ColumnOrigins({ chosen: { error, isReading, origin, choose }, isExtract }: { chosen: ChosenColumn; isExtract: boolean }) {
  if (error !== null) return <ErrorState problem={problemOf(error)} />
  if (isReading) return <LoadingState>Reading what columns come from</LoadingState>
  return origin === null ? null : <Sources origin={origin} isExtract={isExtract} choose={choose} />
}

interface SourcesProps {
  origin: ColumnOrigin
  isExtract: boolean
  choose: (column: ColumnRef) => void
}

function Sources({ origin: { sources, unknown }, isExtract, choose }: SourcesProps) {
  const inOrder = sources.toSorted((a, b) => Number(b.ways.includes('value')) - Number(a.ways.includes('value')))
  return (
    <section>
      <PanelHead title='Comes from' remark={sources.length === 0 ? '' : countOf(sources.length, 'column')} />
      <ul className='ln-list'>
        {inOrder.map(({ dataset, column, ways }) => <ColumnLine key={`${dataset} ${column}`} column={{ dataset, column }} words={ways.map((way) => WAY_WORDS[way]).join(', ')} choose={choose} />)}
        {unknown.map((reason) => <li key={reason} className='row row-4 s12'><Icon name='warn' size={13} />{`Not known: ${reason}`}</li>)}
        {sources.length === 0 && unknown.length === 0 && <li className='t3 s12'>{isExtract ? 'The delivered files.' : 'No column: it is made in the statement.'}</li>}
      </ul>
    </section>
  )
}

const WAY_WORDS: Readonly<Record<ColumnWay, string>> = {
  value: 'gives its values', join: 'decides which rows meet', filter: 'decides which rows stay', group: 'groups the rows', order: 'orders the rows', window: 'says which rows a window holds',
}
