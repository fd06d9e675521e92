import { Button, IconButton } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { formatCount } from '../../ui/format.ts'
import { AsOfButton } from './as-of-button.tsx'
import { usePad } from './pad.store.ts'

interface SqlHeadProps {
  isRunning: boolean
  hasSelection: boolean
  /** Why nothing can be run, kept or explained now. */
  emptyReason: string | null
  onRun: () => void
  onCancel: () => void
  onExplain: () => void
  onSave: () => void
  onMakeStep: () => void
}

const LIMITS = [1_000, 10_000, 100_000, 1_000_000]

/** What is written, at which moment it reads, and what can be done with it. */
export function SqlHead({ isRunning, hasSelection, emptyReason, onRun, onCancel, onExplain, onSave, onMakeStep }: SqlHeadProps) {
  const { panelOpen, named, text, asOf, limit, set } = usePad((state) => state)
  const isChanged = named !== null && named.sql.trimEnd() !== text.trimEnd()
  return (
    <div className='sql-head'>
      <IconButton small variant='quiet' icon={panelOpen ? 'left' : 'right'} iconSize={12} label={panelOpen ? 'Fold the side panel' : 'Show the side panel'} command='sql.panel' onClick={() => set({ panelOpen: !panelOpen })} />
      <h1 className='cut'>{named === null ? 'SQL' : named.name}</h1>
      <span className='t3 s12 cut grow'>{named === null ? 'reads datasets, changes nothing' : isChanged ? 'changed since it was saved' : `queries/${named.name}.sql`}</span>
      <SelectField label='Rows at most' width={118} value={String(limit ?? 'all')} options={[...LIMITS.map((rows) => ({ value: String(rows), label: `${formatCount(rows)} rows` })), { value: 'all', label: 'all rows' }]} onChange={(value) => set({ limit: value === 'all' ? null : Number(value) })} />
      <AsOfButton asOf={asOf} onChoose={(moment) => set({ asOf: moment })} />
      <Button icon='save' title='Keep it under a name' command='sql.save' onClick={onSave} disabledReason={emptyReason}>Save</Button>
      <Button icon='pipelines' onClick={onMakeStep} disabledReason={emptyReason}>Make a step</Button>
      <Button icon='sigma' title='How it is run' command='sql.explain' onClick={onExplain} disabledReason={emptyReason}>Explain</Button>
      {isRunning ? (
        <Button icon='stop' iconSize={12} command='sql.stop' onClick={onCancel}>Stop</Button>
      ) : (
        <Button variant='primary' icon='play' iconSize={13} command='sql.run' onClick={onRun} disabledReason={emptyReason}>{hasSelection ? 'Run selection' : 'Run'}</Button>
      )}
    </div>
  )
}
