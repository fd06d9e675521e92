import { useMemo } from 'react'
import { z } from 'zod'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { EntitySlice } from '../../../shared/contract/entities.contract.ts'
import { RowsTable } from '../../grid/rows-table.tsx'
import { dataAddress, entityAddress } from '../../ui/addresses.ts'
import { countOf } from '../../ui/format.ts'
import { ZoneMark } from '../../ui/zone-mark.tsx'

const rowsSchema = z.array(z.array(z.unknown()))

/** The rows of one dataset that name the entity. */
export function EntitySliceTable({ slice, entityId, asOf }: { slice: EntitySlice; entityId: string; asOf: RunRef | undefined }) {
  const rows = useMemo(() => rowsSchema.parse(JSON.parse(slice.rowsJson)), [slice.rowsJson])
  const [, , name = slice.dataset] = slice.dataset.split('.')
  const address = dataAddress(slice.dataset, { v: slice.version, filter: [{ column: slice.keyColumn, op: 'eq', value: entityId }] })
  const leadsTo = (column: string, value: unknown): string | null => ((typeof value === 'string' || typeof value === 'number') && slice.references.includes(column) ? entityAddress(String(value), asOf) : null)
  const more = slice.rowCount > rows.length ? `, the first ${rows.length} shown` : ''
  return (
    <section className='entity-slice' aria-label={slice.dataset}>
      <header>
        <ZoneMark zone={slice.zone} size={14} />
        <a className='mono strong' href={address} title='Open these rows in Data'>{name}</a>
        <span className='t3'>{`${slice.zone}, v${slice.version}, ${countOf(slice.rowCount, 'row')}${more}, by `}<span className='mono'>{slice.keyColumn}</span></span>
      </header>
      <RowsTable label={`Rows of ${slice.dataset}`} columns={slice.columns} rows={rows} marked={[slice.keyColumn]} leadsTo={leadsTo} />
    </section>
  )
}
