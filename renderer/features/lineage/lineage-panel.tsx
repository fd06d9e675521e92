import { useState } from 'react'
import type { LineageGraph, LineageNode } from '../../../shared/contract/lineage.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { checkCountsText, checkTotal } from '../../../shared/domain/check-counts.ts'
import { dataAddress, lineageAddress, runAddress } from '../../ui/addresses.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatBytes, formatCount, shortHash } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { nodeStatus } from './lineage-flow.ts'
import { type Neighbours, reach } from './neighbourhood.ts'

interface LineagePanelProps {
  graph: LineageGraph
  neighbours: Neighbours
  node: LineageNode | null
  /** The run as of which the graph is; undefined for now. */
  asOf: RunRef | undefined
  onSelect: (dataset: string) => void
}

/** Facts of the selected dataset, what it was made from, and what was made from it. */
export function LineagePanel({ graph, neighbours, node, asOf, onSelect }: LineagePanelProps) {
  return (
    <SidePanel label='About the selected dataset'>
      {node === null ? (
        <EmptyState inline title='No dataset is chosen'>Click one, or walk to one with the arrow keys, to see where it came from and what depends on it.</EmptyState>
      ) : (
        <NodeFacts graph={graph} neighbours={neighbours} node={node} asOf={asOf} onSelect={onSelect} />
      )}
    </SidePanel>
  )
}

function NodeFacts({ graph, neighbours, node, asOf, onSelect }: LineagePanelProps & { node: LineageNode }) {
  const sources = graph.sources.filter((source) => source.dataset === node.dataset)
  const downstream = reach(node.dataset, neighbours.downstream)
  return (
    <>
      <div className='block'>
        <div className='row ln-title'>
          <ZoneMark zone={node.zone} size={16} />
          <div className='cut'>
            <div className='mono strong cut' title={node.dataset}>{node.name}</div>
            <div className='t3 s12 cut'>{`${node.zone}, ${kindWord(node)} of `}<span className='mono'>{node.dataType}</span></div>
          </div>
        </div>
        <Facts node={node} />
      </div>
      <div className='scroll ln-lists' tabIndex={0} aria-label='Sources, upstream and downstream'>
        {sources.length > 0 && (
          <SourceList key={node.dataset} sources={sources} />
        )}
        <NodeList title='Upstream' graph={graph} of={node.dataset} side='upstream' neighbours={neighbours} onSelect={onSelect} />
        <NodeList title='Downstream' graph={graph} of={node.dataset} side='downstream' neighbours={neighbours} onSelect={onSelect} />
        {downstream.size > 0 && <p className='ln-impact t2 s12'>{impactWords(downstream, graph)}</p>}
      </div>
      <div className='ln-actions'>
        {node.version !== null && <LinkButton icon='table' href={dataAddress(node.dataset, asOf === undefined ? {} : { v: node.version })}>Open in Data</LinkButton>}
        <LinkButton icon='lineage' href={lineageAddress(node.dataset, { asOf })}>Focus here</LinkButton>
      </div>
    </>
  )
}

const KIND_WORDS: Readonly<Record<LineageNode['kind'], string>> = { extract: 'extract', sql: 'SQL step', entity: 'entity step' }

function kindWord(node: LineageNode): string {
  return KIND_WORDS[node.kind]
}

