import { pathFilters } from '../../../../shared/domain/pivot-filters.ts'
import { pivotProblem, type PivotHead, type PivotPage } from '../../../../shared/domain/pivot.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { Filter } from '../../../../shared/domain/table-query.ts'
import type { OpInput, VersionSource } from '../../workers/wire.ts'
import type { Duck } from '../duckdb.ts'
import { filterWhere } from '../filter-where.ts'
import { createKeptTables, type KeptTable } from '../kept-tables.ts'
import { maskedNames, refuseMasked } from '../mask-sql.ts'
import { versionRelation } from '../version-relation.ts'
import { findHeads } from './pivot-heads.ts'
import { computeLevel, type Level } from './pivot-level.ts'
import { readLevel } from './pivot-page.ts'

/**
 * Levels of groups are computed once over all their rows and kept as tables, so that pages and other orders of a level with a hundred thousand groups cost
 * milliseconds.
 */
export interface PivotTables {
  page(input: OpInput<'reader', 'pivot'>, signal: AbortSignal): Promise<PivotPage>
}

/** Opened groups of one view, and a view or two before it. */
const MOST_KEPT = 24

/** `open` gives connections to the instance that keeps the tables. */
export function createPivotTables(open: () => Promise<Duck>): PivotTables {
  const levels = createKeptTables<Level>({ open, name: 'pivot_level', max: MOST_KEPT })
  const headings = createKeptTables<PivotHead[]>({ open, name: 'pivot_heads', max: MOST_KEPT })

  function headsOf({ source, filter, spec }: Input): KeptTable<PivotHead[]> | null {
    if (spec.columns.length === 0) return null
    return headings.of(JSON.stringify([sourceKey(source), filter, spec.columns, spec.values.length, spec.others]), async (duck, table, signal) =>
      findHeads(duck, { spec, columns: source.columns, rows: await filteredRows(duck, { source, filter }, signal), table, signal }),
    )
  }

  function levelOf(input: Input): KeptTable<Level> {
    const { source, filter, spec, path, levels: count } = input
    return levels.of(JSON.stringify([sourceKey(source), filter, spec, path, count]), async (duck, table, signal) => {
      const kept = headsOf(input)
      const heads = kept === null ? [] : await kept.work.wait(signal)
      const rows = await filteredRows(duck, { source, filter: [...filter, ...pathFilters(spec, path, source.columns)] }, signal)
      return await computeLevel(duck, { spec, groupings: spec.rows.slice(path.length, path.length + count), columns: source.columns, rows, heads, headsTable: kept?.table ?? null, table, signal })
    })
  }

  return {
    async page(input, signal) {
      checkPivot(input)
      const level = await levelOf(input).work.wait(signal)
      using duck = await open()
      return await readLevel(duck, { level, spec: input.spec, sort: input.sort, offset: input.offset, limit: input.limit, signal })
    },
  }
}

type Input = OpInput<'reader', 'pivot'>

/** The same rows, and the same of their columns to be seen. */
function sourceKey(source: VersionSource): unknown {
  return [source.parts.map((part) => part.path), source.rejectsPath, maskedNames(source)]
}

/** @throws BAD_INPUT for groups that these columns cannot have, MASKED for groups of masks */
export function checkPivot({ source, spec, path }: Pick<Input, 'source' | 'spec' | 'path'>): void {
  const named = new Set([...spec.rows, ...spec.columns, ...spec.values].map(({ column }) => column))
  for (const column of source.columns) if (named.has(column.name)) refuseMasked(column, 'be grouped or computed')
  const problem = pivotProblem(spec, source.columns)
  if (problem !== null) throw new ProblemError('BAD_INPUT', problem, { hint: `Columns: ${source.columns.map(({ name }) => name).join(', ')}` })
  if (path.length > 0 && path.length >= spec.rows.length) throw new ProblemError('BAD_INPUT', `The rows are grouped by ${spec.rows.length} columns; below ${path.length} groups there are none, but rows`, { hint: 'Read the page with filters for the group' })
}

export async function filteredRows(duck: Duck, { source, filter }: { source: VersionSource; filter: readonly Filter[] }, signal: AbortSignal): Promise<string> {
  const where = await filterWhere(duck, filter, { columns: source.columns, signal })
  return `(SELECT * FROM (${versionRelation(source)}) WHERE ${where})`
}
