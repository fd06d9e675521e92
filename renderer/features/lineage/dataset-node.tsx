import { Handle, type NodeProps, Position } from '@xyflow/react'
import type { LineageNode } from '../../../shared/contract/lineage.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { countOf, formatCount, sentence } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Status } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { type DatasetFlowNode, type FlowNodeData, nodeStatus } from './lineage-flow.ts'
import { useLineageActions } from './lineage-view.ts'
import { shownColumns } from './node-size.ts'

/** A dataset on the canvas: name and rows, state and data type, version, and its columns when asked. */
export function DatasetNode({ data }: NodeProps<DatasetFlowNode>) {
  const { node, focus, selected, flat, hidden, expanded } = data
  const { status, word } = nodeStatus(node)
  const classes = ['ln-node', focus ? 'focus' : '', selected ? 'selected' : '', flat ? 'flat' : '', hidden.upstream > 0 || expanded.upstream ? 'more-up' : '', hidden.downstream > 0 || expanded.downstream ? 'more-down' : ''].join(' ')
  return (
    <div className={classes} role='group' aria-label={nodeWords(node)} aria-current={selected || undefined} tabIndex={selected ? 0 : -1} data-dataset={node.dataset}>
      <Handle type='target' position={Position.Left} isConnectable={false} />
      <Handle type='source' position={Position.Right} isConnectable={false} />
      <div className='ln-head'>
        <span className='mono cut' title={node.dataset}>{node.name}</span>
        <span className='end'>{node.rowCount === null ? '' : formatCount(node.rowCount)}</span>
      </div>
      <div className='ln-sub'>
        <Status small status={status} text={word} />
        <span className='cut end mono' title={`Data type ${node.dataType}`}>{node.dataType}</span>
      </div>
      <NodeFoot data={data} />
      <NodeColumns data={data} />
      <HiddenPill data={data} side='upstream' />
      <HiddenPill data={data} side='downstream' />
    </div>
  )
}

/** What is read of a node that cannot be seen. */
export function nodeWords(node: LineageNode): string {
  const { status, word } = nodeStatus(node)
  const rows = node.rowCount === null ? 'no rows yet' : countOf(node.rowCount, 'row')
  const version = node.version === null ? '' : `, version ${node.version}`
  return `${word ?? sentence(status)}, ${node.name}, ${node.zone} of ${node.dataType}, ${rows}${version}`
}

function NodeFoot({ data: { node, shown } }: { data: FlowNodeData }) {
  const { toggleColumns } = useLineageActions()
  return (
    <div className='ln-foot'>
      {node.columns.length === 0 ? <span>no columns yet</span> : (
        <button
          type='button'
          className='nodrag nopan'
          aria-expanded={shown !== 'none'}
          aria-label={`${countOf(node.columns.length, 'column')} of ${node.name}`}
          onClick={(event) => {
            event.stopPropagation()
            toggleColumns(node.dataset)
          }}
        >
          <Icon name={shown === 'none' ? 'right' : 'down'} size={10} />
          {countOf(node.columns.length, 'column')}
        </button>
      )}
      <NodeVersion node={node} />
    </div>
  )
}

/** Version and how fresh it is; the run is read on hover. */
function NodeVersion({ node: { version, runNumber, publishedAt } }: { node: LineageNode }) {
  if (version === null) return <span className='end'>not made yet</span>
  return (
    <span className='end nw' title={runNumber === null ? undefined : `made by run #${runNumber}`}>
      {`v${version}`}
      {publishedAt !== null && <>, <TimeAgo at={publishedAt} /></>}
    </span>
  )
}

const KIND_MARKS: Readonly<Record<Column['kind'], string>> = {
  text: 'abc', number: '123', boolean: 'bool', date: 'date', timestamp: 'time', time: 'time', nested: '{ }', binary: 'bin', other: '?',
}

function NodeColumns({ data: { node, shown, path, chosen } }: { data: FlowNodeData }) {
  const { showAllColumns, chooseColumn } = useLineageActions()
  const columns = shownColumns(node, shown, path)
  if (columns.length === 0) return null
  const more = node.columns.length - columns.length
  return (
    <ul className='ln-columns'>
      {columns.map((column) => (
        <li key={column.name} className={path?.has(column.name.toLowerCase()) === true ? 'on' : ''}>
          <button
            type='button'
            className='ln-column nodrag nopan'
            title={`${column.name}: ${column.type.toLowerCase()}`}
            aria-label={`Column ${column.name} of ${node.name}: where it comes from and goes to`}
            aria-pressed={chosen?.toLowerCase() === column.name.toLowerCase()}
            onClick={(event) => {
              event.stopPropagation()
              chooseColumn({ dataset: node.dataset, column: column.name })
            }}
          >
            <span className='cut'>{column.name}</span>
            <span className='end'>{column.kind === 'number' && /^(DEC|DOUBLE|FLOAT|REAL)/i.test(column.type) ? '1.2' : KIND_MARKS[column.kind]}</span>
          </button>
        </li>
      ))}
      {more > 0 && (
        <li>
          <button
            type='button'
            className='nodrag nopan'
            onClick={(event) => {
              event.stopPropagation()
              showAllColumns(node.dataset)
            }}
          >
            {countOf(more, 'more column')}
          </button>
        </li>
      )}
    </ul>
  )
}

/** "+3": neighbours that are not drawn; brings them. "−" takes back what it brought. */
function HiddenPill({ data: { node, hidden, expanded }, side }: { data: FlowNodeData; side: 'upstream' | 'downstream' }) {
  const { expand, collapse } = useLineageActions()
  const count = hidden[side]
  if (count === 0 && !expanded[side]) return null
  const brings = count > 0
  return (
    <button
      type='button'
      className={`ln-more ${side} nodrag nopan`}
      aria-label={brings ? `Show ${count} ${side} of ${node.name}` : `Hide again what is ${side} of ${node.name}`}
      title={brings ? `${countOf(count, 'dataset')} ${side}, not shown` : `Hide again what is ${side}`}
      onClick={(event) => {
        event.stopPropagation()
        if (brings) expand(node.dataset, side)
        else collapse(node.dataset, side)
      }}
    >
      {brings ? `+${count}` : '−'}
    </button>
  )
}
