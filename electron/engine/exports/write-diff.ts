import { keyDuplicates } from '../query/diff-duplicates.ts'
import { diffExportSql } from '../query/diff-export-sql.ts'
import type { OpContext } from '../workers/worker-server.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import { copyToFile } from './copy-to-file.ts'

/** Writes what differs between two versions into a file, as `diffExportSql` lays it out. */
export function writeDiff({ path, format, kinds, ...spec }: OpInput<'export', 'writeDiff'>, context: OpContext<never>): Promise<OpOutput<'export', 'writeDiff'>> {
  return copyToFile({ path, format }, context, async (duck) => {
    const { before, after } = await keyDuplicates(duck, spec, context.signal)
    return diffExportSql(spec, { kinds, format, hasDuplicates: before + after > 0 })
  })
}