function Facts({ node }: { node: LineageNode }) {
  const { status, word } = nodeStatus(node)
  const total = checkTotal(node.checks)
  return (
    <dl className='kv'>
      <dt>State</dt><dd><Status status={status} text={word} /></dd>
      {node.version !== null && <><dt>Version</dt><dd>v{node.version}</dd></>}
      {node.runNumber !== null && <><dt>Run</dt><dd><a href={runAddress({ dataType: node.dataType, runNumber: node.runNumber })}>{node.dataType} #{node.runNumber}</a></dd></>}
      {node.publishedAt !== null && <><dt>Published</dt><dd><TimeAgo at={node.publishedAt} /></dd></>}
      {node.rowCount !== null && <><dt>Rows</dt><dd>{formatCount(node.rowCount)}</dd></>}
      <dt>Checks</dt><dd>{total === 0 ? 'none' : checkCountsText(node.checks)}</dd>
    </dl>
  )
}

const FEW_SOURCES = 5

function SourceList({ sources }: { sources: LineageGraph['sources'] }) {
  const [all, setAll] = useState(sources.length <= FEW_SOURCES + 1)
  const shown = all ? sources : sources.slice(0, FEW_SOURCES)
  return (
    <section>
      <PanelHead title='Sources' remark={countOf(sources.length, 'file')} />
      <ul className='ln-list'>
        {shown.map((source) => <SourceLine key={`${source.fileName} ${source.sha256}`} source={source} />)}
        {!all && <li><button type='button' onClick={() => setAll(true)}>{`Show all ${sources.length} files`}</button></li>}
      </ul>
    </section>
  )
}

function SourceLine({ source }: { source: LineageGraph['sources'][number] }) {
  return (
    <li>
      <div className='row row-4'><Icon name='file' size={13} /><span className='mono cut strong' title={source.fileName}>{source.fileName}</span><span className='end t3 s11'>{formatBytes(source.sizeBytes)}</span></div>
      <div className='ln-line2'>received <TimeAgo at={source.receivedAt} /></div>
      <div className='ln-line2'>SHA-256 <span className='mono' title={source.sha256}>{shortHash(source.sha256)}</span></div>
    </li>
  )
}

interface NodeListProps {
  title: string
  graph: LineageGraph
  of: string
  side: 'upstream' | 'downstream'
  neighbours: Neighbours
  onSelect: (dataset: string) => void
}

/** The neighbours on one side with the versions in between, then how many more are behind them. */
function NodeList({ title, graph, of, side, neighbours, onSelect }: NodeListProps) {
  const edges = graph.edges.filter((edge) => (side === 'upstream' ? edge.to : edge.from) === of)
  const all = reach(of, neighbours[side]).size
  const beyond = all - new Set(edges.map((edge) => (side === 'upstream' ? edge.from : edge.to))).size
  return (
    <section>
      <PanelHead title={title} remark={all === 0 ? 'none' : countOf(all, 'dataset')} />
      <ul className='ln-list'>
        {edges.map((edge) => {
          const other = side === 'upstream' ? edge.from : edge.to
          const node = graph.nodes.find((item) => item.dataset === other)
          return (
            <li key={other}>
              <button type='button' onClick={() => onSelect(other)}>
                {node !== undefined && <ZoneMark zone={node.zone} size={13} />}
                <span className='mono cut strong'>{node?.name ?? other}</span>
                <span className='end t3 s11 mono'>{node?.dataType ?? ''}</span>
              </button>
              <div className='ln-line2'>{edgeWords(edge, side)}</div>
            </li>
          )
        })}
        {beyond > 0 && <li className='t3 s12'>{`and ${countOf(beyond, 'dataset')} further ${side}`}</li>}
      </ul>
    </section>
  )
}

function edgeWords(edge: LineageGraph['edges'][number], side: 'upstream' | 'downstream'): string {
  if (edge.fromVersion === null || edge.toVersion === null) return side === 'upstream' ? 'will be read by the next run' : 'will read it in the next run'
  return side === 'upstream' ? `its v${edge.fromVersion} was read` : `its v${edge.toVersion} was made from v${edge.fromVersion}`
}

function impactWords(downstream: ReadonlySet<string>, graph: LineageGraph): string {
  const types = new Set(graph.nodes.filter((node) => downstream.has(node.dataset)).map((node) => node.dataType))
  return `A change here touches ${countOf(downstream.size, 'dataset')} in ${countOf(types.size, 'data type')}.`
}
