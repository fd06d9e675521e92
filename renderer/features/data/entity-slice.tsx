import { useMemo } from 'react'
import { z } from 'zod'
import type { EntitySlice } from '../../../shared/contract/entities.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { cellTone, formatCell, groupsDigits, isIdentifierColumn } from '../../grid/cell-format.ts'
import { dataAddress } from '../../ui/addresses.ts'
import { countOf } from '../../ui/format.ts'
import { ZoneMark } from '../../ui/zone-mark.tsx'

const rowsSchema = z.array(z.array(z.unknown()))

/** The rows of one dataset that name the entity. */
export function EntitySliceTable({ slice, entityId }: { slice: EntitySlice; entityId: string }) {
  const rows = useMemo(() => rowsSchema.parse(JSON.parse(slice.rowsJson)), [slice.rowsJson])
  const [, , name = slice.dataset] = slice.dataset.split('.')
  const address = dataAddress(slice.dataset, { v: slice.version, filter: [{ column: slice.keyColumn, op: 'eq', value: entityId }] })
  const more = slice.rowCount > rows.length ? `, the first ${rows.length} shown` : ''
  return (
    <section className='entity-slice' aria-label={slice.dataset}>
      <header>
        <ZoneMark zone={slice.zone} size={14} />
        <a className='mono strong' href={address} title='Open these rows in Data'>{name}</a>
        <span className='t3'>{`${slice.zone}, v${slice.version}, ${countOf(slice.rowCount, 'row')}${more}, by `}<span className='mono'>{slice.keyColumn}</span></span>
      </header>
      <div className='entity-table' tabIndex={0} role='region' aria-label={`Rows of ${slice.dataset}`}>
        <table className='t'>
          <thead>
            <tr>{slice.columns.map((column) => <th key={column.name} scope='col' className={headClass(column, slice.keyColumn)} title={column.type.toLowerCase()}>{column.name}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>{slice.columns.map((column, at) => <EntityCell key={column.name} column={column} value={row[at]} />)}</tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function headClass(column: Column, keyColumn: string): string {
  return [column.kind === 'number' ? 'num' : '', column.name === keyColumn ? 'key' : ''].join(' ').trim()
}

function EntityCell({ column, value }: { column: Column; value: unknown }) {
  const tone = cellTone(value)
  const text = formatCell(value, column, groupsDigits(column, []))
  const dress = tone === 'null' ? 'null' : tone === 'empty' ? 't3' : tone === 'nested' || isIdentifierColumn(column, []) ? 'mono' : undefined
  return <td className={column.kind === 'number' ? 'num' : undefined} title={text.length > 30 ? text.slice(0, 600) : undefined}><span className={dress}>{text}</span></td>
}
