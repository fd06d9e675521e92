import { type DataSearch, dataAddress, goTo } from '../../../ui/addresses.ts'
import { Button } from '../../../ui/button.tsx'
import { useShortcut } from '../../../ui/use-shortcut.ts'
import { EMPTY_PIVOT } from './pivot-edit.ts'

/** From the rows to the bar that puts them together, and back. */
export function PivotButton({ dataset, search }: { dataset: string; search: DataSearch }) {
  const isOn = search.pivot !== undefined
  const toggle = (): void => goTo(dataAddress(dataset, { ...search, chart: undefined, pivot: isOn ? undefined : EMPTY_PIVOT }))
  useShortcut('data.pivot', toggle)
  return <Button small variant='quiet' icon='sigma' iconSize={13} pressed={isOn} command='data.pivot' onClick={toggle}>Group</Button>
}
