import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import { SearchField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { nameMove, type NameRow, nameRows } from './names-model.ts'

interface NamesTreeProps {
  datasets: SqlNames['datasets']
  /** The name, as it is written in SQL. */
  onInsert: (text: string) => void
}

/** Every name that SQL can say: Enter or a double click writes it. */
export function NamesTree({ datasets, onInsert }: NamesTreeProps) {
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [cursor, setCursor] = useState<string | null>(null)
  const list = useRef<HTMLDivElement>(null)
  const rows = useMemo(() => nameRows({ datasets, search, open }), [datasets, search, open])
  const at = Math.max(0, rows.findIndex(({ id }) => id === cursor))
  const toggle = (id: string): void => setOpen((all) => new Set(all.has(id) ? [...all].filter((other) => other !== id) : [...all, id]))
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[at]
    if (row !== undefined && event.key === 'Enter') {
      event.preventDefault()
      onInsert(row.insert)
      return
    }
    const move = event.key === ' ' && row !== undefined && row.kind !== 'column' ? { toggle: row.id } : nameMove(rows, at, event.key)
    if (move === null) return
    event.preventDefault()
    if ('toggle' in move) return toggle(move.toggle)
    setCursor(rows[move.to]?.id ?? null)
    list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]')[move.to]?.focus()
  }
  return (
    <>
      <div className='panelhead tree-search'>
        <SearchField small icon='filter' label='Find a dataset or column' value={search} onChange={setSearch} width='100%' />
      </div>
      {rows.length === 0 ? (
        <p className='tree-none'>{search === '' ? 'No dataset is published yet' : `Nothing is called “${search}”`}</p>
      ) : (
        <div className='tree scroll' role='tree' aria-label='Names' ref={list} onKeyDown={onKeyDown}>
          {rows.map((row, index) => (
            <NameLine key={row.id} row={row} tabbable={index === at} onToggle={() => toggle(row.id)} onInsert={() => onInsert(row.insert)} onFocus={() => setCursor(row.id)} />
          ))}
        </div>
      )}
    </>
  )
}

interface NameLineProps {
  row: NameRow
  tabbable: boolean
  onToggle: () => void
  onInsert: () => void
  onFocus: () => void
}

function NameLine({ row, tabbable, onToggle, onInsert, onFocus }: NameLineProps) {
  const isFolder = row.kind !== 'column'
  return (
    <div
      role='treeitem'
      aria-level={row.level}
      aria-expanded={isFolder ? row.open : undefined}
      aria-selected={false}
      aria-label={`${row.text}, ${row.kind === 'type' ? `data type, ${row.detail} datasets` : row.kind === 'dataset' ? `${row.zone ?? ''} dataset, ${row.detail} rows` : `column, ${row.detail}`}`}
      tabIndex={tabbable ? 0 : -1}
      className={`tree-line level-${row.level}`}
      title={`${row.insert}: double click or Enter writes it`}
      onClick={isFolder ? onToggle : undefined}
      onDoubleClick={onInsert}
      onFocus={onFocus}
    >
      {isFolder && <Icon name={row.open ? 'down' : 'right'} size={11} />}
      {row.kind === 'dataset' && row.zone !== null && <ZoneMark zone={row.zone} size={13} />}
      <span className={`cut${row.kind === 'column' ? ' mono' : ''}`}>{row.text}</span>
      <span className='end cut'>{row.detail}</span>
    </div>
  )
}
