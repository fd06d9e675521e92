import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import type { StatusName } from './status.tsx'
import './state.css'

/** A remark inside the view it speaks of, with the edge of its state. */
export function Note({ status, children }: { status: StatusName; children: ReactNode }) {
  return (
    <div className={`note st-${status}`} role='note'>
      <Icon name={status === 'failed' || status === 'degraded' || status === 'warning' ? 'warn' : 'info'} size={14} />
      <div>{children}</div>
    </div>
  )
}
