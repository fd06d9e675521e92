import type { Filter } from '../../../shared/domain/table-query.ts'
import type { ColumnValue, MatchRows } from '../workers/match-rows.wire.ts'
import { rowJsonSql } from './cell-sql.ts'
import { checkCasts } from './check-casts.ts'
import type { Duck } from './duckdb.ts'
import { compileFilter } from './filter-sql.ts'
import { readJson } from './read-json.ts'
import { versionRelation } from './version-relation.ts'

/** The first rows that have all values of one of the sets, in the order of the version, and how many there are. */
export async function matchRows(duck: Duck, { source, sets, limit }: MatchRows['input'], signal: AbortSignal): Promise<MatchRows['output']> {
  const compiled = sets.map((set) => compileFilter(set.map(filterOf), source.columns))
  await checkCasts(duck, compiled.flatMap(({ casts }) => casts), signal)
  const rows = `FROM (${versionRelation(source)}) WHERE ${compiled.length === 0 ? 'false' : compiled.map(({ where }) => `(${where})`).join(' OR ')}`
  const found = await readJson(duck, `SELECT ${rowJsonSql(source.columns)} AS r ${rows} LIMIT ${limit}`, signal)
  if (found.length < limit) return { rowsJson: `[${found.join(',')}]`, rowCount: found.length }
  const [counted] = await duck.rows(`SELECT count(*) AS n ${rows}`, signal)
  return { rowsJson: `[${found.join(',')}]`, rowCount: Number(counted?.['n']) }
}

/** A value as the filter that it passes; none is a value too. */
export function filterOf({ column, value }: ColumnValue): Filter {
  return value === null ? { column, op: 'is_null' } : { column, op: 'eq', value }
}
