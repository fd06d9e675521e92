import { Handle, type NodeProps, Position } from '@xyflow/react'
import { countOf, formatBytes } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import type { DrawnFiles } from './drawn-graph.ts'
import type { FilesFlowNode } from './lineage-flow.ts'

/** The files a dataset was read from, or those that were handed out from it: one node, however many there are. */
export function FilesNode({ data: { files, selected, flat } }: NodeProps<FilesFlowNode>) {
  const { side, sizeBytes, at } = files
  return (
    <div className={`ln-node files${selected ? ' selected' : ''}${flat ? ' flat' : ''}`} role='group' aria-label={filesWords(files)} aria-current={selected || undefined} tabIndex={selected ? 0 : -1} data-dataset={files.id}>
      <Handle type='target' position={Position.Left} isConnectable={false} />
      <Handle type='source' position={Position.Right} isConnectable={false} />
      <div className='ln-head'>
        <Icon name={side === 'sources' ? 'file' : 'exports'} size={13} />
        <span className='mono cut' title={files.names.join('\n')}>{filesTitle(files)}</span>
      </div>
      <div className='ln-sub'>
        <span>{side === 'sources' ? 'delivered' : 'handed out'} <TimeAgo at={at} /></span>
        <span className='end'>{sizeBytes === 0 ? '' : formatBytes(sizeBytes)}</span>
      </div>
    </div>
  )
}

/** The file's name, or how many there are. */
export function filesTitle({ side, names }: DrawnFiles): string {
  const [first] = names
  return names.length === 1 && first !== undefined ? first : countOf(names.length, side === 'sources' ? 'delivered file' : 'export')
}

function filesWords(files: DrawnFiles): string {
  return files.side === 'sources' ? `Source of ${files.dataset}: ${filesTitle(files)}` : `Handed out from ${files.dataset}: ${filesTitle(files)}`
}
