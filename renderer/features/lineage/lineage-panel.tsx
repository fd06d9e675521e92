import { type ReactNode, useState } from 'react'
import type { LineageGraph, LineageNode } from '../../../shared/contract/lineage.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { checkCountsText, checkTotal } from '../../../shared/domain/check-counts.ts'
import { dataAddress, exportsAddress, lineageAddress, runAddress } from '../../ui/addresses.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatBytes, formatCount, shortHash } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import type { ColumnRef } from './column-path.ts'
import { ImpactLists, ImpactNote, useImpact } from './impact-lists.tsx'
import { nodeStatus } from './lineage-flow.ts'
import { type Neighbours, reach } from './neighbourhood.ts'

interface LineagePanelProps {
  graph: LineageGraph
  neighbours: Neighbours
  /** What is chosen: a dataset, files or a stack. */
  selected: string | null
  /** The chosen dataset; null where something else is chosen. */
  node: LineageNode | null
  /** The run as of which the graph is; undefined for now. */
  asOf: RunRef | undefined
  onSelect: (dataset: string) => void
  onColumn: (column: ColumnRef) => void
}

/** Facts of the selected dataset, what it was made from, and what was made from it. */
export function LineagePanel(props: LineagePanelProps) {
  const { graph, node, selected } = props
  const files = node === null && selected !== null ? filesOf(graph, selected) : null
  return (
    <SidePanel label='About the selected dataset'>
      {files !== null ? <FilesFacts {...files} /> : node === null ? (
        <EmptyState inline title='No dataset is chosen'>Click one, or walk to one with the arrow keys, to see where it came from and what depends on it.</EmptyState>
      ) : (
        <NodeFacts key={node.dataset} {...props} node={node} />
      )}
    </SidePanel>
  )
}

function NodeFacts({ graph, neighbours, node, asOf, onSelect, onColumn }: LineagePanelProps & { node: LineageNode }) {
  const sources = graph.sources.filter((source) => source.dataset === node.dataset)
  const exports = graph.exports.filter((one) => one.dataset === node.dataset)
  const impact = useImpact({ dataset: node.dataset }, { asOf, version: asOf === undefined ? (node.version ?? undefined) : undefined, enabled: node.version !== null })
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
        {exports.length > 0 && <ExportList exports={exports} />}
        {impact.error !== null && <ErrorState problem={problemOf(impact.error)} onRetry={() => void impact.refetch()} />}
        {impact.data !== undefined && <div className='ln-impact'><ImpactNote impact={impact.data} /></div>}
        {impact.data !== undefined && impact.data.columns.length > 0 && <Folded label='What a change would reach'><ImpactLists impact={impact.data} choose={onColumn} /></Folded>}
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

function ExportList({ exports }: { exports: LineageGraph['exports'] }) {
  return (
    <section>
      <PanelHead title='Handed out' remark={countOf(exports.length, 'file')} />
      <ul className='ln-list'>
        {exports.map(({ id, path, sizeBytes, startedAt, version }) => (
          <li key={id}>
            <div className='row row-4'><Icon name='exports' size={13} /><span className='mono cut strong' title={path}>{path.split(/[/\\]/).at(-1)}</span><span className='end t3 s11'>{sizeBytes === null ? '' : formatBytes(sizeBytes)}</span></div>
            <div className='ln-line2'>{`v${version}, written `}<TimeAgo at={startedAt} /></div>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The files of a node of files. */
function filesOf(graph: LineageGraph, selected: string): Pick<LineageGraph, 'sources' | 'exports'> & { dataset: string } | null {
  const [, side, dataset] = /^(sources|exports) of (.+)$/.exec(selected) ?? []
  if (dataset === undefined) return null
  return { dataset, sources: side === 'sources' ? graph.sources.filter((one) => one.dataset === dataset) : [], exports: side === 'exports' ? graph.exports.filter((one) => one.dataset === dataset) : [] }
}

function FilesFacts({ dataset, sources, exports }: NonNullable<ReturnType<typeof filesOf>>) {
  return (
    <>
      <div className='block ln-title'>
        <div className='strong'>{sources.length > 0 ? 'Delivered files' : 'Files handed out'}</div>
        <div className='t3 s12 mono cut' title={dataset}>{dataset}</div>
      </div>
      <div className='scroll ln-lists' tabIndex={0} aria-label='Files'>
        {sources.length > 0 && <SourceList key={dataset} sources={sources} />}
        {exports.length > 0 && <ExportList exports={exports} />}
      </div>
      <div className='ln-actions'><LinkButton icon={sources.length > 0 ? 'table' : 'exports'} href={sources.length > 0 ? dataAddress(dataset) : exportsAddress}>{sources.length > 0 ? 'Open in Data' : 'Open Exports'}</LinkButton></div>
    </>
  )
}

function Folded({ label, children }: { label: string; children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <div className='ln-impact'><Button small icon={open ? 'down' : 'right'} iconSize={11} onClick={() => setOpen(!open)}>{label}</Button></div>
      {open && children}
    </>
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
