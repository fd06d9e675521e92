import { openDuck } from '../../query/duckdb.ts'
import { selectText } from '../../query/select-text.ts'
import { setVariables } from '../../query/set-variables.ts'
import { parquetScan } from '../../query/version-relation.ts'
import { defineViews } from '../../query/view-set.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { describeWritten } from '../write-version.ts'
import { withCarriedRows, writeEntityIndex } from './entity-index.ts'
import { orderedSelect, writePart } from './run-sql.ts'

/** Chunks become the one part of a version, in its order, with the rows that are carried over. */
export async function sealChunks(input: OpInput<'run', 'sealChunks'>, context: OpContext<never>): Promise<OpOutput<'run', 'sealChunks'>> {
  const { sql, dataType, reads, variables, chunkPaths, outDir, orderBy, account } = input
  const { signal } = context
  using duck = await openDuck(context.init)
  await defineViews(duck, reads, dataType)
  await setVariables(duck, variables)
  // Where no chunk has rows, the statement itself still says which columns there are.
  const empty = `SELECT * FROM (${selectText(sql)}) LIMIT 0`
  const chunks = chunkPaths.length === 0 ? empty : `SELECT * FROM ${parquetScan(chunkPaths)}`
  const select = await withCarriedRows(chunks, account)
  const columns = await duck.describe(select)
  const part = await writePart(duck, { select: orderedSelect(select, orderBy, columns), columns: columns.length, outDir, signal, report: (share) => context.progress({ share, note: null }) })
  const entityIndex = await writeEntityIndex(duck, account, { processed: null, outDir, signal })
  return { ...(await describeWritten(duck, { dir: outDir, parts: [part], layout: 'plain', isOrdered: false, signal })), entityIndex }
}
