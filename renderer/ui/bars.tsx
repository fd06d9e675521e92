import type { ReactNode } from 'react'
import './bars.css'

interface PageHeadProps {
  title: ReactNode
  /** One line of facts. */
  facts?: ReactNode
  /** At the right, primary last. */
  actions?: ReactNode
}

/** h1, one line of facts, actions at the right. */
export function PageHead({ title, facts, actions }: PageHeadProps) {
  return (
    <div className='pagehead'>
      <h1 className='nw'>{title}</h1>
      <span className='facts cut'>{facts}</span>
      {actions}
    </div>
  )
}

/** 40 px of filters and view switches; `label` names it. */
export function Toolbar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className='toolbar' role='group' aria-label={label}>
      {children}
    </div>
  )
}

/** 34 px head of a panel: title, a remark, then actions. */
export function PanelHead({ title, remark, children, plain = false }: { title: ReactNode; remark?: ReactNode; children?: ReactNode; plain?: boolean }) {
  return (
    <div className={`panelhead${plain ? ' plain' : ''}`}>
      <h2>{title}</h2>
      {remark !== undefined && <span className='t3 s12 cut'>{remark}</span>}
      <span className='grow' />
      {children}
    </div>
  )
}

interface SidePanelProps {
  /** Names the landmark. */
  label: string
  side?: 'left' | 'right'
  children: ReactNode
}

/** Help beside the data: a landmark that F6 reaches. */
export function SidePanel({ label, side = 'right', children }: SidePanelProps) {
  return (
    <aside className={`side${side === 'left' ? ' left' : ''}`} aria-label={label} data-region='' tabIndex={-1}>
      {children}
    </aside>
  )
}
