import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'
import './state.css'

interface EmptyStateProps {
  title: ReactNode
  children?: ReactNode
  /** Buttons: one primary way first, then two or three others. */
  actions?: ReactNode
  icon?: IconName
  /** Inside a panel or a table instead of a whole screen. */
  inline?: boolean
}

/** What this place is for, and what to do next. */
export function EmptyState({ title, children, actions, icon, inline = false }: EmptyStateProps) {
  return (
    <div className={`state${inline ? ' inline' : ''}`}>
      {icon !== undefined && <Icon name={icon} size={inline ? 18 : 24} />}
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className='row'>{actions}</div>}
    </div>
  )
}
