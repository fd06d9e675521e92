import { useEffect, useState } from 'react'
import type { ColumnValues } from '../../shared/contract/look.contract.ts'
import type { Column } from '../../shared/domain/table-query.ts'
import { problemOf } from '../api/problem-of.ts'
import { Button } from '../ui/button.tsx'
import { SearchField } from '../ui/field.tsx'
import { countOf, formatCount } from '../ui/format.ts'
import { useRested } from '../ui/use-rested.ts'
import type { FilterLookUp } from './filter-look-up.ts'

interface ValueSetProps {
  column: Column
  /** The chosen ones. */
  values: readonly string[]
  lookUp: FilterLookUp
  onChange: (values: readonly string[]) => void
}

/** The values of a column with how often they occur, to choose some. The engine searches all of them; those that are chosen stay in sight. */
export function ValueSet({ column, values, lookUp, onChange }: ValueSetProps) {
  const [search, setSearch] = useState('')
  const { found, failure } = useValues(column, useRested(search, 150), lookUp)
  const counts = new Map(found?.values.map(({ value, count }) => [value, count]))
  const [kept] = useState(values)
  const listed = [...new Set([...kept, ...values.filter((value) => !counts.has(value)), ...counts.keys()])]
  const toggle = (value: string): void => onChange(values.includes(value) ? values.filter((other) => other !== value) : [...values, value])
  const typed = search.trim()
  return (
    <div className='value-set'>
      <SearchField small icon='search' label='Find a value' value={search} onChange={setSearch} width='100%' />
      <div className='value-set-list' role='group' aria-label={`Values of ${column.name}`} tabIndex={-1}>
        {listed.map((value) => (
          <label key={value}>
            <input type='checkbox' checked={values.includes(value)} onChange={() => toggle(value)} />
            <span className='cut grow' title={value}>{value === '' ? '""' : value}</span>
            <span className='t3'>{counts.has(value) ? formatCount(counts.get(value) ?? 0) : ''}</span>
          </label>
        ))}
        {found !== null && listed.length === 0 && <p className='t3'>{typed === '' ? 'No row has a value' : `No value contains “${typed}”`}</p>}
      </div>
      <div className='row s11 t2' role='status'>
        <span>{failure ?? (found === null ? 'Counting values' : setWords(found, values.length))}</span>
        <span className='grow' />
        {typed !== '' && !listed.includes(typed) && <Button small variant='quiet' onClick={() => toggle(typed)}>{`Add “${typed}”`}</Button>}
        {values.length > 0 && <Button small variant='quiet' onClick={() => onChange([])}>None</Button>}
      </div>
    </div>
  )
}

function setWords({ values, distinct, nulls }: ColumnValues, chosen: number): string {
  const shown = distinct > values.length ? `The ${formatCount(values.length)} most frequent of ${countOf(distinct, 'value')}` : countOf(distinct, 'value')
  return [shown, nulls === 0 ? '' : `${formatCount(nulls)} null`, chosen === 0 ? '' : `${formatCount(chosen)} chosen`].filter((part) => part !== '').join(', ')
}

/** What was found stays until the next is. */
function useValues(column: Column, containing: string, lookUp: FilterLookUp): { found: ColumnValues | null; failure: string | null } {
  const [found, setFound] = useState<ColumnValues | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    const load = async (): Promise<void> => {
      try {
        const answer = await lookUp.values({ column, containing, signal: abort.signal })
        if (!abort.signal.aborted) setFound(answer)
      } catch (error) {
        if (!abort.signal.aborted) setFailure(problemOf(error).message)
      }
    }
    setFailure(null)
    void load()
    return () => abort.abort()
  }, [column, containing, lookUp])
  return { found, failure }
}
