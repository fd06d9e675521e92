import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import './tabs.css'

export interface Tab<T extends string> {
  id: T
  label: string
  /** After the label: a count, or "16 of 18". */
  count?: ReactNode
}

interface TabsProps<T extends string> {
  /** Names the list for those who hear it. */
  label: string
  tabs: readonly Tab<T>[]
  value: T
  onChange: (id: T) => void
}

/** Arrow keys move and choose; the panel below is a <TabPanel>. */
export function Tabs<T extends string>({ label, tabs, value, onChange }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextIndex(event.key, tabs.findIndex((tab) => tab.id === value), tabs.length)
    const tab = next === null ? undefined : tabs[next]
    if (next === null || tab === undefined) return
    event.preventDefault()
    onChange(tab.id)
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus()
  }
  return (
    <div className='tabs' role='tablist' aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type='button'
          role='tab'
          id={`tab-${tab.id}`}
          aria-selected={tab.id === value}
          aria-controls={tab.id === value ? `panel-${tab.id}` : undefined}
          tabIndex={tab.id === value ? 0 : -1}
          onClick={() => onChange(tab.id)}
        >
          {tab.label}
          {tab.count !== undefined && <span className='count'>{tab.count}</span>}
        </button>
      ))}
    </div>
  )
}

export function TabPanel({ id, children }: { id: string; children: ReactNode }) {
  return (
    <div className='tabpanel' role='tabpanel' id={`panel-${id}`} aria-labelledby={`tab-${id}`}>
      {children}
    </div>
  )
}

function nextIndex(key: string, at: number, length: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % length
    case 'ArrowLeft':
      return (at - 1 + length) % length
    case 'Home':
      return 0
    case 'End':
      return length - 1
    default:
      return null
  }
}
