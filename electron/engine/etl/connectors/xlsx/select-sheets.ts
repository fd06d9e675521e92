import picomatch from 'picomatch'
import { unreadable } from '../../source-problem.ts'
import type { Sheet, Workbook } from './workbook.ts'

/**
 * The sheets that a source means. A name may be that of a hidden sheet; numbers, patterns and the default count visible ones only.
 * @throws SOURCE_UNREADABLE where the workbook has none such
 */
export function selectSheets({ sheets, file }: Pick<Workbook, 'sheets' | 'file'>, wanted: string | number | null): Sheet[] {
  const visible = sheets.filter(({ isHidden }) => !isHidden)
  const found = find(sheets, visible, wanted)
  if (found.length > 0) return found
  const names = sheets.map(({ name, isHidden }) => `"${name}"${isHidden ? ' (hidden)' : ''}`).join(', ')
  const missing = wanted === null ? 'every sheet is hidden' : typeof wanted === 'number' ? `there is no sheet number ${wanted}; ${visible.length} are visible` : `there is no sheet "${wanted}"`
  throw unreadable(sheets.length === 0 ? 'the workbook has no sheets with cells' : missing, { file, hint: sheets.length === 0 ? 'Check the file' : `Set the source's sheet to one of ${names}` })
}

function find(sheets: readonly Sheet[], visible: readonly Sheet[], wanted: string | number | null): Sheet[] {
  if (wanted === null) return visible.slice(0, 1)
  if (typeof wanted === 'number') return visible.slice(wanted - 1, wanted)
  const named = sheets.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase())
  return named.length > 0 ? named : visible.filter(({ name }) => picomatch.isMatch(name, wanted, { nocase: true, dot: true }))
}

const PLAIN_NAME = /^[\p{L}_][\p{L}\p{N}_.]*$/u

/** The name of a sheet as references write it: Sheet1!C17, 'My sheet'!C17. */
export function sheetReference(name: string): string {
  return PLAIN_NAME.test(name) ? name : `'${name.replaceAll("'", "''")}'`
}
