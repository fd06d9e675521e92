import type { ExportFormat } from '../../../shared/contract/exports.contract.ts'
import { groupingName, type PivotView } from '../../../shared/domain/pivot.ts'
import type { GridQuery } from '../../grid/grid-query.ts'

interface Subject {
  readonly dataset: string
  readonly version: number
  readonly query: GridQuery
  readonly rowCount: number | null
  readonly pivot?: PivotView | null
}

/** What the export holds, in a sentence. */
export function exportScope({ version, query, rowCount, pivot = null }: Subject): string {
  const rows = rowCount === null ? 'The rows' : rowCount === 1 ? '1 row' : `${rowCount.toLocaleString('en')} rows`
  const filters = query.filter.length === 0 ? '' : query.filter.length === 1 ? ', narrowed by the filter in force' : `, narrowed by the ${query.filter.length} filters in force`
  if (pivot !== null) return `A line for each group of the rows of v${version}${pivot.rows.length === 0 ? '' : ` by ${pivot.rows.map(groupingName).join(', ')}`}${filters}. A manifest with lines, size and SHA-256 is written beside the file.`
  const order = query.sort.length === 0 ? '' : `, sorted by ${query.sort.map((item) => item.column).join(', ')}`
  return `${rows} of v${version}${filters}${order}. A manifest with rows, size and SHA-256 is written beside the file.`
}

/** A name that says what is in the file. */
export function exportFileName({ dataset, version, query, pivot = null }: Subject, format: ExportFormat): string {
  return `${dataset}.v${version}${pivot === null ? '' : '.groups'}${query.filter.length > 0 ? '.filtered' : ''}.${format}`
}
