import { useRef, useState } from 'react'
import type { Column } from '../../../shared/domain/table-query.ts'
import { arrangeColumns, EMPTY_LAYOUT, withHidden } from '../../grid/column-layout.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { SearchField } from '../../ui/field.tsx'
import { type Anchor, anchorOf } from '../../ui/popup-menu.tsx'
import { PopupPanel } from '../../ui/popup-panel.tsx'
import { useColumnLayout, useDataView } from './data-view.store.ts'

/** "12 of 34": which columns are shown. */
export function ColumnsButton({ dataset, columns, keyColumns }: { dataset: string; columns: readonly Column[]; keyColumns: readonly string[] }) {
  const layout = useColumnLayout(dataset)
  const [anchor, setAnchor] = useState<Anchor | null>(null)
  const button = useRef<HTMLSpanElement>(null)
  const hidden = columns.filter((column) => layout.hidden.includes(column.name)).length
  const words = hidden === 0 ? `${columns.length} columns` : `${columns.length - hidden} of ${columns.length}`
  return (
    <span ref={button}>
      <Button small variant='quiet' icon='columns' iconSize={13} title='Choose columns' onClick={() => { if (button.current !== null) setAnchor(anchorOf(button.current)) }}>{words}</Button>
      {anchor !== null && <ColumnsPanel dataset={dataset} columns={columns} keyColumns={keyColumns} anchor={anchor} onClose={() => setAnchor(null)} />}
    </span>
  )
}

interface ColumnsPanelProps {
  dataset: string
  columns: readonly Column[]
  keyColumns: readonly string[]
  anchor: Anchor
  onClose: () => void
}

function ColumnsPanel({ dataset, columns, keyColumns, anchor, onClose }: ColumnsPanelProps) {
  const layout = useColumnLayout(dataset)
  const setLayout = useDataView((state) => state.setLayout)
  const [search, setSearch] = useState('')
  const shown = arrangeColumns(columns, layout, keyColumns).filter((column) => column.name.toLowerCase().includes(search.toLowerCase()))
  const last = columns.length - layout.hidden.length <= 1
  return (
    <PopupPanel label='Columns' anchor={anchor} width={260} onClose={onClose}>
      <div className='row'>
        <SearchField small label='Find a column' value={search} onChange={setSearch} width='100%' />
        <IconButton small variant='quiet' icon='undo' iconSize={13} label='Show all, in their own order and width' onClick={() => setLayout(dataset, EMPTY_LAYOUT)} />
      </div>
      <ul className='column-list scroll'>
        {shown.map((column) => {
          const isHidden = layout.hidden.includes(column.name)
          return (
            <li key={column.name}>
              <label>
                <input type='checkbox' checked={!isHidden} disabled={last && !isHidden} onChange={() => setLayout(dataset, withHidden(layout, column.name, !isHidden))} />
                <span className='cut mono'>{column.name}</span>
                <span className='end t3 s11 cut'>{column.type.toLowerCase()}</span>
              </label>
            </li>
          )
        })}
      </ul>
    </PopupPanel>
  )
}
