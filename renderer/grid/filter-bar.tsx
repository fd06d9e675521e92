import { type ReactNode, useRef } from 'react'
import { type Column, type Filter, filterColumn, type Sort } from '../../shared/domain/table-query.ts'
import type { GridQuery } from './grid-query.ts'
import { Toolbar } from '../ui/bars.tsx'
import { Hint } from '../ui/button.tsx'
import { AddChip } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { type Anchor, anchorOf } from '../ui/popup-menu.tsx'
import { describeFilter, filterSentence } from './filter-words.ts'
import './filters.css'

export interface FilterRequest {
  anchor: Anchor
  column: Column
  initial: Filter | null
}

interface FilterBarProps {
  columns: readonly Column[]
  query: GridQuery
  onQuery: (query: GridQuery) => void
  onEdit: (request: FilterRequest) => void
  /** At the right end. */
  children?: ReactNode
}

/** What narrows and orders the rows, as chips that can be changed and dropped. */
export function FilterBar({ columns, query, onQuery, onEdit, children }: FilterBarProps) {
  const add = useRef<HTMLSpanElement>(null)
  const first = columns.find((column) => !column.isProvenance)
  return (
    <Toolbar label='Filters and sort'>
      <div className='filter-chips'>
        {query.filter.map((filter) => (
          <FilterChip
            key={JSON.stringify(filter)}
            filter={filter}
            column={columns.find((column) => column.name === filterColumn(filter)) ?? (filter.op === 'expression' ? first : undefined)}
            onEdit={onEdit}
            onDrop={() => onQuery({ ...query, filter: query.filter.filter((other) => other !== filter) })}
          />
        ))}
        <span ref={add} className='row row-4'>
          <AddChip onClick={() => { if (add.current !== null && first !== undefined) onEdit({ anchor: anchorOf(add.current), column: first, initial: null }) }}>Filter</AddChip>
        </span>
        {query.sort.length > 0 && <span className='sep' />}
        {query.sort.map((sort) => (
          <SortChip key={sort.column} sort={sort} onChange={(next) => onQuery({ ...query, sort: replaceSort(query.sort, sort, next) })} />
        ))}
      </div>
      {children}
    </Toolbar>
  )
}

interface FilterChipProps {
  filter: Filter
  column: Column | undefined
  onEdit: (request: FilterRequest) => void
  onDrop: () => void
}

function FilterChip({ filter, column, onEdit, onDrop }: FilterChipProps) {
  const kind = column?.kind ?? 'text'
  const { before, value } = describeFilter(filter, kind)
  const sentence = filterSentence(filter, kind)
  return (
    <span className='chip on data-chip'>
      <Hint text={`Change: ${sentence}`}>
        <button type='button' className='data-chip-main' onClick={(event) => column !== undefined && onEdit({ anchor: anchorOf(event.currentTarget), column, initial: filter })}>
          <Icon name='filter' size={12} />
          <span>{before}</span>
          {value !== null && <b>{value}</b>}
        </button>
      </Hint>
      <button type='button' className='chip-close' aria-label={`Drop filter ${sentence}`} onClick={onDrop}>
        <Icon name='close' size={12} />
      </button>
    </span>
  )
}

function SortChip({ sort, onChange }: { sort: Sort; onChange: (next: Sort | null) => void }) {
  const word = sort.direction === 'asc' ? 'ascending' : 'descending'
  return (
    <span className='chip data-chip'>
      <Hint text={`Sorted ${word}, press to turn`}>
        <button type='button' className='data-chip-main' aria-label={`Sort by ${sort.column} ${word}, press to turn`} onClick={() => onChange({ ...sort, direction: sort.direction === 'asc' ? 'desc' : 'asc' })}>
          <Icon name={sort.direction} size={12} />
          <b>{sort.column}</b>
        </button>
      </Hint>
      <button type='button' className='chip-close' aria-label={`Drop sort by ${sort.column}`} onClick={() => onChange(null)}>
        <Icon name='close' size={12} />
      </button>
    </span>
  )
}

function replaceSort(all: readonly Sort[], old: Sort, next: Sort | null): Sort[] {
  return all.flatMap((item) => (item === old ? (next === null ? [] : [next]) : [item]))
}
