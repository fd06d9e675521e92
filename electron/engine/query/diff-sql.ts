import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { DiffSpec } from '../workers/wire.ts'
import { columnOf } from './column-of.ts'
import { maskSql } from './mask-sql.ts'
import { numberedRelation } from './version-relation.ts'

/**
 * The SQL of a data diff. Rows are matched by key (or, without one, by all their values), compared by a hash of the rest, and
 * remembered by their places, so that a page reads the rows it shows and nothing else.
 */

export const KIND_CODES = { changed: 0, added: 1, removed: 2 } as const

/** A column that both versions have. */
export interface SharedColumn {
  before: Column
  after: Column
}

/** Columns to compare: those of both versions that are neither the key nor the engine's own. */
export function comparedColumns({ before, after, key }: DiffSpec): SharedColumn[] {
  const keys = new Set(key.map((name) => name.toLowerCase()))
  const old = new Map(before.columns.map((column) => [column.name.toLowerCase(), column]))
  return after.columns.flatMap((column) => {
    const name = column.name.toLowerCase()
    const match = old.get(name)
    return match === undefined || column.isProvenance || keys.has(name) ? [] : [{ before: match, after: column }]
  })
}

/** A value as it is compared: as stored, and where the type has changed, numbers as DOUBLE and everything else by its text. */
export function comparable(pair: SharedColumn, side: 'before' | 'after', table = ''): string {
  const { before, after } = pair
  const ref = `${table}${quoteIdentifier(pair[side].name)}`
  if (before.type === after.type) return ref
  return before.kind === 'number' && after.kind === 'number' ? `${ref}::DOUBLE` : `${ref}::VARCHAR`
}

interface ValueRef {
  name: string
  /** `b.`, or nothing. */
  table: string
}

/** A value of one side as it is shown: as `show` says, or its mask. */
export function maskOr({ masked }: Pick<DiffSpec, 'masked'>, ref: ValueRef, show: (ref: string) => string): string {
  const text = `${ref.table}${quoteIdentifier(ref.name)}`
  return masked.includes(ref.name.toLowerCase()) ? maskSql(text) : show(text)
}

type Side = 'before' | 'after'

function keyColumns({ before, after, key }: DiffSpec): SharedColumn[] {
  return key.map((name) => ({ before: columnOf(before.columns, name), after: columnOf(after.columns, name) }))
}

function hashOf(columns: readonly SharedColumn[], side: Side, salt = ''): string {
  const values = columns.map((pair) => comparable(pair, side))
  return values.length === 0 ? '0::UBIGINT' : `hash(${[...(salt === '' ? [] : [salt]), ...values].join(', ')})`
}

/** How many key values name more than one row, and one of them. */
export function duplicatesSql(spec: DiffSpec, side: Side): string {
  const keys = keyColumns(spec).map((pair) => quoteIdentifier(pair[side].name))
  const shown = keyColumns(spec).map((pair) => maskOr(spec, { name: pair[side].name, table: '' }, (ref) => `${ref}::VARCHAR`))
  const text = `concat_ws(', ', ${shown.map((key) => `coalesce(${key}, 'null')`).join(', ')})`
  return `SELECT count(*) AS n, min(t) AS example FROM (SELECT ${text} AS t FROM (${numberedRelation(spec[side])}) GROUP BY ${keys.join(', ')} HAVING count(*) > 1)`
}

/** Rows `kind, part_before, row_before, part_after, row_after` of everything that differs, one kind after the other, in the order of the versions. */
export function placesSql(spec: DiffSpec, hasDuplicates: boolean): string {
  const select = spec.key.length === 0 ? wholeRowsSql(spec) : byKeySql(spec, hasDuplicates)
  return `SELECT kind::UTINYINT AS kind, pb::USMALLINT AS pb, rb::UINTEGER AS rb, pa::USMALLINT AS pa, ra::UINTEGER AS ra FROM (${select}) ORDER BY kind, pa, ra, pb, rb`
}

function byKeySql(spec: DiffSpec, hasDuplicates: boolean): string {
  const keys = keyColumns(spec)
  const rest = comparedColumns(spec)
  const side = (name: Side): string => {
    const values = keys.map((pair, index) => `${comparable(pair, name)} AS k${index}`)
    const rows = `SELECT ${values.join(', ')}, ${hashOf(rest, name)} AS h, "__part" AS p, "__row" AS r FROM (${numberedRelation(spec[name])})`
    if (!hasDuplicates) return rows
    return `SELECT *, row_number() OVER (PARTITION BY ${keys.map((_, index) => `k${index}`).join(', ')} ORDER BY h, p, r) AS occurrence FROM (${rows})`
  }
  const matches = keys.map((_, index) => `b.k${index} IS NOT DISTINCT FROM a.k${index}`)
  if (hasDuplicates) matches.push('b.occurrence = a.occurrence')
  const kind = `CASE WHEN b.h IS NULL THEN ${KIND_CODES.added} WHEN a.h IS NULL THEN ${KIND_CODES.removed} ELSE ${KIND_CODES.changed} END`
  return `SELECT ${kind} AS kind, b.p AS pb, b.r AS rb, a.p AS pa, a.r AS ra
    FROM (${side('before')}) b FULL JOIN (${side('after')}) a ON ${matches.join(' AND ')} WHERE b.h IS DISTINCT FROM a.h`
}

/** Without a key: as multisets of rows, told apart by 128 bits of hash. */
function wholeRowsSql(spec: DiffSpec): string {
  const columns = comparedColumns(spec)
  const rows = (side: Side): string =>
    `SELECT ${hashOf(columns, side)} AS h, ${hashOf(columns, side, "'strata'")} AS g, "__part" AS p, "__row" AS r FROM (${numberedRelation(spec[side])})`
  const surplus = (side: Side, sign: string): string =>
    `SELECT p, r FROM (SELECT p, r, n, row_number() OVER (PARTITION BY h, g ORDER BY p, r) AS nth FROM (${rows(side)}) JOIN surplus USING (h, g) WHERE ${sign}n > 0) WHERE nth <= ${sign}n`
  return `WITH surplus AS MATERIALIZED (
      SELECT h, g, sum(w) AS n FROM (SELECT h, g, 1 AS w FROM (${rows('after')}) UNION ALL SELECT h, g, -1 AS w FROM (${rows('before')})) GROUP BY h, g HAVING sum(w) <> 0)
    SELECT ${KIND_CODES.added} AS kind, NULL AS pb, NULL AS rb, p AS pa, r AS ra FROM (${surplus('after', '')})
    UNION ALL SELECT ${KIND_CODES.removed}, p, r, NULL, NULL FROM (${surplus('before', '-')})`
}

/** One row: for each compared column, in how many of the changed rows of `table` it differs. */
export function changedColumnsSql(spec: DiffSpec, table: string): string {
  const counts = comparedColumns(spec).map(
    (pair, index) => `count(*) FILTER (WHERE ${comparable(pair, 'before', 'b.')} IS DISTINCT FROM ${comparable(pair, 'after', 'a.')}) AS c${index}`,
  )
  return `SELECT ${counts.join(', ')} FROM (SELECT * FROM ${table} WHERE kind = ${KIND_CODES.changed}) d
    JOIN (${numberedRelation(spec.before)}) b ON b."__part" = d.pb AND b."__row" = d.rb
    JOIN (${numberedRelation(spec.after)}) a ON a."__part" = d.pa AND a."__row" = d.ra`
}
