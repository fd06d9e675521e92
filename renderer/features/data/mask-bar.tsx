import { useState } from 'react'
import type { Column } from '../../../shared/domain/table-query.ts'
import { problemOf } from '../../api/problem-of.ts'
import { useReveals } from '../../api/use-reveals.ts'
import { Button } from '../../ui/button.tsx'
import { countOf } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { TimeLeft } from '../../ui/time-left.tsx'
import { useToast } from '../../ui/toast.tsx'

interface MaskBarProps {
  dataset: string
  columns: readonly Column[]
  onReveal: () => void
}

const NAMED = 4

/** What of the table is masked or revealed, and the way to the other; nothing where no column is sensitive. */
export function MaskBar({ dataset, columns, onReveal }: MaskBarProps) {
  const { reveals, hide } = useReveals()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const masked = columns.filter(({ isMasked }) => isMasked === true)
  const revealed = columns.filter(({ isSensitive, isMasked }) => isSensitive === true && isMasked !== true)
  if (masked.length + revealed.length === 0) return null
  const until = reveals.filter((one) => one.dataset === dataset).map((one) => one.until).toSorted()[0]
  const hideAgain = async (): Promise<void> => {
    setBusy(true)
    try {
      await hide(dataset)
    } catch (error) {
      const problem = problemOf(error)
      toast({ status: 'failed', title: problem.message, text: problem.hint ?? '' })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={`mask-bar${revealed.length > 0 ? ' open' : ''}`} role='note' aria-label='Masked columns'>
      <Icon name={revealed.length > 0 ? 'warn' : 'mask'} size={14} />
      <span className='cut'>
        {revealed.length > 0 && <><Names columns={revealed} /> revealed to you{until !== undefined && <>, <TimeLeft until={until} /></>}. </>}
        {masked.length > 0 && <><Names columns={masked} /> masked: sensitive by contract.</>}
      </span>
      <span className='grow' />
      {revealed.length > 0 && <Button small disabledReason={busy ? 'They are being hidden' : null} onClick={() => void hideAgain()}>Hide again</Button>}
      {masked.length > 0 && <Button small icon='mask' onClick={onReveal}>Reveal…</Button>}
    </div>
  )
}

function Names({ columns }: { columns: readonly Column[] }) {
  const named = columns.slice(0, NAMED).map(({ name }) => name).join(', ')
  const more = columns.length - NAMED
  return <><b className='mono'>{named}</b>{more > 0 ? ` and ${countOf(more, 'other column')}` : ''} {columns.length === 1 ? 'is' : 'are'}</>
}
