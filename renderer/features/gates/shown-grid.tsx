import { useCallback } from 'react'
import { z } from 'zod'
import { useApi } from '../../api/api.tsx'
import { useDatasetLookUp } from '../../api/use-look-up.ts'
import type { FetchGridPage } from '../../grid/grid-query.ts'
import { PlainGrid } from '../../grid/plain-grid.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

const rowsSchema = z.array(z.array(z.unknown()))

/** Rows of a version that nobody else can see yet: to look at, sort and copy. */
export function ShownGrid({ dataset, version, keyColumns, rowCount }: { dataset: string; version: number; keyColumns: readonly string[]; rowCount: number }) {
  const { client } = useApi()
  const lookUp = useDatasetLookUp(dataset, version)
  const fetchPage = useCallback<FetchGridPage>(
    async ({ sort, filter, offset, limit, signal }) => {
      const page = await client.datasets.page({ dataset, version, sort: [...sort], filter: [...filter], offset, limit }, { signal })
      return { columns: page.columns, rows: rowsSchema.parse(JSON.parse(page.rowsJson)), totalRows: page.totalRows }
    },
    [client, dataset, version],
  )
  return <PlainGrid label={`${dataset} v${version}`} source={`${dataset} ${version}`} fetchPage={fetchPage} keyColumns={keyColumns} rowCount={rowCount} lookUp={lookUp} empty={<EmptyState title='It has no rows'>The step ran and wrote an empty table.</EmptyState>} />
}
