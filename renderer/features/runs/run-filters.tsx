import { triggerSchema } from '../../../shared/contract/runs.contract.ts'
import { RUN_STATES } from '../../../shared/domain/run-status.ts'
import { goTo, runListAddress, type RunListSearch } from '../../ui/addresses.ts'
import { Toolbar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { SearchField, SelectField } from '../../ui/field.tsx'
import { sentence } from '../../ui/format.ts'
import { triggerWord } from '../../ui/trigger-word.ts'
import { useTypedText } from '../../ui/use-typed-text.ts'

const ANY = ''

const TEXT_LABELS = { list: 'Find in number, summary or error', errors: 'Find in cause or dataset', logs: 'Search the logs' } as const

/** Choices go to the address at once, typing after a moment. Errors and logs are narrowed by data type and text alone. */
export function RunFilters({ search, dataTypes }: { search: RunListSearch; dataTypes: readonly string[] }) {
  const [text, setText] = useTypedText(search.text ?? '', (typed) => goTo(runListAddress({ ...search, text: typed })))
  const set = (change: RunListSearch): void => goTo(runListAddress({ ...search, text, ...change }))
  const filtered = search.dataType !== undefined || search.state !== undefined || search.trigger !== undefined || search.from !== undefined || search.to !== undefined || text !== ''
  return (
    <Toolbar label='Filters'>
      <SelectField
        label='Data type'
        width={180}
        value={search.dataType ?? ANY}
        options={[{ value: ANY, label: 'All data types' }, ...dataTypes.map((name) => ({ value: name, label: name }))]}
        onChange={(dataType) => set({ dataType: dataType === ANY ? undefined : dataType })}
      />
      {search.view === undefined && <ListFilters search={search} onChange={set} />}
      <SearchField label={TEXT_LABELS[search.view ?? 'list']} width={240} value={text} onChange={setText} />
      {filtered && (
        <Button
          variant='quiet'
          onClick={() => {
            setText('')
            goTo(runListAddress({ view: search.view }))
          }}
        >
          Clear all
        </Button>
      )}
    </Toolbar>
  )
}

function ListFilters({ search, onChange }: { search: RunListSearch; onChange: (change: RunListSearch) => void }) {
  return (
    <>
      <SelectField
        label='State'
        width={126}
        value={search.state ?? ANY}
        options={[{ value: ANY, label: 'Any state' }, ...RUN_STATES.map((state) => ({ value: state, label: sentence(state) }))]}
        onChange={(state) => onChange({ state: state === ANY ? undefined : state })}
      />
      <SelectField
        label='Started by'
        width={140}
        value={search.trigger ?? ANY}
        options={[{ value: ANY, label: 'By anyone' }, ...triggerSchema.options.map((trigger) => ({ value: trigger, label: triggerWord(trigger) }))]}
        onChange={(trigger) => onChange({ trigger: trigger === ANY ? undefined : trigger })}
      />
      <DayField label='First day' value={search.from} onChange={(from) => onChange({ from })} />
      <span className='t3 s12'>to</span>
      <DayField label='Last day' value={search.to} onChange={(to) => onChange({ to })} />
    </>
  )
}

function DayField({ label, value, onChange }: { label: string; value: string | undefined; onChange: (day: string | undefined) => void }) {
  return (
    <span className={`field day-field${value === undefined ? ' empty' : ''}`} style={{ width: 122 }}>
      <input type='date' aria-label={label} title={label} value={value ?? ''} onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)} />
    </span>
  )
}
