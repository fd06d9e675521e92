import type { Column } from '../../../shared/domain/table-query.ts'
import { type DataSearch, dataAddress, goTo } from '../../ui/addresses.ts'
import { Button } from '../../ui/button.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'
import { firstChart } from './chart-spec.ts'

interface ChartButtonProps {
  dataset: string
  search: DataSearch
  columns: readonly Column[]
  keyColumns: readonly string[]
}

/** From the rows to a chart of them, and back. */
export function ChartButton({ dataset, search, columns, keyColumns }: ChartButtonProps) {
  const first = firstChart(columns, keyColumns)
  const isOn = search.chart !== undefined
  const toggle = (): void => {
    if (isOn || first !== null) goTo(dataAddress(dataset, { ...search, pivot: undefined, chart: isOn ? undefined : (first ?? undefined) }))
  }
  useShortcut('data.chart', toggle)
  return <Button small variant='quiet' icon='chart' iconSize={13} pressed={isOn} command='data.chart' onClick={toggle}>Chart</Button>
}
