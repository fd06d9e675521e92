import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { DatasetListItem } from '../../../shared/contract/datasets.contract.ts'
import { dataAddress, goTo, ingestAddress } from '../../ui/addresses.ts'
import { SidePanel } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { SearchField } from '../../ui/field.tsx'
import { countOf, formatCount } from '../../ui/format.ts'
import { Icon } from '../../ui/icon.tsx'
import { StatusMark } from '../../ui/status.tsx'
import { useElementSize } from '../../ui/use-element-size.ts'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { useDataView } from './data-view.store.ts'
import { SavedViews } from './saved-views.tsx'
import { treeMove, type TreeRow, treeRows } from './dataset-tree-model.ts'

interface DatasetTreeProps {
  datasets: readonly DatasetListItem[]
  typeOrder: readonly string[]
  /** The dataset that is open. */
  current: string | null
  /** Name of the saved view that is open. */
  currentView: string | null
}

/** Every dataset by data type and zone, with its rows. */
export function DatasetTree({ datasets, typeOrder, current, currentView }: DatasetTreeProps) {
  const [search, setSearch] = useState('')
  const folded = useDataView((state) => state.folded)
  const rows = useMemo(() => treeRows({ datasets, typeOrder, search, folded: new Set(folded) }), [datasets, typeOrder, search, folded])
  return (
    <SidePanel label='Datasets' side='left'>
      <div className='panelhead tree-search'>
        <SearchField small icon='filter' label='Find a dataset' placeholder='Find' value={search} onChange={setSearch} width='100%' />
        <LinkButton small href={ingestAddress()} icon='inbox'>Add data</LinkButton>
      </div>
      {rows.length === 0 ? (
        <p className='tree-none'>{search === '' ? 'No dataset yet' : `No dataset is called “${search}”`}</p>
      ) : (
        <TreeList rows={rows} current={current} />
      )}
      <SavedViews dataset={current} current={currentView} />
    </SidePanel>
  )
}

function TreeList({ rows, current }: { rows: readonly TreeRow[]; current: string | null }) {
  const toggleFold = useDataView((state) => state.toggleFold)
  const list = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState<string | null>(current)
  const at = Math.max(0, rows.findIndex((row) => row.id === (cursor ?? current)))
  const { height } = useElementSize(list)
  useEffect(() => setCursor(current), [current])
  // The list becomes lower once there are views below it.
  // Newer browsers answer with a promise, which an effect may not.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [current, height])

  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[at]
    if (row !== undefined && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault()
      act(row, toggleFold)
      return
    }
    const move = treeMove(rows, at, event.key)
    if (move === null) return
    event.preventDefault()
    if ('toggle' in move) toggleFold(move.toggle)
    else {
      setCursor(rows[move.to]?.id ?? null)
      list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[move.to]?.focus()
    }
  }
  return (
    <div className='tree scroll' role='tree' aria-label='Datasets' ref={list} onKeyDown={onKeyDown}>
      {rows.map((row, index) => (
        <TreeLine key={row.id} row={row} current={current} tabbable={index === at} onAct={() => act(row, toggleFold)} onFocus={() => setCursor(row.id)} />
      ))}
    </div>
  )
}

function act(row: TreeRow, toggleFold: (id: string) => void): void {
  if (row.kind === 'dataset') goTo(dataAddress(row.item.dataset))
  else toggleFold(row.id)
}

interface TreeLineProps {
  row: TreeRow
  current: string | null
  tabbable: boolean
  onAct: () => void
  onFocus: () => void
}

function TreeLine({ row, current, tabbable, onAct, onFocus }: TreeLineProps) {
  const selected = row.kind === 'dataset' && row.id === current
  return (
    <div
      role='treeitem'
      aria-level={row.level}
      aria-expanded={row.kind === 'dataset' ? undefined : row.open}
      aria-selected={selected}
      tabIndex={tabbable ? 0 : -1}
      className={`tree-line level-${row.level}${selected ? ' sel' : ''}`}
      onClick={onAct}
      onFocus={onFocus}
    >
      {row.kind === 'dataset' ? <DatasetWords item={row.item} /> : <FolderWords row={row} />}
    </div>
  )
}

function FolderWords({ row }: { row: Exclude<TreeRow, { kind: 'dataset' }> }) {
  return (
    <>
      <Icon name={row.open ? 'down' : 'right'} size={11} />
      {row.kind === 'zone' && <ZoneMark zone={row.zone} size={13} />}
      <span className='cut'>{row.kind === 'zone' ? row.zone : row.name}</span>
      <span className='end' title={countOf(row.count, 'dataset')}>{row.count}</span>
    </>
  )
}

function DatasetWords({ item }: { item: DatasetListItem }) {
  return (
    <>
      {item.damagedFiles > 0 ? <StatusMark status='failed' size={12} /> : <Icon name='table' size={12} />}
      <span className={`cut${item.version === null ? ' t3' : ''}`} title={item.damagedFiles === 0 ? item.dataset : `${item.dataset}: ${countOf(item.damagedFiles, 'file')} not as Strata wrote ${item.damagedFiles === 1 ? 'it' : 'them'}`}>{item.name}</span>
      {item.damagedFiles > 0 && <span className='sr-only'>files changed</span>}
      {item.rowCount === null ? <span className='end' title='Nothing is published yet'>empty</span> : <span className='end' title={countOf(item.rowCount, 'row')}>{formatCount(item.rowCount)}</span>}
    </>
  )
}
