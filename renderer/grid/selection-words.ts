import { countOf } from '../ui/format.ts'
import type { SelectionSize } from './use-cursor.ts'

/** "6 cells selected, 3 rows × 2 columns". */
export function selectionWords({ rows, columns }: SelectionSize): string {
  return `${countOf(rows * columns, 'cell')} selected, ${countOf(rows, 'row')} × ${countOf(columns, 'column')}`
}
