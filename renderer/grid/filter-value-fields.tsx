import { type KeyboardEvent, useEffect, useRef } from 'react'
import type { Column } from '../../shared/domain/table-query.ts'
import { SelectField } from '../ui/field.tsx'
import type { FilterLookUp } from './filter-look-up.ts'
import type { Mistake } from './filter-hint.tsx'
import { filterArity, type FilterOp } from './filter-words.ts'
import { ValueSet } from './value-set.tsx'

interface ValueFieldsProps {
  column: Column
  op: FilterOp
  values: readonly string[]
  describedBy: string
  mistake: Mistake | null
  lookUp: FilterLookUp | null
  onChange: (values: readonly string[]) => void
}

/** The fields that a test takes its values from. */
export function FilterValueFields(props: ValueFieldsProps) {
  const { column, op, values, describedBy, lookUp, onChange } = props
  const arity = filterArity(op)
  if (arity === 0) return null
  if (op === 'expression') return <ExpressionField {...props} />
  if (arity === 'list') {
    if (lookUp !== null) return <ValueSet key={column.name} column={column} values={values} lookUp={lookUp} onChange={onChange} />
    return <textarea className='textarea' aria-label='Values' aria-describedby={describedBy} rows={4} data-autofocus value={values.join('\n')} onChange={(event) => onChange(event.target.value.split('\n'))} />
  }
  if (column.kind === 'boolean') {
    const options = [{ value: 'true', label: 'true' }, { value: 'false', label: 'false' }]
    return <SelectField label='Value' width='100%' value={values[0] === 'false' ? 'false' : 'true'} options={options} onChange={(value) => onChange([value])} />
  }
  return (
    <div className='row'>
      {Array.from({ length: arity }, (_, at) => <OneValue key={at} {...props} at={at} arity={arity} />)}
    </div>
  )
}

function OneValue({ column, op, values, describedBy, mistake, onChange, at, arity }: ValueFieldsProps & { at: number; arity: number }) {
  const isPattern = op === 'matches' || op === 'not_matches'
  return (
    <span className={`field grow${mistake === null ? '' : ' bad'}`}>
      <input
        type={column.kind === 'date' && isComparison(op) ? 'date' : 'text'}
        className={isPattern ? 'mono' : undefined}
        aria-label={arity === 1 ? 'Value' : at === 0 ? 'From' : 'To'}
        aria-describedby={describedBy}
        aria-invalid={mistake !== null}
        data-autofocus={at === 0 || undefined}
        spellCheck={false}
        autoComplete='off'
        value={values[at] ?? ''}
        onChange={(event) => onChange(Array.from({ length: arity }, (_, i) => (i === at ? event.target.value : (values[i] ?? ''))))}
      />
    </span>
  )
}

function ExpressionField({ values, describedBy, mistake, onChange }: ValueFieldsProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const offset = mistake?.offset ?? null
  useEffect(() => {
    if (offset === null) return
    field.current?.focus()
    field.current?.setSelectionRange(offset, offset + 1)
  }, [offset])
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.currentTarget.form?.requestSubmit()
  }
  return (
    <textarea
      ref={field}
      className='textarea mono'
      aria-label='Expression'
      aria-describedby={describedBy}
      aria-invalid={mistake !== null}
      rows={4}
      data-autofocus
      spellCheck={false}
      value={values[0] ?? ''}
      onKeyDown={onKeyDown}
      onChange={(event) => onChange([event.target.value])}
    />
  )
}

function isComparison(op: FilterOp): boolean {
  return ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'between'].includes(op)
}
