import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { openDuck } from '../../query/duckdb.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { describeWritten } from '../write-version.ts'
import { stat } from 'node:fs/promises'
import { typedJson } from './batch-types.ts'
import { withCarriedRows, writeEntityIndex } from './entity-index.ts'
import { loadProcessor } from './load-processor.ts'
import { resultColumns } from './result-columns.ts'
import { orderedSelect, writePart } from './run-sql.ts'

type Input = OpInput<'run', 'seal'>

/** The journal of an entity step as a version: one typed COPY. */
export async function sealJournal(input: Input, context: OpContext<never>): Promise<OpOutput<'run', 'seal'>> {
  const processor = await loadProcessor(input.processorPath)
  const { account, outDir } = input
  const columns = resultColumns(processor.result, account.key)
  using duck = await openDuck(context.init)
  const select = await withCarriedRows(await journalSelect(input.journalPath, columns), account)
  const described = await duck.describe(select)
  const part = await writePart(duck, {
    select: orderedSelect(select, input.orderBy, described),
    columns: described.length,
    outDir,
    signal: context.signal,
    report: (share) => context.progress({ share, note: null }),
  })
  const entityIndex = await writeEntityIndex(duck, account, { processed: null, outDir, signal: context.signal })
  return { ...(await describeWritten(duck, { dir: outDir, parts: [part], layout: 'plain', isOrdered: false, signal: context.signal })), entityIndex }
}

async function journalSelect(journalPath: string, columns: readonly { name: string; type: string }[]): Promise<string> {
  const isEmpty = (await stat(journalPath)).size === 0
  if (isEmpty) return `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteIdentifier(name)}`).join(', ')} WHERE false`
  return `SELECT * FROM ${typedJson(journalPath, columns)}`
}
