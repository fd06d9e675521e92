import { type SyntheticEvent, useId, useState } from 'react'
import type { Column, Filter } from '../../shared/domain/table-query.ts'
import { Button } from '../ui/button.tsx'
import { SelectField } from '../ui/field.tsx'
import type { Anchor } from '../ui/popup-menu.tsx'
import { PopupPanel } from '../ui/popup-panel.tsx'
import { filterValues } from '../ui/search-text.ts'
import { StatusMark } from '../ui/status.tsx'
import { buildFilter, filterArity, type FilterOp, filterOps, opWords } from './filter-words.ts'
import './filters.css'

interface FilterEditorProps {
  anchor: Anchor
  columns: readonly Column[]
  /** The column to begin with. */
  column: Column
  /** The filter that is changed; null adds one. */
  initial: Filter | null
  onApply: (filter: Filter) => void
  onClose: () => void
}

const HINTS: Partial<Record<Column['kind'], string>> = {
  number: 'A number, with all its digits',
  date: 'A day, as 2024-03-18',
  timestamp: 'A time, as 2024-03-18 10:30',
  time: 'A time, as 10:30',
  text: 'Upper and lower case are the same for contains, starts with and ends with',
  nested: 'Compared with the value as JSON text',
}

/** One test on one column, in the terms of the column's type. */
export function FilterEditor({ anchor, columns, column: first, initial, onApply, onClose }: FilterEditorProps) {
  const [column, setColumn] = useState(first)
  const ops = filterOps(column.kind)
  const [op, setOp] = useState<FilterOp>(initial?.op ?? ops[0] ?? 'not_null')
  const [values, setValues] = useState<readonly string[]>(initial === null ? [] : filterValues(initial))
  const [problem, setProblem] = useState<string | null>(null)
  const id = useId()

  const changeColumn = (name: string): void => {
    const next = columns.find((item) => item.name === name)
    if (next === undefined) return
    setColumn(next)
    if (!filterOps(next.kind).includes(op)) setOp(filterOps(next.kind)[0] ?? 'not_null')
    setProblem(null)
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    const built = buildFilter({ column, op, values: values.length === 0 && column.kind === 'boolean' ? ['true'] : values })
    if ('problem' in built) setProblem(built.problem)
    else onApply(built.filter)
  }
  return (
    <PopupPanel label={initial === null ? 'Add a filter' : 'Change a filter'} anchor={anchor} width={300} onClose={onClose}>
      <form className='filter-editor' onSubmit={submit}>
        <SelectField label='Column' width='100%' value={column.name} options={columns.map(({ name }) => ({ value: name, label: name }))} onChange={changeColumn} />
        <SelectField
          label='Test'
          width='100%'
          value={op}
          options={ops.map((value) => ({ value, label: opWords(value, column.kind).long }))}
          onChange={(value) => {
            setOp(value)
            setProblem(null)
          }}
        />
        <ValueFields column={column} op={op} values={values} describedBy={id} bad={problem !== null} onChange={setValues} />
        <div id={id} className={`field-hint${problem === null ? '' : ' bad'}`} role={problem === null ? undefined : 'alert'}>
          {problem === null ? valueHint(column, op) : <><StatusMark status='failed' /><span>{problem}</span></>}
        </div>
        <div className='row'>
          <span className='grow' />
          <Button small variant='quiet' onClick={onClose}>Cancel</Button>
          <Button small variant='primary' type='submit'>{initial === null ? 'Add filter' : 'Change filter'}</Button>
        </div>
      </form>
    </PopupPanel>
  )
}

function valueHint(column: Column, op: FilterOp): string {
  const arity = filterArity(op)
  if (arity === 0) return `Rows in which ${column.name} ${opWords(op, column.kind).long}`
  if (arity === 'list') return 'One value a line'
  return HINTS[column.kind] ?? ''
}

interface ValueFieldsProps {
  column: Column
  op: FilterOp
  values: readonly string[]
  describedBy: string
  bad: boolean
  onChange: (values: readonly string[]) => void
}

function ValueFields({ column, op, values, describedBy, bad, onChange }: ValueFieldsProps) {
  const arity = filterArity(op)
  if (arity === 0) return null
  if (column.kind === 'boolean') {
    const options = [{ value: 'true', label: 'true' }, { value: 'false', label: 'false' }]
    return <SelectField label='Value' width='100%' value={values[0] === 'false' ? 'false' : 'true'} options={options} onChange={(value) => onChange([value])} />
  }
  if (arity === 'list') {
    return <textarea className='textarea' aria-label='Values' aria-describedby={describedBy} rows={4} data-autofocus value={values.join('\n')} onChange={(event) => onChange(event.target.value.split('\n'))} />
  }
  const set = (at: number, value: string): void => onChange(Array.from({ length: arity }, (_, i) => (i === at ? value : (values[i] ?? ''))))
  return (
    <div className='row'>
      {Array.from({ length: arity }, (_, at) => (
        <span key={at} className={`field grow${bad ? ' bad' : ''}`}>
          <input
            type={column.kind === 'date' && isComparison(op) ? 'date' : 'text'}
            aria-label={arity === 1 ? 'Value' : at === 0 ? 'From' : 'To'}
            aria-describedby={describedBy}
            aria-invalid={bad}
            data-autofocus={at === 0 || undefined}
            spellCheck={false}
            autoComplete='off'
            value={values[at] ?? ''}
            onChange={(event) => set(at, event.target.value)}
          />
        </span>
      ))}
    </div>
  )
}

function isComparison(op: FilterOp): boolean {
  return ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'between'].includes(op)
}
