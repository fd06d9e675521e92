import type { IHeaderParams } from 'ag-grid-community'
import { type MouseEvent, useEffect, useRef } from 'react'
import { type Column, filterColumn } from '../../shared/domain/table-query.ts'
import { Icon } from '../ui/icon.tsx'
import { MaskMark } from '../ui/mask-mark.tsx'
import { anchorOf } from '../ui/popup-menu.tsx'
import { useGridHead } from './grid-context.ts'
import type { GridRow } from './grid-query.ts'

interface GridHeaderProps extends IHeaderParams<GridRow> {
  dataColumn: Column
  isKey: boolean
}

/** Name, key mark, sort arrow with its rank, menu. The header cell around it, which the grid owns, takes the focus and the keys. */
export function GridHeader({ dataColumn, isKey, eGridHeader }: GridHeaderProps) {
  const { sort, filter, toggleSort, openMenu } = useGridHead()
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
      }}
      onClick={onClick}
      onContextMenu={(event) => {
        event.preventDefault()
        openMenu(dataColumn, anchorOf(eGridHeader))
      }}
    >
      {isKey && <Icon name='key' size={12} />}
      <span className='grid-header-name'>{dataColumn.name}</span>
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
