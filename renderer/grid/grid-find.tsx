import type { GridApi } from 'ag-grid-community'
import { useCallback, useState } from 'react'
import type { Column } from '../../shared/domain/table-query.ts'
import { useShortcut } from '../ui/use-shortcut.ts'
import type { FilterLookUp } from './filter-look-up.ts'
import { FindBar, type FindPlace } from './find-bar.tsx'
import { dataColumnIds } from './grid-column-ids.ts'
import type { GridMarks } from './grid-marks.ts'
import type { GridQuery, GridRow } from './grid-query.ts'

interface GridFindProps {
  /** Of the rows; masked ones are not searched. */
  of: readonly Column[]
  lookUp: FilterLookUp
  query: GridQuery
  api: GridApi<GridRow>
  marks: GridMarks
}

/** Ctrl F over the rows: finds cells and leads the cursor to them. */
export function GridFind({ of, lookUp, query, api, marks }: GridFindProps) {
  const [isOpen, setOpen] = useState(false)
  useShortcut('find.open', () => setOpen(true))
  const place = useCallback((): FindPlace | null => {
    const focused = api.getFocusedCell()
    return focused === null ? null : { row: focused.rowIndex, column: focused.column.getColId() }
  }, [api])
  const onFound = useCallback(({ row, column }: FindPlace) => {
    if (column === null) return
    api.ensureIndexVisible(row, 'middle')
    api.ensureColumnVisible(column)
    api.setFocusedCell(row, column)
  }, [api])
  const onMark = useCallback((find: GridMarks['find']) => {
    marks.find = find
    api.refreshCells({ force: true, suppressFlash: true })
  }, [api, marks])
  if (!isOpen) return null
  const masked = new Set(of.filter((column) => column.isMasked === true).map(({ name }) => name))
  const close = (): void => {
    setOpen(false)
    const at = place()
    if (at !== null && at.column !== null) api.setFocusedCell(at.row, at.column)
  }
  return <FindBar lookUp={lookUp} query={query} columns={dataColumnIds(api).filter((name) => !masked.has(name))} masked={masked} place={place} onFound={onFound} onMark={onMark} onClose={close} />
}
