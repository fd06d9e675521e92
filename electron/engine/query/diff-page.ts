import type { Column } from '../../../shared/domain/table-query.ts'
import type { DiffSpec, VersionSource } from '../workers/wire.ts'
import { cellSql } from './cell-sql.ts'
import { comparable, comparedColumns, maskOr } from './diff-sql.ts'
import { numberedRanges } from './version-relation.ts'

export interface RowLocation {
  part: number
  row: number
}

/** Where one differing row lies on each side; null where it is not. */
export interface DiffPlace {
  before: RowLocation | null
  after: RowLocation | null
}

/** The rows at these places as JSON text `[before, after, changed]`, in the order of the places. Only the parts concerned are read. */
export function diffPageSql(spec: DiffSpec, places: readonly DiffPlace[]): string {
  const located = (place: RowLocation | null): string => (place === null ? 'NULL, NULL' : `${place.part}, ${place.row}`)
  const values = places.map(({ before, after }, index) => `(${index}, ${located(before)}, ${located(after)})`)
  const before = rowsAt(spec.before, places.map((place) => place.before))
  const after = rowsAt(spec.after, places.map((place) => place.after))
  return `SELECT json_array(${side(spec, spec.before.columns, 'b')}, ${side(spec, spec.after.columns, 'a')}, ${changedSql(spec)})::VARCHAR AS r
    FROM (VALUES ${values.join(', ')}) AS d(place, pb, rb, pa, ra)
    LEFT JOIN (${before}) b ON b."__part" = d.pb AND b."__row" = d.rb
    LEFT JOIN (${after}) a ON a."__part" = d.pa AND a."__row" = d.ra ORDER BY d.place`
}

function side(spec: DiffSpec, columns: readonly Column[], table: string): string {
  const cells = columns.map((column) => maskOr(spec, { name: column.name, table: `${table}.` }, (ref) => cellSql(column, ref)))
  return `CASE WHEN ${table}."__row" IS NULL THEN NULL ELSE json_array(${cells.join(', ')}) END`
}

/** Places in the newer version's columns whose values differ; none where one side is missing. */
function changedSql(spec: DiffSpec): string {
  const tests = comparedColumns(spec).map((pair) => {
    const index = spec.after.columns.indexOf(pair.after)
    return `CASE WHEN ${comparable(pair, 'before', 'b.')} IS DISTINCT FROM ${comparable(pair, 'after', 'a.')} THEN ${index} END`
  })
  if (tests.length === 0) return '[]'
  return `CASE WHEN a."__row" IS NULL OR b."__row" IS NULL THEN [] ELSE list_filter([${tests.join(', ')}], lambda i: i IS NOT NULL) END`
}

/** A literal list of rows for each part, which DuckDB prunes with. */
function rowsAt(source: VersionSource, places: readonly (RowLocation | null)[]): string {
  const byPart = Map.groupBy(places.filter((place) => place !== null), (place) => place.part)
  const selects = [...byPart].flatMap(([index, wanted]) => {
    const part = source.parts[index]
    if (part === undefined) return []
    const rows = wanted.map((place) => place.row).toSorted((a, b) => a - b)
    return [`SELECT * FROM (${numberedRanges(source, [{ part, from: rows[0] ?? 0, to: rows.at(-1) ?? 0 }])}) WHERE "__row" IN (${rows.join(', ')})`]
  })
  return selects.length === 0 ? numberedRanges(source, []) : selects.join(' UNION ALL ')
}
