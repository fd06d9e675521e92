import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import './chip.css'

interface ChipProps {
  icon?: IconName
  /** Before the value, for example "phase is". */
  label?: ReactNode
  /** In the text colour. */
  value?: ReactNode
  /** A filter that is in force: tinted. */
  active?: boolean
  /** Shows a close button with this name, for example "Remove filter phase". */
  closeLabel?: string
  onClose?: () => void
}

export function Chip({ icon, label, value, active = false, closeLabel, onClose }: ChipProps) {
  return (
    <span className={`chip${active ? ' on' : ''}`}>
      {icon !== undefined && <Icon name={icon} size={12} />}
      {label}
      {value !== undefined && <b>{value}</b>}
      {onClose !== undefined && (
        <button type='button' className='chip-close' aria-label={closeLabel ?? 'Remove'} onClick={onClose}>
          <Icon name='close' size={12} />
        </button>
      )}
    </span>
  )
}

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
