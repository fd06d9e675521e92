import { type DragEvent, useRef, useState } from 'react'
import { groupingName, type PivotView } from '../../../../shared/domain/pivot.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { IconButton } from '../../../ui/button.tsx'
import { AddChip } from '../../../ui/chip.tsx'
import { Icon } from '../../../ui/icon.tsx'
import { type Anchor, anchorOf, PopupMenu } from '../../../ui/popup-menu.tsx'
import { addItems, chipItems } from './pivot-menus.ts'
import { draggedOf, isColumnDrag, placeIn, startDrag } from './pivot-drop.ts'
import { MEASURE_WORDS, PIVOT_ZONES, type PivotZone, withColumn, withItemMoved, withoutItem, zoneFull } from './pivot-edit.ts'
import './pivot.css'

interface PivotBarProps {
  pivot: PivotView
  columns: readonly Column[]
  onPivot: (pivot: PivotView) => void
  onClose: () => void
  /** The zone over which a header of the grid is dragged. */
  over: PivotZone | null
}

const ZONE_WORDS: Readonly<Record<PivotZone, { title: string; add: string; hint: string }>> = {
  rows: { title: 'Group by', add: 'Column', hint: 'drag a column here' },
  columns: { title: 'Pivot by', add: 'Column', hint: 'drag a column here' },
  values: { title: 'Summarise', add: 'Value', hint: '' },
}

/** By what the rows are put together, across what, and what is computed: columns are dragged here, or chosen from menus. */
export function PivotBar({ pivot, columns, onPivot, onClose, over }: PivotBarProps) {
  return (
    <div className='pivot-bar' role='group' aria-label='Group and pivot'>
      {PIVOT_ZONES.map((zone) => <Zone key={zone} zone={zone} pivot={pivot} columns={columns} onPivot={onPivot} isOver={over === zone} />)}
      <IconButton small variant='quiet' icon='close' iconSize={12} label='Back to the rows' command='data.pivot' onClick={onClose} />
    </div>
  )
}

interface ZoneProps extends Omit<PivotBarProps, 'onClose' | 'over'> {
  zone: PivotZone
  isOver: boolean
}

function Zone({ zone, pivot, columns, onPivot, isOver }: ZoneProps) {
  const [dragged, setDragged] = useState(false)
  const [adding, setAdding] = useState<Anchor | null>(null)
  const add = useRef<HTMLSpanElement>(null)
  const { title, add: addWord, hint } = ZONE_WORDS[zone]
  const full = zoneFull(pivot, zone)
  const drop = (event: DragEvent): void => {
    const what = draggedOf(event.dataTransfer)
    setDragged(false)
    if (what === null) return
    event.preventDefault()
    const at = placeIn(event.currentTarget, event.clientX)
    if ('zone' in what) return onPivot(withItemMoved(pivot, { from: what, to: { zone, at: what.zone === zone && at > what.at ? at - 1 : at }, columns }))
    const column = columns.find(({ name }) => name === what.column)
    if (column !== undefined) onPivot(withColumn(pivot, column, { zone, at }))
  }
  return (
    <div
      className={`pivot-zone${dragged || isOver ? ' over' : ''}`}
      data-pivot-zone={zone}
      role='group'
      aria-label={title}
      onDragOver={(event) => {
        if (!isColumnDrag(event.dataTransfer)) return
        event.preventDefault()
        setDragged(true)
      }}
      onDragLeave={() => setDragged(false)}
      onDrop={drop}
    >
      <span className='pivot-title' aria-hidden='true'>{title}</span>
      {pivot[zone].map((_, at) => <PivotChip key={at} zone={zone} at={at} pivot={pivot} columns={columns} onPivot={onPivot} />)}
      {pivot[zone].length === 0 && hint !== '' && <span className='pivot-hint cut'>{hint}</span>}
      {full === null && (
        <span ref={add}>
          <AddChip onClick={() => { if (add.current !== null) setAdding(anchorOf(add.current)) }}>{addWord}</AddChip>
        </span>
      )}
      {adding !== null && <PopupMenu label={`${title}: columns`} anchor={adding} groups={[addItems(zone, { pivot, columns, onPivot })]} onClose={() => setAdding(null)} />}
    </div>
  )
}

interface ChipProps extends Omit<PivotBarProps, 'onClose' | 'over'> {
  zone: PivotZone
  at: number
}

function PivotChip({ zone, at, pivot, columns, onPivot }: ChipProps) {
  const [menu, setMenu] = useState<Anchor | null>(null)
  const words = chipWords(pivot, zone, at)
  return (
    <span className='chip on data-chip' draggable data-pivot-chip='' onDragStart={(event) => startDrag(event.dataTransfer, { zone, at })}>
      <button type='button' className='data-chip-main' aria-haspopup='menu' aria-label={`${ZONE_WORDS[zone].title}: ${words.before}${words.name}`} onClick={(event) => setMenu(anchorOf(event.currentTarget))}>
        {words.before !== '' && <span>{words.before}</span>}
        <b>{words.name}</b>
        <Icon name='down' size={10} />
      </button>
      <button type='button' className='chip-close' aria-label={`Take out ${words.before}${words.name}`} onClick={() => onPivot(withoutItem(pivot, { zone, at }))}>
        <Icon name='close' size={12} />
      </button>
      {menu !== null && <PopupMenu label={`${words.before}${words.name}`} anchor={menu} groups={chipItems({ zone, at }, { pivot, columns, onPivot })} onClose={() => setMenu(null)} />}
    </span>
  )
}

function chipWords(pivot: PivotView, zone: PivotZone, at: number): { before: string; name: string } {
  if (zone !== 'values') {
    const grouping = pivot[zone][at]
    return { before: '', name: grouping === undefined ? '' : groupingName(grouping) }
  }
  const value = pivot.values[at]
  if (value === undefined || value.column === null) return { before: '', name: 'count of rows' }
  return { before: `${MEASURE_WORDS[value.of]} of `, name: value.column }
}
