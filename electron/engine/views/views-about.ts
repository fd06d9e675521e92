import type { ColumnImpact } from '../../../shared/contract/column-lineage.contract.ts'
import type { SavedView } from '../../../shared/contract/views.contract.ts'
import { chartColumns } from '../../../shared/domain/chart.ts'
import { pivotColumns } from '../../../shared/domain/pivot.ts'
import { filterColumn } from '../../../shared/domain/table-query.ts'

/** Columns of a dataset that are affected, lower case; null: all of them. */
export type AffectedByDataset = ReadonlyMap<string, ReadonlySet<string> | null>

/** The saved views that would no longer be what they are: those that order, filter, arrange, draw or group by an affected column, or whose expression may use one. */
export function viewsAbout(views: readonly SavedView[], affected: AffectedByDataset): ColumnImpact['views'] {
  return views.flatMap((view) => {
    const columns = affected.get(view.dataset)
    if (columns === undefined) return []
    const named = columnsOf(view)
    const hit = columns === null ? named : named.filter((name) => columns.has(name.toLowerCase()))
    const mayUseAny = view.query.filter.some((filter) => filterColumn(filter) === null)
    return columns === null || hit.length > 0 || mayUseAny ? [{ name: view.name, dataset: view.dataset, columns: hit }] : []
  })
}

function columnsOf({ query, layout, chart, pivot }: SavedView): string[] {
  const { order, hidden, pinned, formats, groups } = layout
  return [...new Set([...query.sort.map(({ column }) => column), ...query.filter.flatMap((filter) => filterColumn(filter) ?? []), ...order, ...hidden, ...(pinned ?? []), ...Object.keys(formats), ...Object.keys(groups), ...(chart === undefined ? [] : chartColumns(chart)), ...(pivot === undefined ? [] : pivotColumns(pivot))])]
}
