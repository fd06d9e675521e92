import type { IHeaderParams } from 'ag-grid-community'
import { type MouseEvent, useEffect, useRef } from 'react'
import type { Column } from '../../shared/domain/table-query.ts'
import { Icon } from '../ui/icon.tsx'
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
  const filtered = filter.some((item) => item.column === dataColumn.name)
  const pressedAt = useRef(0)

  useEffect(() => {
    eGridHeader.setAttribute('aria-sort', direction === undefined ? 'none' : direction === 'asc' ? 'ascending' : 'descending')
    eGridHeader.classList.toggle('grid-filtered', filtered)
  }, [eGridHeader, direction, filtered])

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
