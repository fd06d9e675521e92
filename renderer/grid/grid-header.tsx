import type { IHeaderParams } from 'ag-grid-community'
import { type MouseEvent, useEffect, useRef } from 'react'
import { type Column, filterColumn } from '../../shared/domain/table-query.ts'
import { Icon } from '../ui/icon.tsx'
import { MaskMark } from '../ui/mask-mark.tsx'
import { anchorOf } from '../ui/popup-menu.tsx'
import { useGridHead } from './grid-context.ts'
import type { HeadDrop } from './head-drop.ts'
import type { GridRow } from './grid-query.ts'

interface GridHeaderProps extends IHeaderParams<GridRow> {
  dataColumn: Column
  isKey: boolean
  /** In place of the name. */
  label?: string
}

/** Name, key mark, sort arrow with its rank, menu. The header cell around it, which the grid owns, takes the focus and the keys. */
export function GridHeader({ dataColumn, isKey, label, eGridHeader }: GridHeaderProps) {
  const { sort, filter, toggleSort, openMenu, headDrop } = useGridHead()
  const rank = sort.findIndex((item) => item.column === dataColumn.name)
  const direction = sort[rank]?.direction
  const filtered = filter.some((item) => filterColumn(item) === dataColumn.name)
  const pressedAt = useRef(0)

  useAriaSort(eGridHeader, direction)
  useEffect(() => {
    eGridHeader.classList.toggle('grid-filtered', filtered)
  }, [eGridHeader, filtered])

  // A drag that moves the column ends in a click; only a click that stayed in place sorts.
  const onClick = (event: MouseEvent): void => {
    if (Math.abs(event.clientX - pressedAt.current) < 4) toggleSort(dataColumn, event.shiftKey || event.ctrlKey)
  }
  return (
    <div
      className='grid-header'
      onPointerDown={(event) => {
        pressedAt.current = event.clientX
        if (headDrop !== undefined && event.button === 0) followDrag(dataColumn, event.nativeEvent, headDrop)
      }}
      onClick={onClick}
      onContextMenu={(event) => {
        event.preventDefault()
        openMenu(dataColumn, anchorOf(eGridHeader))
      }}
    >
      {isKey && <Icon name='key' size={12} />}
      <span className='grid-header-name'>{label ?? dataColumn.name}</span>
      <MaskMark column={dataColumn} />
      {direction !== undefined && (
        <span className='grid-header-sort'>
          <Icon name={direction} size={12} />
          {sort.length > 1 && rank + 1}
        </span>
      )}
      <button
        type='button'
        className='grid-header-menu'
        tabIndex={-1}
        aria-label={`Menu of column ${dataColumn.name}`}
        onPointerDown={(event) => event.stopPropagation()}
        onMouseDown={(event) => event.stopPropagation()}
        onClick={(event) => {
          event.stopPropagation()
          openMenu(dataColumn, anchorOf(eGridHeader))
        }}
      >
        <Icon name='down' size={11} />
      </button>
    </div>
  )
}

const DRAG_PX = 4

/** Beside the grid's own dragging, which moves columns among each other and knows of no other place. */
function followDrag(column: Column, pressed: PointerEvent, { over, drop }: HeadDrop): void {
  const isDrag = ({ clientX, clientY }: PointerEvent): boolean => Math.hypot(clientX - pressed.clientX, clientY - pressed.clientY) > DRAG_PX
  const end = new AbortController()
  const options = { capture: true, signal: end.signal }
  const finish = (): void => {
    end.abort()
    over(null)
  }
  window.addEventListener('pointermove', (event) => over(isDrag(event) ? { x: event.clientX, y: event.clientY } : null), options)
  window.addEventListener('pointercancel', finish, options)
  window.addEventListener(
    'pointerup',
    (event) => {
      finish()
      if (isDrag(event)) drop(column, { x: event.clientX, y: event.clientY })
    },
    options,
  )
}

/** The grid knows of no sort, because it must not throw its rows away for one; it takes the attribute off again at every change. */
function useAriaSort(header: HTMLElement, direction: 'asc' | 'desc' | undefined): void {
  useEffect(() => {
    const word = direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending'
    const set = (): void => {
      if (header.getAttribute('aria-sort') !== word) header.setAttribute('aria-sort', word)
    }
    const observer = new MutationObserver(set)
    observer.observe(header, { attributes: true, attributeFilter: ['aria-sort'] })
    set()
    return () => observer.disconnect()
  }, [header, direction])
}
