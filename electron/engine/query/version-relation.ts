import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import { PROVENANCE_COLUMNS } from '../../../shared/domain/table-query.ts'
import { globLiteral } from './glob-literal.ts'
import { maskedSelect, storedType } from './mask-sql.ts'
import type { PartRef, VersionSource } from '../workers/wire.ts'

/** Rows that share one entry of the rejects index; small, so that few rejects are counted for each row. */
const BUCKET_BITS = 10

/**
 * A version as SQL: a SELECT that may stand in parentheses. Rows come in source order, columns in the version's order, of masked ones the masks.
 * A version without parts is an empty table of its columns.
 */
export function versionRelation(source: VersionSource): string {
  return maskedSelect(source.columns, storedRelation(source))
}

/** The same with all values. */
export function storedRelation(source: VersionSource): string {
  if (source.parts.length === 0) return emptyRelation(source)
  if (source.layout !== 'per_file') return `SELECT * FROM ${parquetScan(source.parts.map((part) => part.path))}`
  return `SELECT * EXCLUDE ("__part", "__row") FROM (${storedNumbered(source)})`
}

/**
 * The same rows, each with the place that makes it unique and orders the version: `__part`, the index of its part in
 * `source.parts`, and `__row`, its position there from 0. `parts` limits it to some of the parts; types stay those of the version.
 */
export function numberedRelation(source: VersionSource, parts: readonly PartRef[] = source.parts): string {
  return maskedSelect(source.columns, storedNumbered(source, parts))
}

/** The same with all values, for what looks at masked ones without showing them. */
export function storedNumbered(source: VersionSource, parts: readonly PartRef[] = source.parts): string {
  return united(source, parts.map((part) => numberedPart(source, part, wholeOf(part))))
}

/** Rows `from` to `to` of some parts, counted from 0 in each, numbered as in `numberedRelation`. */
export function numberedRanges(source: VersionSource, ranges: readonly PartRange[]): string {
  return maskedSelect(source.columns, united(source, ranges.map((range) => `${numberedPart(source, range.part, range)} WHERE "__row" BETWEEN ${range.from} AND ${range.to}`)))
}

export interface PartRange extends RowRange {
  part: PartRef
}

interface RowRange {
  /** First and last position in the part, from 0. */
  from: number
  to: number
}

function wholeOf(part: PartRef): RowRange {
  return { from: 0, to: Math.max(0, part.rowCount - 1) }
}

/** Parts of a `per_file` version may lack columns, or hold narrower types than the version. */
function united(source: VersionSource, selects: readonly string[]): string {
  const empty = `SELECT *, 0 AS "__part", 0::BIGINT AS "__row" FROM (${emptyRelation(source)})`
  return [empty, ...selects].join(' UNION ALL BY NAME ')
}

function numberedPart(source: VersionSource, part: PartRef, range: RowRange): string {
  return `SELECT *, ${source.parts.indexOf(part)} AS "__part" FROM (${rowsWithProvenance(source, part, range)})`
}

/** Names of the relation's columns, in order. */
function relationColumns(source: VersionSource): string[] {
  const names = source.columns.map((column) => column.name)
  if (source.layout !== 'per_file') return names
  return [...names, ...PROVENANCE_COLUMNS.filter((name) => !names.includes(name))]
}

/** `read_parquet` over exactly these files: no globbing, no columns invented from `key=value` folders above the workspace. */
export function parquetScan(paths: readonly string[]): string {
  return `read_parquet([${paths.map((path) => quoteLiteral(globLiteral(path))).join(', ')}], hive_partitioning = false)`
}

