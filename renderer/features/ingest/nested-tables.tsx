import type { Nested } from '../../../shared/contract/ingest.contract.ts'
import { Segmented } from '../../ui/button.tsx'
import { countOf, formatCount } from '../../ui/format.ts'

interface NestedTablesProps {
  nested: Nested
  /** Of the source. */
  records: number
  /** Names of the lists that are read as tables; null: the records are read as they are. */
  taken: readonly string[] | null
  onTables: (names: readonly string[] | null) => void
}

/** What the records hold inside: as JSON, or as columns with the lists that are wanted as tables of their own. */
export function NestedTables({ nested: { fields, key, isKeyUnique, tables, records: lookedAt }, records, taken, onTables }: NestedTablesProps) {
  const columns = countOf(Object.keys(fields).length, 'column')
  const toggle = (name: string, isTaken: boolean): void => onTables(tables.map((table) => table.name).filter((one) => (one === name ? isTaken : taken?.includes(one) === true)))
  return (
    <section className='block ingest-nested'>
      <h3>Nested records</h3>
      <Segmented
        label='Nested records' value={taken === null ? 'json' : 'tables'} onChange={(value) => onTables(value === 'json' ? null : tables.map(({ name }) => name))}
        options={[{ value: 'json', label: 'As JSON' }, { value: 'tables', label: tables.length === 0 ? 'As columns' : 'As tables' }]}
      />
      {taken === null
        ? <p className='t2'>{tables.length === 0 ? '' : `${countOf(tables.length, 'list')} can be ${tables.length === 1 ? 'a table' : 'tables'} of their own, `}objects can be {columns}.</p>
        : <p className='t2'>{columns} of the record. {key === null ? 'parent_record leads from a table to its record.' : <><span className='mono'>{key}</span> is a column of each table{isKeyUnique ? '' : '; some records share it, and parent_record tells them apart'}.</>}</p>}
      {taken !== null && tables.length > 0 && (
        <ul>
          {tables.map(({ name, rows, records: holding, fields: own, record }) => (
            <li key={name}>
              <label className='ingest-check' title={record}>
                <input type='checkbox' checked={taken.includes(name)} onChange={(event) => toggle(name, event.target.checked)} />
                <span className='mono cut'>{name}</span>
              </label>
              <span className='t2'>{countOf(rows, 'row')} in {countOf(holding, 'record')}, {countOf(Object.keys(own).length, 'column')}</span>
            </li>
          ))}
        </ul>
      )}
      {records > lookedAt && <p className='t2'>Seen in {formatCount(lookedAt)} of {formatCount(records)} records; members that only others have are not among the columns.</p>}
    </section>
  )
}
