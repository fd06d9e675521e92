import { useQueries } from '@tanstack/react-query'
import { type Column, type Filter, filterColumn } from '../../../shared/domain/table-query.ts'
import { IMMUTABLE, useApi } from '../../api/api.tsx'
import { filterSentence } from '../../grid/filter-words.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatCount } from '../../ui/format.ts'
import { withoutEach } from './use-dataset-rows.ts'

interface NoMatchesProps {
  dataset: string
  version: number
  filters: readonly Filter[]
  columns: readonly Column[]
  onFilters: (filters: Filter[]) => void
}

/** How many filters are tried for what dropping them would give; each is a count over the table. */
const MAX_TRIED = 4

/** No row matches: which filter to drop, and what that would give. */
export function NoMatches({ dataset, version, filters, columns, onFilters }: NoMatchesProps) {
  const { queries } = useApi()
  const tried = withoutEach(filters).slice(0, MAX_TRIED)
  const counts = useQueries({
    queries: tried.map(({ others }) => ({ ...queries.datasets.count.queryOptions({ input: { dataset, version, filter: [...others] } }), ...IMMUTABLE })),
  })
  const best = tried
    .map((item, index) => ({ ...item, count: counts[index]?.data?.count ?? 0 }))
    .reduce<{ filter: Filter; others: readonly Filter[]; count: number } | null>((top, item) => (item.count > (top?.count ?? 0) ? item : top), null)
  if (filters.length === 0) return <EmptyState inline title='This version has no rows'>It was written, and it is empty: the step that makes it found nothing to keep.</EmptyState>
  const kind = columns.find((column) => best !== null && column.name === filterColumn(best.filter))?.kind ?? 'text'
  return (
    <EmptyState
      inline
      title={filters.length === 1 ? 'No row matches this filter' : `No row matches these ${countOf(filters.length, 'filter')}`}
      actions={
        <>
          {best !== null && filters.length > 1 && <Button small onClick={() => onFilters([...best.others])}>Drop that filter</Button>}
          <Button small variant={filters.length > 1 ? 'quiet' : 'plain'} onClick={() => onFilters([])}>{filters.length > 1 ? 'Clear all' : 'Clear the filter'}</Button>
        </>
      }
    >
      {best === null ? 'Other filters may find some.' : `Without “${filterSentence(best.filter, kind)}” there ${best.count === 1 ? 'is 1' : `are ${formatCount(best.count)}`}.`}
    </EmptyState>
  )
}
