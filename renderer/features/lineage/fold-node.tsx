import { Handle, type NodeProps, Position } from '@xyflow/react'
import type { LineageNode } from '../../../shared/contract/lineage.contract.ts'
import { countOf, sentence } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { Status, type StatusName } from '../../ui/status.tsx'
import { type FoldFlowNode, nodeStatus } from './lineage-flow.ts'
import { useLineageActions } from './lineage-view.ts'

/** Many datasets that are made from the same and read by the same, as one stack. */
export function FoldNode({ data: { fold, selected, flat } }: NodeProps<FoldFlowNode>) {
  const { openFold } = useLineageActions()
  const { members } = fold
  const { status, words } = worstOf(members)
  return (
    <div className={`ln-node fold${selected ? ' selected' : ''}${flat ? ' flat' : ''}`} role='group' aria-label={`${countOf(members.length, 'dataset')} alike in ${fold.zone}: ${words}`} aria-current={selected || undefined} tabIndex={selected ? 0 : -1} data-dataset={fold.id}>
      <Handle type='target' position={Position.Left} isConnectable={false} />
      <Handle type='source' position={Position.Right} isConnectable={false} />
      <div className='ln-head'><span className='strong cut'>{countOf(members.length, 'dataset')} alike</span></div>
      <div className='ln-sub'>
        <Status small status={status} text={words} />
        <span className='cut end mono'>{typesOf(members)}</span>
      </div>
      <div className='ln-foot'>
        <button
          type='button'
          className='nodrag nopan'
          title={members.map(({ name }) => name).join('\n')}
          onClick={(event) => {
            event.stopPropagation()
            openFold(fold.id)
          }}
        >
          <Icon name='right' size={10} />
          Show each of them
        </button>
      </div>
    </div>
  )
}

const WORST_FIRST: readonly StatusName[] = ['failed', 'interrupted', 'warning', 'waiting', 'running', 'retrying', 'cancelled', 'pending', 'queued', 'skipped', 'reused', 'succeeded']

/** The state that needs a look most, and how many are in it. */
export function worstOf(members: readonly LineageNode[]): { status: StatusName; words: string } {
  const states = members.map((member) => nodeStatus(member))
  const worst = WORST_FIRST.find((status) => states.some((state) => state.status === status)) ?? 'succeeded'
  const those = states.filter(({ status }) => status === worst)
  const word = those[0]?.word ?? sentence(worst)
  return { status: worst, words: those.length === members.length ? word : `${word}: ${those.length}` }
}

export function typesOf(members: readonly LineageNode[]): string {
  const types = [...new Set(members.map(({ dataType }) => dataType))]
  return types.length === 1 ? (types[0] ?? '') : `${types.length} data types`
}
