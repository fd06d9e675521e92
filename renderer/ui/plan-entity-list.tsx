import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'
import { countOf, formatCount } from './format.ts'
import { LoadingState } from './loading-state.tsx'
import { type TableColumn, VirtualTable } from './virtual-table.tsx'

export interface PlanEntity {
  entityId: string
  reason: string
}

/** The entities that one step would work on, a page at a time. */
export interface PlanEntityRows {
  /** The step they are of; null when none is looked at. */
  dataset: string | null
  look: (dataset: string | null) => void
  /** Entities to work on, and how many the step has in all; null as long as that is not known. */
  counts: { todo: number; total: number } | null
  /** False: what the step reads has yet to be made. */
  isKnown: boolean
  isPending: boolean
  rowAt: (index: number) => PlanEntity | undefined
  onRange: (first: number, last: number) => void
}

const COLUMNS: readonly TableColumn<PlanEntity>[] = [
  { id: 'id', header: 'Entity', width: 'minmax(120px, 0.5fr)', cell: ({ entityId }) => <span className='mono'>{entityId}</span>, title: ({ entityId }) => entityId },
  { id: 'why', header: 'Why', width: 'minmax(0, 1fr)', cell: ({ reason }) => reason, title: ({ reason }) => reason },
]

/** Which entities a step would work on, and why each. */
export function PlanEntityList({ rows }: { rows: PlanEntityRows }) {
  const { dataset, counts, isKnown } = rows
  const remark = counts === null || !isKnown ? '' : `${formatCount(counts.todo)} of ${countOf(counts.total, 'entity', 'entities')} to work on`
  return (
    <div className='plan-entities'>
      <div className='plan-entities-head'>
        <Button small icon='left' iconSize={12} onClick={() => rows.look(null)} autoFocus>All steps</Button>
        <span className='mono strong cut'>{dataset}</span>
        <span className='t2 nw'>{remark}</span>
      </div>
      <Entities rows={rows} />
    </div>
  )
}

function Entities({ rows: { dataset, counts, isKnown, isPending, rowAt, onRange } }: { rows: PlanEntityRows }) {
  if (isPending) return <LoadingState rows={6}>Looking at the rows that it reads</LoadingState>
  if (!isKnown) return <EmptyState inline title='Not known yet'>What this step reads is made by a step before it: which entities that changes is known when it has run.</EmptyState>
  if (counts === null || counts.todo === 0) return <EmptyState inline title='No entity needs work'>All keep what they have.</EmptyState>
  return <VirtualTable label={`Entities of ${dataset ?? ''}`} columns={COLUMNS} total={counts.todo} rowAt={rowAt} onRange={onRange} rowKey={({ entityId }) => entityId} />
}
