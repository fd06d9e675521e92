import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react'
import { usePreferences } from './theme/preferences.tsx'
import { rowIndexes, useRowWindow } from './use-row-window.ts'
import './table.css'

export interface TableColumn<Row> {
  id: string
  header: ReactNode
  /** A grid track: "120px", "minmax(0, 1fr)". */
  width: string
  numeric?: boolean
  cell: (row: Row) => ReactNode
  /** Shown on hover where the cell may be cut. */
  title?: (row: Row) => string | undefined
}

interface VirtualTableProps<Row> {
  /** Names the table. */
  label: string
  columns: readonly TableColumn<Row>[]
  /** Rows in all, loaded or not. */
  total: number
  /** The row, or undefined while it is on its way. */
  rowAt: (index: number) => Row | undefined
  rowKey: (row: Row) => string
  /** Tells which rows are looked at, so that they can be loaded. */
  onRange?: (first: number, last: number) => void
  /** Enter or double click. */
  onOpen?: (row: Row) => void
  onSelect?: (row: Row) => void
  selectedKey?: string | null
  /** The row that the cursor stands on, where somebody else moves it too; it is brought into sight. */
  at?: number
  /** With `at`: the cursor was moved here. */
  onMove?: (index: number) => void
}

const ROW_PX = { compact: 28, comfortable: 36 } as const
const HEAD_PX = { compact: 28, comfortable: 34 } as const
const OVERSCAN = 12

/** A long list that holds only what is seen. Arrow keys move, Enter opens. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { columns, total, rowAt, onRange } = props
  const density = usePreferences((state) => state.density)
  const view = useRowWindow({ count: total, rowPx: ROW_PX[density], overscan: OVERSCAN, headPx: HEAD_PX[density] })
  const id = useId()
  const [own, setOwn] = useState(0)
  const at = props.at ?? own
  useEffect(() => onRange?.(view.first, Math.max(0, view.last)), [view.first, view.last, onRange])

  const { reveal } = view
  useEffect(() => {
    if (props.at !== undefined) reveal(props.at)
  }, [props.at, reveal])
  const go = (index: number): void => {
    const next = Math.min(Math.max(0, index), Math.max(0, total - 1))
    setOwn(next)
    props.onMove?.(next)
    view.reveal(next)
    const row = rowAt(next)
    if (row !== undefined) props.onSelect?.(row)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rowAt(at)
    if (event.key === 'Enter' && row !== undefined && event.target === event.currentTarget) props.onOpen?.(row)
    const next = moveTo(event, { at, page: Math.max(1, view.fits - 1), total })
    if (next === null) return
    event.preventDefault()
    go(next)
  }
  const template = columns.map((column) => column.width).join(' ')
  return (
    <div className='vt' ref={view.box} role='grid' aria-label={props.label} aria-rowcount={total + 1} tabIndex={0} aria-activedescendant={total > 0 ? `${id}-${at}` : undefined} onKeyDown={onKeyDown}>
      <div role='rowgroup' className='vt-headgroup'>
        <div className='vt-row vt-head' role='row' aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <span key={column.id} role='columnheader' className={column.numeric === true ? 'num' : undefined}>{column.header}</span>
          ))}
        </div>
      </div>
      <div className='vt-body' role='rowgroup' style={{ height: view.totalPx }}>
        {rowIndexes(view).map((index) => (
          <TableRow key={index} id={`${id}-${index}`} index={index} topPx={index * ROW_PX[density]} template={template} row={rowAt(index)} at={index === at} table={props} onGo={go} />
        ))}
      </div>
    </div>
  )
}

interface TableRowProps<Row> {
  id: string
  index: number
  topPx: number
  template: string
  row: Row | undefined
  at: boolean
  table: VirtualTableProps<Row>
  onGo: (index: number) => void
}

function TableRow<Row>({ id, index, topPx, template, row, at, table, onGo }: TableRowProps<Row>) {
  const selected = row !== undefined && table.selectedKey === table.rowKey(row)
  return (
    <div
      id={id}
      className={`vt-row${selected ? ' sel' : ''}${at ? ' at' : ''}`}
      role='row'
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ gridTemplateColumns: template, transform: `translateY(${topPx}px)` }}
      onClick={() => onGo(index)}
      onDoubleClick={() => row !== undefined && table.onOpen?.(row)}
    >
      {table.columns.map((column) => (
        <span key={column.id} role='gridcell' className={column.numeric === true ? 'num' : undefined} title={row === undefined ? undefined : column.title?.(row)}>
          {row === undefined ? <i className='wait' /> : column.cell(row)}
        </span>
      ))}
    </div>
  )
}

function moveTo(event: KeyboardEvent, { at, page, total }: { at: number; page: number; total: number }): number | null {
  switch (event.key) {
    case 'ArrowDown':
      return at + 1
    case 'ArrowUp':
      return at - 1
    case 'PageDown':
      return at + page
    case 'PageUp':
      return at - page
    case 'Home':
      return 0
    case 'End':
      return total - 1
    default:
      return null
  }
}
