import { unreadable } from '../source-problem.ts'
import { MAX_COLUMNS } from './record-analysis.ts'

/**
 * A table of more columns is no table that anybody made by hand, and writing it takes memory for each of them.
 * @throws SOURCE_UNREADABLE with the number of columns
 */
export function refuseTooWide(columnCount: number, file: string): void {
  if (columnCount <= MAX_COLUMNS) return
  throw unreadable(`the table has ${columnCount.toLocaleString('en')} columns or more; at most ${MAX_COLUMNS.toLocaleString('en')} can be read`, { file, hint: 'Deliver it as several tables, or as one with a row for each value' })
}
