import type { Column } from '../../shared/domain/table-query.ts'
import { cellTone, formatCell, groupsDigits, isIdentifierColumn } from './cell-format.ts'
import './rows-table.css'

interface RowsTableProps {
  /** Names the region. */
  label: string
  columns: readonly Column[]
  rows: readonly (readonly unknown[])[]
  /** Columns that stand out. */
  marked: readonly string[]
  /** Where a value leads; null where it leads nowhere. */
  leadsTo?: (column: string, value: unknown) => string | null
}

/** A few rows in full, which scroll sideways in a region of their own. */
export function RowsTable({ label, columns, rows, marked, leadsTo }: RowsTableProps) {
  return (
    <div className='rows-table' tabIndex={0} role='region' aria-label={label}>
      <table className='t'>
        <thead>
          <tr>{columns.map((column) => <th key={column.name} scope='col' className={classOf(column, marked)} title={column.type.toLowerCase()}>{column.name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>{columns.map((column, at) => <Cell key={column.name} column={column} value={row[at]} isMarked={marked.includes(column.name)} href={leadsTo?.(column.name, row[at]) ?? null} />)}</tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function classOf(column: Column, marked: readonly string[]): string {
  return [column.kind === 'number' ? 'num' : '', marked.includes(column.name) ? 'key' : ''].join(' ').trim()
}

function Cell({ column, value, isMarked, href }: { column: Column; value: unknown; isMarked: boolean; href: string | null }) {
  const tone = cellTone(value)
  const text = formatCell(value, column, groupsDigits(column, []))
  const dress = tone === 'null' ? 'null' : tone === 'empty' ? 't3' : tone === 'nested' || isIdentifierColumn(column, []) ? 'mono' : undefined
  return <td className={classOf(column, isMarked ? [column.name] : [])} title={text.length > 30 ? text.slice(0, 600) : undefined}>{href === null ? <span className={dress}>{text}</span> : <a className={dress} href={href}>{text}</a>}</td>
}
