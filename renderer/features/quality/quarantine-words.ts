import type { QuarantineRecord, ShownState } from '../../../shared/contract/quarantine.contract.ts'
import { formatCount } from '../../ui/format.ts'
import type { StatusName } from '../../ui/status.tsx'

export const STATE_MARKS: Readonly<Record<ShownState, StatusName>> = { open: 'quarantined', corrected: 'succeeded', accepted: 'succeeded', ignored: 'skipped', gone: 'cancelled' }

export const STATE_WORDS: Readonly<Record<ShownState, string>> = { open: 'Open', corrected: 'Corrected', accepted: 'Accepted', ignored: 'Ignored', gone: 'Gone' }

/** "orders.csv, line 5", or the key of a row that comes from no file. */
export function placeOf({ file, record, line, key }: QuarantineRecord): string {
  if (file !== null) return line === null ? `${file}, record ${record === null ? '?' : formatCount(record)}` : `${file}, line ${formatCount(line)}`
  return key === null ? '' : Object.entries(key).map(([name, value]) => `${name} ${String(value)}`).join(', ')
}

export function seenText({ firstRun, lastRun }: Pick<QuarantineRecord, 'firstRun' | 'lastRun'>): string {
  return firstRun === lastRun ? `#${firstRun}` : `#${firstRun} to #${lastRun}`
}
