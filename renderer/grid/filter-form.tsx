import type { Column } from '../../shared/domain/table-query.ts'
import type { FilterRequest } from './filter-bar.tsx'
import { FilterEditor } from './filter-editor.tsx'
import type { FilterLookUp } from './filter-look-up.ts'
import { withFilter } from './filter-words.ts'
import type { GridQuery } from './grid-query.ts'

interface FilterFormProps {
  editing: FilterRequest
  columns: readonly Column[]
  query: GridQuery
  lookUp: FilterLookUp | null
  onQuery: (query: GridQuery) => void
  onClose: () => void
}

/** The form of one of the filters of a query, or of a new one. */
export function FilterForm({ editing, columns, query, lookUp, onQuery, onClose }: FilterFormProps) {
  return (
    <FilterEditor
      anchor={editing.anchor}
      columns={columns}
      column={editing.column}
      initial={editing.initial}
      lookUp={lookUp}
      onClose={onClose}
      onApply={(filter) => {
        onQuery({ ...query, filter: withFilter(query.filter, filter, editing.initial ?? undefined) })
        onClose()
      }}
    />
  )
}
