import { findHeads } from '../query/pivot/pivot-heads.ts'
import { computeLevel, wideSelect } from '../query/pivot/pivot-level.ts'
import { levelOrder } from '../query/pivot/pivot-page.ts'
import { checkPivot, filteredRows } from '../query/pivot/pivot-tables.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import { copyToFile } from './copy-to-file.ts'

/** Writes the deepest groups of the rows that pass the filters, a line each; without a group down, the line of totals. */
export function writePivot({ path, format, source, filter, spec, sort }: OpInput<'export', 'writePivot'>, context: OpContext<never>): Promise<OpOutput<'export', 'writePivot'>> {
  const { signal } = context
  return copyToFile({ path, format }, context, async (duck) => {
    checkPivot({ source, spec, path: [] })
    const rows = await filteredRows(duck, { source, filter }, signal)
    const headsTable = spec.columns.length === 0 ? null : 'heads'
    const heads = headsTable === null ? [] : await findHeads(duck, { spec, columns: source.columns, rows, table: headsTable, signal })
    const level = await computeLevel(duck, { spec, groupings: spec.rows, columns: source.columns, rows, heads, headsTable, table: 'groups', signal })
    return wideSelect(level, { order: levelOrder(level, spec, sort), format })
  })
}
