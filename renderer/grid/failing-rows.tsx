import { useCallback } from 'react'
import { z } from 'zod'
import { useApi } from '../api/api.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import type { FetchGridPage } from './grid-query.ts'
import { PlainGrid } from './plain-grid.tsx'
import './failing-rows.css'

const rowsSchema = z.array(z.array(z.unknown()))
const MOST_ROWS = 1_000
const NO_KEY: readonly string[] = []

interface FailingRowsProps {
  dataset: string
  version: number
  rule: string
  keptRows: number
}

/** Rows that break a rule, as they were when it was evaluated. */
export function FailingRows({ dataset, version, rule, keptRows }: FailingRowsProps) {
  const { client } = useApi()
  const fetchPage = useCallback<FetchGridPage>(
    async ({ sort, filter, offset, limit, signal }) => {
      const page = await client.checks.failing({ dataset, version, rule, sort: [...sort], filter: [...filter], offset, limit: Math.min(limit, MOST_ROWS) }, { signal })
      return { columns: page.columns, rows: rowsSchema.parse(JSON.parse(page.rowsJson)), totalRows: page.totalRows }
    },
    [client, dataset, version, rule],
  )
  const name = `${dataset} v${version} ${rule}`
  return (
    <div className='failing-rows'>
      <PlainGrid key={name} label={`Rows that break ${rule}`} source={name} fetchPage={fetchPage} keyColumns={NO_KEY} rowCount={keptRows} lookUp={null} empty={<EmptyState inline title='No rows were kept' />} />
    </div>
  )
}
