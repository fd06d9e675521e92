import { type SyntheticEvent, useId, useState } from 'react'
import type { Column, Filter } from '../../shared/domain/table-query.ts'
import { problemOf } from '../api/problem-of.ts'
import { Button } from '../ui/button.tsx'
import { SelectField } from '../ui/field.tsx'
import type { Anchor } from '../ui/popup-menu.tsx'
import { PopupPanel } from '../ui/popup-panel.tsx'
import { filterValues } from '../ui/search-text.ts'
import type { FilterLookUp } from './filter-look-up.ts'
import { FilterHint, type Mistake } from './filter-hint.tsx'
import { FilterValueFields } from './filter-value-fields.tsx'
import { buildFilter, filterArity, type FilterOp, filterOps, opWords } from './filter-words.ts'
import './filters.css'

interface FilterEditorProps {
  anchor: Anchor
  columns: readonly Column[]
  /** The column to begin with. */
  column: Column
  /** The filter that is changed; null adds one. */
  initial: Filter | null
  /** Without one, values are typed, and mistakes are found when rows are asked for. */
  lookUp: FilterLookUp | null
  onApply: (filter: Filter) => void
  onClose: () => void
}

/** In the list of columns; no column can be called so. */
const EXPRESSION = '\u0000expression'
const WITH_TEXT: ReadonlySet<FilterOp> = new Set(['matches', 'not_matches', 'expression'])

/** One test on one column, in the terms of the column's type; or an expression about the row. */
export function FilterEditor(props: FilterEditorProps) {
  const { anchor, columns, initial, lookUp, onClose } = props
  const { column, op, values, mistake, busy, changeOp, changeColumn, changeValues, submit } = useFilterDraft(props)
  const id = useId()
  const isExpression = op === 'expression'
  const choices = [...columns.map(({ name }) => ({ value: name, label: name })), { value: EXPRESSION, label: 'SQL expression about the row' }]
  return (
    <PopupPanel label={initial === null ? 'Add a filter' : 'Change a filter'} anchor={anchor} width={isExpression ? 420 : 320} onClose={onClose}>
      <form className='filter-editor' onSubmit={submit}>
        <SelectField label='Column' width='100%' value={isExpression ? EXPRESSION : column.name} options={choices} onChange={changeColumn} />
        {!isExpression && <SelectField label='Test' width='100%' value={op} options={filterOps(column.kind).map((value) => ({ value, label: opWords(value, column.kind).long }))} onChange={changeOp} />}
        <FilterValueFields column={column} op={op} values={values} describedBy={id} mistake={mistake} lookUp={lookUp} onChange={changeValues} />
        <FilterHint id={id} hint={valueHint(column, op)} mistake={mistake} text={values[0] ?? ''} />
        <div className='row'>
          <span className='grow' />
          <Button small variant='quiet' onClick={onClose}>Cancel</Button>
          <Button small variant='primary' type='submit' disabledReason={busy ? 'It is being checked' : null}>{initial === null ? 'Add filter' : 'Change filter'}</Button>
        </div>
      </form>
    </PopupPanel>
  )
}

/** What is in the form, and whether it is a filter. */
function useFilterDraft({ columns, column: first, initial, lookUp, onApply }: FilterEditorProps) {
  const [column, setColumn] = useState(first)
  const [op, setOp] = useState<FilterOp>(initial?.op ?? filterOps(first.kind)[0] ?? 'not_null')
  const [values, setValues] = useState<readonly string[]>(initial === null ? [] : filterValues(initial))
  const [mistake, setMistake] = useState<Mistake | null>(null)
  const [busy, setBusy] = useState(false)

  const changeOp = (next: FilterOp): void => {
    // A text that was meant as one thing is not another.
    if (WITH_TEXT.has(next) !== WITH_TEXT.has(op) && next !== 'contains' && op !== 'contains') setValues([])
    setOp(next)
    setMistake(null)
  }
  const changeColumn = (name: string): void => {
    if (name === EXPRESSION) return changeOp('expression')
    const next = columns.find((item) => item.name === name)
    if (next === undefined) return
    setColumn(next)
    if (!filterOps(next.kind).includes(op)) changeOp(filterOps(next.kind)[0] ?? 'not_null')
    setMistake(null)
  }
  const apply = async (): Promise<void> => {
    const built = buildFilter({ column, op, values: values.length === 0 && column.kind === 'boolean' ? ['true'] : values })
    if ('problem' in built) return setMistake({ message: built.problem, offset: null })
    const verdict = lookUp === null || !WITH_TEXT.has(op) ? null : await lookUp.judge(built.filter)
    if (verdict === null) onApply(built.filter)
    else setMistake({ message: [verdict.message, verdict.hint].filter((text) => text !== null).join('. '), offset: verdict.offset })
  }
  return {
    column,
    op,
    values,
    mistake,
    busy,
    changeOp,
    changeColumn,
    changeValues(next: readonly string[]) {
      setValues(next)
      setMistake(null)
    },
    submit(event: SyntheticEvent) {
      event.preventDefault()
      if (busy) return
      setBusy(true)
      void apply()
        .catch((error: unknown) => setMistake({ message: problemOf(error).message, offset: null }))
        .finally(() => setBusy(false))
    },
  }
}

const HINTS: Partial<Record<Column['kind'], string>> = {
  number: 'A number, with all its digits',
  date: 'A day, as 2024-03-18',
  timestamp: 'A time, as 2024-03-18 10:30',
  time: 'A time, as 10:30',
  text: 'Upper and lower case are the same for contains, starts with and ends with',
  nested: 'Compared with the value as JSON text',
}

function valueHint(column: Column, op: FilterOp): string {
  if (op === 'expression') return "A condition about one row, such as price > 10 AND name LIKE 'A%'. Ctrl Enter applies it"
  if (op === 'matches' || op === 'not_matches') return 'RE2, found anywhere in the value: ^ and $ are its ends, (?i) makes cases the same'
  const arity = filterArity(op)
  if (arity === 0) return `Rows in which ${column.name} ${opWords(op, column.kind).long}`
  if (arity === 'list') return 'Rows without a value have their own tests, is null and is not null'
  return HINTS[column.kind] ?? ''
}
