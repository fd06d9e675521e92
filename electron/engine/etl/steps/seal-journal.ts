import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { openDuck } from '../../query/duckdb.ts'
import { versionRelation } from '../../query/version-relation.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { describeWritten } from '../write-version.ts'
import { stat } from 'node:fs/promises'
import { loadProcessor } from './load-processor.ts'
import { resultColumns } from './result-columns.ts'
import { orderedSelect, writePart } from './run-sql.ts'

type Input = OpInput<'run', 'seal'>

/** The journal of an entity step as a version: one typed COPY. */
export async function sealJournal(input: Input, context: OpContext<never>): Promise<OpOutput<'run', 'seal'>> {
  const processor = await loadProcessor(input.processorPath)
  const columns = resultColumns(processor.result, input.key)
  using duck = await openDuck(context.init)
  const select = carriedOver(input, await journalSelect(input.journalPath, columns))
  const described = await duck.describe(select)
  const part = await writePart(duck, {
    select: orderedSelect(select, input.orderBy, described),
    outDir: input.outDir,
    signal: context.signal,
    report: (share) => context.progress({ share, note: null }),
  })
  return await describeWritten(duck, { dir: input.outDir, parts: [part], layout: 'plain', isOrdered: false, signal: context.signal })
}

async function journalSelect(journalPath: string, columns: readonly { name: string; type: string }[]): Promise<string> {
  const isEmpty = (await stat(journalPath)).size === 0
  const types = columns.map(({ name, type }) => `${quoteIdentifier(name)}: ${quoteLiteral(type)}`)
  if (isEmpty) return `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${type}) AS ${quoteIdentifier(name)}`).join(', ')} WHERE false`
  return `SELECT * FROM read_json([${quoteLiteral(journalPath)}], format = 'newline_delimited', columns = {${types.join(', ')}})`
}

function carriedOver({ carryOver, key }: Input, select: string): string {
  if (carryOver === null) return select
  const except = `SELECT json ->> '$' FROM read_json_objects([${quoteLiteral(carryOver.exceptFile)}], format = 'newline_delimited')`
  const rest = `SELECT * FROM (${versionRelation(carryOver.source)}) WHERE ${quoteIdentifier(key)}::VARCHAR NOT IN (${except})`
  return `${select} UNION ALL BY NAME ${rest}`
}
