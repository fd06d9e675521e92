import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import './dialog.css'

interface DialogProps {
  open: boolean
  onClose: () => void
  /** Asks by name: "Cancel drugs #12?" */
  title: string
  children: ReactNode
  /** Buttons that name both ends, the effective one last. */
  actions: ReactNode
  wide?: boolean
  /** For tables. */
  widest?: boolean
}

/** Traps the focus and gives it back; Esc keeps things as they are. */
export function Dialog({ open, onClose, title, children, actions, wide = false, widest = false }: DialogProps) {
  if (!open) return null
  return (
    <Modal.Root opened size={widest ? 960 : wide ? 600 : 440} onClose={onClose} lockScroll={false} transitionProps={{ duration: 0 }} className={`dialog${widest ? ' widest' : wide ? ' wide' : ''}`}>
      <Modal.Overlay />
      <Modal.Content aria-label={title}>
        <h2 className='dialog-title'>{title}</h2>
        <div className='dialog-body'>{children}</div>
        <div className='dialog-foot'>{actions}</div>
      </Modal.Content>
    </Modal.Root>
  )
}
