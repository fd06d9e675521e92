import { type KeyboardEvent, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { countOf, formatCount } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'

/** Children that are shown at once. */
const SHOWN = 100
/** Values that are open at first: the top, and below it what is small. */
const OPEN_CHILDREN = 20

/** A nested value as a tree: objects and lists fold, and long lists come in pieces. Left folds, Right opens, Up and Down go on. */
export function ValueTree({ label, value }: { label: string; value: object }) {
  return (
    <ul className='value-tree scroll' role='tree' aria-label={label} onKeyDown={moveOn}>
      <ValueNode name={null} value={value} level={1} isFirst />
    </ul>
  )
}

function ValueNode({ name, value, level, isFirst }: { name: string | null; value: unknown; level: number; isFirst: boolean }) {
  const children = childrenOf(value)
  const [isOpen, setOpen] = useState(children !== null && (level === 1 || children.length <= OPEN_CHILDREN) && level < 4)
  const [shown, setShown] = useState(SHOWN)
  const toggle = (open: boolean): void => {
    if (children !== null) setOpen(open)
  }
  return (
    <li
      role='treeitem'
      aria-level={level}
      aria-expanded={children === null ? undefined : isOpen}
      aria-selected={false}
      tabIndex={isFirst ? 0 : -1}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft')) return
        event.preventDefault()
        if (isOpen && event.key === 'ArrowRight') focusNext(event.currentTarget, 1)
        else toggle(event.key === 'ArrowRight')
      }}
    >
      <div className='value-line' onClick={() => toggle(!isOpen)}>
        <span className='value-fold'>{children !== null && <Icon name={isOpen ? 'down' : 'right'} size={11} />}</span>
        {name !== null && <span className='value-name'>{name}</span>}
        <ValueText value={value} items={children} isOpen={isOpen} />
      </div>
      {children !== null && isOpen && (
        <ul role='group'>
          {children.slice(0, shown).map(([key, child]) => <ValueNode key={key} name={key} value={child} level={level + 1} isFirst={false} />)}
          {children.length > shown && <li role='none'><Button small variant='quiet' onClick={() => setShown(shown + 10 * SHOWN)}>{`${formatCount(children.length - shown)} more`}</Button></li>}
        </ul>
      )}
    </li>
  )
}

function ValueText({ value, items, isOpen }: { value: unknown; items: readonly (readonly [string, unknown])[] | null; isOpen: boolean }) {
  if (items === null) return <span className={typeof value === 'string' ? 'value-text' : 'value-plain'}>{value === '' ? '""' : value === null ? 'null' : String(value)}</span>
  const size = Array.isArray(value) ? countOf(items.length, 'value') : countOf(items.length, 'field')
  const peek = isOpen ? '' : JSON.stringify(value).slice(0, 120)
  return <span className='t3'>{isOpen || items.length === 0 ? size : `${size}  ${peek}`}</span>
}

function childrenOf(value: unknown): readonly (readonly [string, unknown])[] | null {
  if (Array.isArray(value)) return value.map((item: unknown, index) => [String(index), item] as const)
  return typeof value === 'object' && value !== null ? Object.entries(value) : null
}

function moveOn(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  if (event.target instanceof HTMLElement) focusNext(event.target, event.key === 'ArrowDown' ? 1 : -1)
}

function focusNext(from: HTMLElement, step: 1 | -1): void {
  const items = [...(from.closest('[role="tree"]')?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])]
  items[items.indexOf(from) + step]?.focus()
}
