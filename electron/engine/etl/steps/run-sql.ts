import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { closestName, quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { keepsOrder } from '../../query/keeps-order.ts'
import { setVariables } from '../../query/set-variables.ts'
import { selectText } from '../../query/select-text.ts'
import { defineViews } from '../../query/view-set.ts'
import type { WarmDuck } from '../../query/warm-duck.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions, describeWritten, type WrittenFolder } from '../write-version.ts'
import { countEntities, defineEntityViews } from './entity-views.ts'
import { withCarriedRows, writeEntityIndex } from './entity-index.ts'

const PART_NAME = 'part-0000.parquet'

/** Above this, the memory that the work took is worth more than the time to open another instance. */
const SMALL_ROWS = 1_000_000

/** Runs a SQL step: one SELECT over the pinned versions, written as one Parquet part. That it is one SELECT was checked when its text was read. */
export function runSql(warm: WarmDuck, input: OpInput<'run', 'sql'>, context: OpContext<never>): Promise<OpOutput<'run', 'sql'>> {
  if (input.entity !== undefined && input.entity !== null) return withOwnInstance(input, context)
  const rowsRead = input.reads.reduce((sum, { rowCount }) => sum + rowCount, 0)
  return warm.lend(context.init, (duck) => makeVersion(duck, input, context), ({ rowCount }) => rowsRead + rowCount < SMALL_ROWS)
}

async function withOwnInstance(input: OpInput<'run', 'sql'>, context: OpContext<never>): Promise<OpOutput<'run', 'sql'>> {
  using duck = await openDuck(context.init)
  return await makeVersion(duck, input, context)
}

async function makeVersion(duck: Duck, input: OpInput<'run', 'sql'>, context: OpContext<never>): Promise<OpOutput<'run', 'sql'>> {
  const { sql, dataType, reads, outDir, orderBy, variables, entity = null } = input
  const { signal } = context
  if (entity === null) await defineViews(duck, reads, dataType)
  else await defineEntityViews(duck, input, entity)
  await setVariables(duck, variables)
  const columns = await duck.describe(selectText(sql))
  refuseTwins(columns)
  const all = entity === null ? selectText(sql) : await withCarriedRows(selectText(sql), entity)
  const select = orderedSelect(all, orderBy, columns)
  const part = await writePart(duck, { select, outDir, signal, report: (share) => context.progress({ share, note: null }) })
  const written = await describeWritten(duck, { dir: outDir, parts: [part], layout: 'plain', isOrdered: () => keepsOrder(duck, select), signal })
  if (entity === null) return written
  const processed = await countEntities(duck, entity, { part: path.join(outDir, PART_NAME), signal })
  return { ...written, entityIndex: await writeEntityIndex(duck, entity, { processed, outDir, signal }) }
}

interface PartToWrite {
  select: string
  outDir: string
  signal: AbortSignal
  report(share: number): void
}

/** COPY of a SELECT into the one part of a version. */
export async function writePart(duck: Duck, { select, outDir, signal, report }: PartToWrite): Promise<WrittenFolder['parts'][number]> {
  await mkdir(outDir, { recursive: true })
  using _progress = watchProgress(duck, report)
  const [written] = await duck.rows(`COPY (${select}) TO ${quoteLiteral(path.join(outDir, PART_NAME))} (${copyParquetOptions})`, signal)
  return { name: PART_NAME, file: null, rowCount: Number(written?.['Count']) }
}

/** Rows in the order of the contract's key: stable bytes, better pruning, stable pages. */
export function orderedSelect(select: string, orderBy: readonly string[], columns: readonly Column[]): string {
  const missing = orderBy.find((name) => !columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
  if (missing !== undefined) {
    const closest = closestName(missing, columns.map((column) => column.name))
    throw new ProblemError('STEP_FAILED', `The contract's key names the column "${missing}", which the SELECT does not give`, {
      hint: closest === null ? `Its columns are ${columns.map((column) => column.name).join(', ')}` : `Did you mean "${closest}"?`,
      details: { errorClass: 'bad_code' },
    })
  }
  return orderBy.length === 0 ? select : `SELECT * FROM (${select}) ORDER BY ${orderBy.map(quoteIdentifier).join(', ')}`
}

function refuseTwins(columns: readonly Column[]): void {
  const seen = new Set<string>()
  for (const { name } of columns) {
    const key = name.toLowerCase()
    if (seen.has(key)) {
      throw new ProblemError('STEP_FAILED', `The SELECT gives the column "${name}" twice`, { hint: 'Give one of them another name with AS', details: { errorClass: 'bad_code' } })
    }
    seen.add(key)
  }
}
