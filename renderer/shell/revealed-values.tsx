import { problemOf } from '../api/problem-of.ts'
import { useRevealEnd, useReveals } from '../api/use-reveals.ts'
import { Icon } from '../ui/icon.tsx'
import { TimeLeft } from '../ui/time-left.tsx'
import { useToast } from '../ui/toast.tsx'

/** That sensitive values are on view somewhere in the window, for how long, and the way to end it at once. */
export function RevealedValues() {
  const { reveals, hide } = useReveals()
  const toast = useToast()
  useRevealEnd()
  const last = reveals.map(({ until }) => until).toSorted().at(-1)
  if (last === undefined) return null
  const end = (): Promise<void> => hide().catch((error: unknown) => toast({ status: 'failed', title: problemOf(error).message, text: '' }))
  return (
    <span title={reveals.map(({ dataset, columns, reason }) => `${dataset}: ${columns.join(', ')} (${reason})`).join('\n')}>
      <Icon name='warn' size={12} /> Values revealed, <TimeLeft until={last} /> <button type='button' className='bare link' onClick={() => void end()}>Hide all</button>
    </span>
  )
}
