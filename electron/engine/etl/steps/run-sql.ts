import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { closestName, quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { type Duck, openDuck } from '../../query/duckdb.ts'
import { keepsOrder } from '../../query/keeps-order.ts'
import { setVariables } from '../../query/set-variables.ts'
import { selectText } from '../../query/select-text.ts'
import { type DefinedNames, redefineViews } from '../../query/view-set.ts'
import type { WarmDuck } from '../../query/warm-duck.ts'
import type { EntityAccount, OpInput, OpOutput, WrittenVersion } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { watchProgress } from '../watch-progress.ts'
import { describeWritten, type WrittenFolder } from '../write-version.ts'
import { writeWide } from '../wide-table.ts'
import { countEntities, defineEntityViews } from './entity-views.ts'
import { withCarriedRows, writeEntityIndex } from './entity-index.ts'
import { exactWholes } from './exact-wholes.ts'

const PART_NAME = 'part-0000.parquet'

/** Above this, the memory that the work took is worth more than the time to open another instance. */
const SMALL_ROWS = 1_000_000

/** Runs a SQL step: one SELECT over the pinned versions, written as one Parquet part. That it is one SELECT was checked when its text was read. */
export function runSql(warm: WarmDuck, input: OpInput<'run', 'sql'>, context: OpContext<never>): Promise<OpOutput<'run', 'sql'>> {
  if (input.entity !== undefined && input.entity !== null) return entityVersion(input, input.entity, context)
  const { reads, dataType, variables } = input
  const rowsRead = reads.reduce((sum, { rowCount }) => sum + rowCount, 0)
  const make = async (duck: Duck, known: DefinedNames): Promise<WrittenVersion> => {
    await redefineViews(duck, { reads, dataType, known })
    const { columns, part, select } = await writeSelect(duck, { input, signal: context.signal, report: (share) => context.progress({ share, note: null }) })
    return describeWritten(duck, { dir: input.outDir, parts: [part], layout: 'plain', columns, isOrdered: () => keepsOrder(duck, select), signal: context.signal })
  }
  return warm.lend({ init: context.init, setting: { dataType, variables } }, make, ({ rowCount }) => rowsRead + rowCount < SMALL_ROWS)
}

/** The same for a step that accounts for its entities, in an instance of its own, because it makes tables. */
async function entityVersion(input: OpInput<'run', 'sql'>, entity: EntityAccount, { init, signal, progress }: OpContext<never>): Promise<OpOutput<'run', 'sql'>> {
  using duck = await openDuck(init)
  await defineEntityViews(duck, input, entity)
  await setVariables(duck, input.variables)
  const { columns, part, select } = await writeSelect(duck, { input, signal, report: (share) => progress({ share, note: null }), complete: (own) => withCarriedRows(own, entity) })
  const written = await describeWritten(duck, { dir: input.outDir, parts: [part], layout: 'plain', columns, isOrdered: () => keepsOrder(duck, select), signal })
  const processed = await countEntities(duck, entity, { part: path.join(input.outDir, PART_NAME), signal })
  return { ...written, entityIndex: await writeEntityIndex(duck, entity, { processed, outDir: input.outDir, signal }) }
}

interface SelectToWrite extends Pick<PartToWrite, 'signal' | 'report'> {
  input: OpInput<'run', 'sql'>
  /** Adds what the statement does not give by itself. */
  complete?: (select: string) => Promise<string>
}

async function writeSelect(duck: Duck, { input, signal, report, complete }: SelectToWrite): Promise<{ columns: Column[]; select: string; part: WrittenFolder['parts'][number] }> {
  const own = selectText(input.sql)
  const columns = await duck.describe(own)
  refuseTwins(columns)
  const select = orderedSelect(complete === undefined ? own : await complete(own), input.orderBy, columns)
  return { columns, select, part: await writePart(duck, { select, columns: columns.length, outDir: input.outDir, signal, report }) }
}

interface PartToWrite {
  select: string
  /** How many it gives. */
  columns: number
  outDir: string
  signal: AbortSignal
  report(share: number): void
}

/** COPY of a SELECT into the one part of a version. */
export async function writePart(duck: Duck, { select, columns, outDir, signal, report }: PartToWrite): Promise<WrittenFolder['parts'][number]> {
  await mkdir(outDir, { recursive: true })
  using _progress = watchProgress(duck, report)
  const [written] = await writeWide(duck, { columns, name: 'The step' }, (options) => duck.rows(`COPY (${select}) TO ${quoteLiteral(path.join(outDir, PART_NAME))} (${options})`, signal))
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
  const exact = exactWholes(select, columns)
  return orderBy.length === 0 ? exact : `SELECT * FROM (${exact}) ORDER BY ${orderBy.map(quoteIdentifier).join(', ')}`
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
