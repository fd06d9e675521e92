import type { Column, Filter, Sort } from '../../../shared/domain/table-query.ts'
import type { CopyDir } from '../workers/copy.wire.ts'
import type { OpOutput, PartRef, VersionSource } from '../workers/wire.ts'
import { rowJsonSql } from './cell-sql.ts'
import { columnOf } from './column-of.ts'
import type { Duck } from './duckdb.ts'
import { filterWhere } from './filter-where.ts'
import type { PlacedRows } from './placed-rows.ts'
import { readJson } from './read-json.ts'
import { numberedRanges, numberedRelation, type PartRange } from './version-relation.ts'

export interface PageQuery {
  source: VersionSource
  /** Null: all. */
  columns: string[] | null
  sort: Sort[]
  filter: Filter[]
  offset: number
  limit: number
  /** Where copies of this source may be; absent: nowhere. */
  copyDir?: CopyDir
}

interface PageSources {
  placedRows: PlacedRows
  signal: AbortSignal
}

/**
 * A page of a version as JSON text. Unsorted and unfiltered, the parts' row counts say where it lies, so that every depth costs
 * the same. Pages of one query never overlap and leave nothing out.
 */
export async function readPage(duck: Duck, query: PageQuery, by: PageSources): Promise<OpOutput<'reader', 'page'>> {
  const columns = chosenColumns(query.source, query.columns)
  const rows = await readRows(duck, { ...query, cells: rowJsonSql(columns), isWhole: query.columns === null }, by)
  return { columns, rowsJson: `[${rows.join(',')}]`, rowCount: rows.length }
}

/** The named columns in the asked order; all of the version's when none are named. */
export function chosenColumns(source: VersionSource, names: readonly string[] | null): Column[] {
  return names === null ? source.columns : names.map((name) => columnOf(source.columns, name))
}

type CellQuery = PageQuery & { cells: string; isWhole: boolean }

/** Up to this depth a filtered page is read in one go; below it, finding the places first spares decoding what is skipped. */
const DIRECT_ROWS = 1_000

async function readRows(duck: Duck, query: CellQuery, { placedRows, signal }: PageSources): Promise<string[]> {
  const { source, cells, offset, limit } = query
  if (query.sort.length === 0 && query.filter.length === 0) {
    const copy = await placedRows.copyOf(query)
    if (copy !== null) return copy.range(offset, limit)
    const ranges = rangesOf(source.parts, offset, limit)
    if (ranges.length === 0) return []
    const from = `FROM (${numberedRanges(source, ranges)})`
    if (query.isWhole && source.rowCount >= SHARED_ROWS) return readShared(duck, { columns: source.columns, from }, signal)
    return readJson(duck, `SELECT ${cells} AS r ${from}`, signal)
  }
  if (query.sort.length > 0 || offset + limit > DIRECT_ROWS) return placedRows.read(query, signal)
  const where = await filterWhere(duck, query.filter, { columns: source.columns, signal })
  return readJson(duck, `SELECT ${cells} AS r FROM (SELECT * FROM (${numberedRelation(source)}) WHERE ${where} LIMIT ${limit} OFFSET ${offset})`, signal)
}

/** From here on row groups are full, and reading one takes as long as it ever does. */
const SHARED_ROWS = 100_000
const TEXT_WEIGHT = 4

/** A row group is the work of one thread, however short the page: so one reads the first columns of it while another reads the last. */
async function readShared(duck: Duck, { columns, from }: { columns: readonly Column[]; from: string }, signal: AbortSignal): Promise<string[]> {
  const split = middleOf(columns)
  if (split === 0) return readJson(duck, `SELECT ${rowJsonSql(columns)} AS r ${from}`, signal)
  using other = await duck.another()
  const read = (by: Duck, some: readonly Column[]): Promise<string[]> => readJson(by, `SELECT ${rowJsonSql(some)} AS r ${from}`, signal)
  const halves = [read(duck, columns.slice(0, split)), read(other, columns.slice(split))] as const
  // Neither connection may be closed under its statement.
  await Promise.allSettled(halves)
  const [first, last] = await Promise.all(halves)
  return first.map((cells, row) => `${cells.slice(0, -1)},${(last[row] ?? '').slice(1)}`)
}

/** How many columns come before the middle of the work; 0: there is nothing to share. */
function middleOf(columns: readonly Column[]): number {
  const weights = columns.map(({ kind }) => (kind === 'text' || kind === 'nested' || kind === 'binary' ? TEXT_WEIGHT : 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let before = 0
  const imbalance = weights.map((weight) => {
    const here = Math.abs(total - 2 * before)
    before += weight
    return here
  })
  return columns.length < 4 ? 0 : imbalance.indexOf(Math.min(...imbalance.slice(1)))
}

/** Where the rows `offset` to `offset + limit` lie. */
export function rangesOf(parts: readonly PartRef[], offset: number, limit: number): PartRange[] {
  const ranges: PartRange[] = []
  let start = 0
  for (const part of parts) {
    const from = Math.max(offset, start) - start
    const to = Math.min(offset + limit, start + part.rowCount) - start - 1
    if (from <= to) ranges.push({ part, from, to })
    start += part.rowCount
  }
  return ranges
}
