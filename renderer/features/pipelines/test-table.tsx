import type { ClipboardEvent, KeyboardEvent } from 'react'
import type { TestTable as TableOfRows } from '../../../shared/contract/step-tests.contract.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { addColumn, addRow, pasteCells, removeColumn, removeRow, setCell, shownCell } from './test-table-model.ts'

interface TestTableProps {
  /** Name of the table. */
  label: string
  table: TableOfRows
  /** Columns that can be added. */
  known: readonly string[]
  /** Said where there are no rows. */
  empty: string
  onChange: (table: TableOfRows) => void
}

/** Rows of a test, each cell a field. Enter goes down and adds a row at the end; cells of a spreadsheet can be pasted. */
export function TestTable({ label, table, known, empty, onChange }: TestTableProps) {
  const { columns, rows } = table
  const others = known.filter((name) => !columns.includes(name))
  return (
    <section className='test-table' aria-label={label}>
      <div className='test-table-head'>
        <h4 className='mono cut' title={label}>{label}</h4>
        {others.length > 0 && (
          <SelectField small label={`Add a column to ${label}`} width={130} value='' options={[{ value: '', label: 'Add column' }, ...others.map((value) => ({ value, label: value }))]} onChange={(name) => name !== '' && onChange(addColumn(table, name))} />
        )}
        {columns.length > 0 && <Button small variant='quiet' icon='plus' onClick={() => onChange(addRow(table))}>Row</Button>}
      </div>
      {rows.length === 0 ? (
        <p className='test-none t2 s12'>{empty}</p>
      ) : (
        <div className='test-cells scroll'>
          <table>
            <thead>
              <tr>
                {columns.map((name, column) => (
                  <th key={name} scope='col'>
                    <span className='cut'>{name}</span>
                    <IconButton small variant='quiet' icon='close' iconSize={10} label={`Remove column ${name} of ${label}`} onClick={() => onChange(removeColumn(table, column))} />
                  </th>
                ))}
                <th><span className='sr-only'>Remove</span></th>
              </tr>
            </thead>
            <tbody>{rows.map((_, row) => <Row key={row} label={label} table={table} row={row} onChange={onChange} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  )
}

type RowProps = Pick<TestTableProps, 'label' | 'table' | 'onChange'> & { row: number }

function Row({ label, table, row, onChange }: RowProps) {
  const { columns, rows } = table
  return (
    <tr>
      {(rows[row] ?? []).map((cell, column) => (
        <td key={column}>
          <input
            type='text'
            aria-label={`${columns[column] ?? ''}, row ${row + 1} of ${label}`}
            data-cell={`${row},${column}`}
            placeholder='null'
            spellCheck={false}
            autoComplete='off'
            value={shownCell(cell)}
            onChange={(event) => onChange(setCell(table, { row, column }, event.target.value))}
            onKeyDown={(event) => move(event, { table, row, column, onChange })}
            onPaste={(event: ClipboardEvent) => {
              const text = event.clipboardData.getData('text/plain')
              if (!/[\t\n]/.test(text.trimEnd())) return
              event.preventDefault()
              onChange(pasteCells(table, { row, column }, text))
            }}
          />
        </td>
      ))}
      <td className='test-row-end'><IconButton small variant='quiet' icon='minus' iconSize={10} label={`Remove row ${row + 1} of ${label}`} onClick={() => onChange(removeRow(table, row))} /></td>
    </tr>
  )
}

/** Up and down by the arrows; Enter goes down, and at the end into a new row. */
function move(event: KeyboardEvent<HTMLInputElement>, { table, row, column, onChange }: Omit<RowProps, 'label'> & { column: number }): void {
  const steps = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' || event.key === 'Enter' ? 1 : 0
  const target = row + steps
  if (steps === 0 || target < 0 || (target === table.rows.length && event.key !== 'Enter')) return
  event.preventDefault()
  const body = event.currentTarget.closest('tbody')
  if (target === table.rows.length) onChange(addRow(table))
  requestAnimationFrame(() => body?.querySelector<HTMLInputElement>(`input[data-cell="${target},${column}"]`)?.focus())
}