/** Rows of one part with their position in it, from 0, as `__row`; for `per_file` also `_file` and `_record`, right within the range. */
function rowsWithProvenance(source: VersionSource, part: PartRef, range: RowRange): string {
  // A column of the data that is called file_row_number hides DuckDB's, which costs nothing.
  const isHidden = source.columns.some((column) => column.name.toLowerCase() === 'file_row_number')
  const rows = `SELECT *, ${isHidden ? 'row_number() OVER () - 1' : 'file_row_number'} AS "__row" FROM ${parquetScan([part.path])}`
  if (source.layout !== 'per_file') return rows
  const file = part.file === null ? 'NULL::VARCHAR' : quoteLiteral(part.file)
  if (source.rejectsPath === null || part.file === null || part.rejected === 0) {
    return `SELECT *, ${file} AS _file, ("__row" + 1)::BIGINT AS _record FROM (${rows})`
  }
  const rejects = `SELECT DISTINCT _record AS record FROM ${parquetScan([source.rejectsPath])} WHERE _file = ${file} AND _record IS NOT NULL`
  const buckets: Buckets = { first: bucketOf(range.from), last: bucketOf(range.to) }
  return `SELECT d.*, ${file} AS _file, ("__row" + 1 + ${rejectsBeforeSql(buckets)})::BIGINT AS _record
    FROM (${rows}) AS d, (${rejectsIndexSql(rejects, buckets)}) AS r`
}

function emptyRelation(source: VersionSource): string {
  const types = new Map(source.columns.map((column) => [column.name, storedType(column)]))
  const columns = relationColumns(source).map((name) => {
    const type = types.get(name) ?? (name === '_record' ? 'BIGINT' : 'VARCHAR')
    return `CAST(NULL AS ${type}) AS ${quoteIdentifier(name)}`
  })
  return `SELECT ${columns.length === 0 ? 'NULL AS "none"' : columns.join(', ')} WHERE false`
}

/**
 * One row that answers "how many rejected records come before row r of this part" in constant time. The reject of rank k (from 1)
 * at record c comes before row r exactly when c - k <= r. By buckets of rows: the rejects before the bucket, then the distinct
 * c - k inside it, each with the highest rank that has it; only for the buckets that are read. An ASOF join says the same in one line, but sorts the whole part
 * (9 s instead of 0.3 s for 10 million rows) and loses the order of the rows.
 */
function rejectsIndexSql(rejects: string, { first, last }: Buckets): string {
  return `
    WITH ranked AS (SELECT record, row_number() OVER (ORDER BY record) AS k FROM (${rejects})),
    steps AS (SELECT record - k AS first, max(k) AS rank FROM ranked GROUP BY ALL),
    buckets AS (
      SELECT bucket, list(first ORDER BY first) FILTER (first IS NOT NULL) AS firsts, list(rank ORDER BY first) FILTER (first IS NOT NULL) AS ranks
      FROM (SELECT range AS bucket FROM range(${first}, ${last + 1})) LEFT JOIN steps ON bucket = first >> ${BUCKET_BITS} GROUP BY bucket),
    chained AS (
      SELECT bucket, coalesce(firsts, []) AS firsts, coalesce(ranks, []) AS ranks, coalesce(
        max(ranks[-1]) OVER (ORDER BY bucket ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
        (SELECT max(rank) FROM steps WHERE first < ${first * 2 ** BUCKET_BITS}), 0) AS base
      FROM buckets)
    SELECT list({firsts: firsts, counts: list_prepend(base, ranks)} ORDER BY bucket) AS "__buckets" FROM chained`
}

function rejectsBeforeSql({ first }: Buckets): string {
  const bucket = `"__buckets"[("__row" >> ${BUCKET_BITS})::BIGINT + ${1 - first}]`
  return `${bucket}.counts[len(list_filter(${bucket}.firsts, lambda x: x <= "__row")) + 1]`
}

interface Buckets {
  first: number
  last: number
}

function bucketOf(row: number): number {
  return Math.floor(row / 2 ** BUCKET_BITS)
}

/** Every path under which DuckDB asks for these files: a locked instance compares the pattern as well as what it finds. */
export function pathsOf(source: VersionSource): string[] {
  const paths = [...source.parts.map((part) => part.path), ...(source.rejectsPath === null ? [] : [source.rejectsPath])]
  return [...new Set(paths.flatMap((path) => [path, globLiteral(path)]))]
}
