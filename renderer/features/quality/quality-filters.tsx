import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useApi } from '../../api/api.tsx'
import type { QualitySearch } from '../../ui/addresses.ts'
import { Toolbar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { SearchField, SelectField } from '../../ui/field.tsx'
import { useTypedText } from '../../ui/use-typed-text.ts'

const ANY = ''

/** Data type and text, which every view of the screen is narrowed by. Choices count at once, typing after a moment. */
export function QualityFilters({ label, search, onChange, children }: { label: string; search: QualitySearch; onChange: (search: QualitySearch) => void; children?: ReactNode }) {
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const [text, setText] = useTypedText(search.text ?? '', (typed) => onChange({ ...search, text: typed }))
  return (
    <Toolbar label='Filters'>
      <SelectField
        label='Data type'
        width={180}
        value={search.dataType ?? ANY}
        options={[{ value: ANY, label: 'All data types' }, ...(workspace.data?.dataTypes ?? []).map(({ name }) => ({ value: name, label: name }))]}
        onChange={(dataType) => onChange({ text, dataType: dataType === ANY ? undefined : dataType })}
      />
      <SearchField label={label} width={260} value={text} onChange={setText} />
      {children}
      {(search.dataType !== undefined || text !== '') && (
        <Button
          variant='quiet'
          onClick={() => {
            setText('')
            onChange({})
          }}
        >
          Clear all
        </Button>
      )}
    </Toolbar>
  )
}
