import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import './chip.css'

/** The dashed chip that adds one more. */
export function AddChip({ children, onClick }: { children: ReactNode; onClick: () => void }) {
  return (
    <button type='button' className='chip dash' onClick={onClick}>
      <Icon name='plus' size={12} />
      {children}
    </button>
  )
}

/** Amber: a person must act. Quiet: a count. */
export function Badge({ count, quiet = false }: { count: number; quiet?: boolean }) {
  return <span className={`badge${quiet ? ' quiet' : ''}`}>{count > 999 ? '999+' : count}</span>
}
