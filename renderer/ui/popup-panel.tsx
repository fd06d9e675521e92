import { Popover } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Anchor, Ghost, useFocusBack } from './popup-menu.tsx'
import './popup.css'

interface PopupPanelProps {
  label: string
  anchor: Anchor
  width: number
  onClose: () => void
  children: ReactNode
}

/** A small form at a place. Traps the focus, closes on Esc and outside, gives the focus back. */
export function PopupPanel({ label, anchor, width, onClose, children }: PopupPanelProps) {
  useFocusBack()
  return (
    <Popover
      opened
      onChange={(opened) => {
        if (!opened) onClose()
      }}
      position='bottom-start'
      offset={4}
      width={width}
      trapFocus
      returnFocus={false}
      transitionProps={{ duration: 0 }}
      hideDetached={false}
    >
      <Popover.Target>
        <Ghost anchor={anchor} />
      </Popover.Target>
      <Popover.Dropdown aria-label={label} className='popup-panel'>
        {children}
      </Popover.Dropdown>
    </Popover>
  )
}
