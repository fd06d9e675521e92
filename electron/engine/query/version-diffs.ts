import type { DiffKind } from '../../../shared/contract/compare.contract.ts'
import type { DiffCounts, DiffSpec } from '../workers/wire.ts'
import { diffPageSql, type DiffPlace } from './diff-page.ts'
import { keyDuplicates } from './diff-duplicates.ts'
import { changedColumnsSql, comparedColumns, KIND_CODES, placesSql } from './diff-sql.ts'
import type { Duck } from './duckdb.ts'
import { createKeptTables, type KeptTable } from './kept-tables.ts'
import { readJson } from './read-json.ts'

/** Diffs between versions. What differs is kept as a table of places for each pair, so that paging on costs milliseconds. */
export interface VersionDiffs {
  counts(spec: DiffSpec, signal: AbortSignal): Promise<DiffCounts>
  page(spec: DiffSpec, wanted: { kind: DiffKind; offset: number; limit: number }, signal: AbortSignal): Promise<string[]>
}

const MAX_KEPT = 8
/** Differing rows over all kept diffs; about 13 bytes of DuckDB's memory each, which it may spill. */
const MAX_KEPT_ROWS = 30_000_000

/** `open` gives connections to the instance that keeps the tables. */
export function createVersionDiffs(open: () => Promise<Duck>): VersionDiffs {
  const kept = createKeptTables<DiffCounts>({ open, name: 'version_diff', max: MAX_KEPT, maxRows: MAX_KEPT_ROWS, rowsOf: ({ added, removed, changed }) => 1 + added + removed + changed })

  function diffOf(spec: DiffSpec): KeptTable<DiffCounts> {
    const key = JSON.stringify([spec.before.parts.map((part) => part.path), spec.after.parts.map((part) => part.path), spec.key, spec.masked])
    return kept.of(key, (duck, table, signal) => compute(duck, spec, { table, signal }))
  }

  return {
    counts: (spec, signal) => diffOf(spec).work.wait(signal),
    async page(spec, { kind, offset, limit }, signal) {
      const { table, work } = diffOf(spec)
      const counts = await work.wait(signal)
      const first = (kind === 'changed' ? 0 : kind === 'added' ? counts.changed : counts.changed + counts.added) + offset
      const end = Math.min(first + limit, first - offset + counts[kind])
      if (end <= first) return []
      using duck = await open()
      const rows = await duck.rows(`SELECT pb, rb, pa, ra FROM ${table} WHERE rowid >= ${first} AND rowid < ${end} ORDER BY rowid`, signal)
      return await readJson(duck, diffPageSql(spec, rows.map(toPlace)), signal)
    },
  }
}

async function compute(duck: Duck, spec: DiffSpec, { table, signal }: { table: string; signal: AbortSignal }): Promise<DiffCounts> {
  const repeated = await keyDuplicates(duck, spec, signal)
  const hasDuplicates = repeated.before + repeated.after > 0
  await duck.run(`CREATE TABLE ${table} AS ${placesSql(spec, hasDuplicates)}`, signal)
  const rows = await duck.rows(`SELECT kind, count(*) AS n FROM ${table} GROUP BY kind`, signal)
  const countOf = (kind: DiffKind): number => Number(rows.find((row) => Number(row['kind']) === KIND_CODES[kind])?.['n'] ?? 0)
  const changed = countOf('changed')
  return {
    added: countOf('added'),
    removed: countOf('removed'),
    changed,
    changedColumns: changed === 0 ? [] : await changedColumns(duck, spec, { table, signal }),
    duplicates: hasDuplicates ? repeated : null,
  }
}

async function changedColumns(duck: Duck, spec: DiffSpec, { table, signal }: { table: string; signal: AbortSignal }): Promise<DiffCounts['changedColumns']> {
  const [row] = await duck.rows(changedColumnsSql(spec, table), signal)
  return comparedColumns(spec)
    .map(({ after }, index) => ({ column: after.name, count: Number(row?.[`c${index}`] ?? 0) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count)
}

function toPlace(row: Record<string, unknown>): DiffPlace {
  const at = (part: unknown, index: unknown) => (part === null || part === undefined ? null : { part: Number(part), row: Number(index) })
  return { before: at(row['pb'], row['rb']), after: at(row['pa'], row['ra']) }
}
