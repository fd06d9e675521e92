import { type Column, toColumn } from '../../../shared/domain/table-query.ts'
import type { SeenColumn } from '../workers/version.wire.ts'

/** Columns as workers are to show them: a mask is text, whatever is behind it. */
export function seenColumns(columns: readonly Column[], masked: readonly string[]): SeenColumn[] {
  const hidden = new Set(masked.map((name) => name.toLowerCase()))
  return columns.map((column) => {
    const isMasked = hidden.has(column.name.toLowerCase())
    return { ...(isMasked ? { ...toColumn(column.name, 'VARCHAR'), isProvenance: column.isProvenance } : column), isMasked, storedType: column.type }
  })
}
