import { z } from 'zod'

/** Sort and filter of a table: what the grid shows, the page query pushes down and the export repeats. One shape for all. */

export const sortSchema = z.strictObject({ column: z.string(), direction: z.enum(['asc', 'desc']) })
export type Sort = z.infer<typeof sortSchema>

const scalar = z.union([z.string(), z.number(), z.boolean()])

/** Comparisons; `value` is compared after a cast to the column's type. */
export const filterSchema = z.discriminatedUnion('op', [
  z.strictObject({ column: z.string(), op: z.enum(['eq', 'ne', 'lt', 'le', 'gt', 'ge']), value: scalar }),
  z.strictObject({ column: z.string(), op: z.literal('between'), from: scalar, to: scalar }),
  z.strictObject({ column: z.string(), op: z.enum(['in', 'not_in']), values: z.array(scalar).max(1_000) }),
  /** Case-blind text tests on the value's text form. */
  z.strictObject({ column: z.string(), op: z.enum(['contains', 'not_contains', 'starts_with', 'ends_with']), value: z.string() }),
  /** A regular expression of RE2 that is found somewhere in the value's text form; `(?i)` makes it case-blind. */
  z.strictObject({ column: z.string(), op: z.enum(['matches', 'not_matches']), value: z.string().max(1_000) }),
  z.strictObject({ column: z.string(), op: z.enum(['is_null', 'not_null']) }),
  /** A boolean SQL expression over the columns of the row; rows for which it is true pass. */
  z.strictObject({ op: z.literal('expression'), sql: z.string().max(2_000) }),
])
export type Filter = z.infer<typeof filterSchema>
/** A test on one column. */
export type ColumnFilter = Exclude<Filter, { op: 'expression' }>

/** The column that a filter tests; null for an expression, which may name any. */
export function filterColumn(filter: Filter): string | null {
  return filter.op === 'expression' ? null : filter.column
}

export const tableQuerySchema = z.strictObject({
  sort: z.array(sortSchema).max(8).default([]),
  /** All must hold. */
  filter: z.array(filterSchema).max(32).default([]),
})
export type TableQuery = z.infer<typeof tableQuerySchema>

/** A column as DuckDB describes it, with the family that decides alignment, filter and format. */
export const columnSchema = z.object({
  name: z.string(),
  /** DuckDB's type, for example `DECIMAL(18,3)` or `STRUCT(a INTEGER)[]`. */
  type: z.string(),
  kind: z.enum(['text', 'number', 'boolean', 'date', 'timestamp', 'time', 'nested', 'binary', 'other']),
  /** `_file` and `_record`, which answer where a row came from. */
  isProvenance: z.boolean().default(false),
  /** Its values are hidden behind a mask from whoever asked; `type` stays that of the values, `kind` is that of the mask. */
  isMasked: z.boolean().optional(),
  /** A contract says that its values are sensitive, of this dataset or of one that they come from. */
  isSensitive: z.boolean().optional(),
})
export type Column = z.infer<typeof columnSchema>

const KINDS: readonly [RegExp, Column['kind']][] = [
  [/\[\d*\]$|^(STRUCT|MAP|UNION|JSON)/i, 'nested'],
  [/^(VARCHAR|CHAR|TEXT|STRING|UUID|ENUM)/i, 'text'],
  [/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|^(DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL|BIGNUM)/i, 'number'],
  [/^BOOL/i, 'boolean'],
  [/^DATE$/i, 'date'],
  [/^TIMESTAMP/i, 'timestamp'],
  [/^TIME/i, 'time'],
  [/^(BLOB|BIT)/i, 'binary'],
]

export function columnKind(type: string): Column['kind'] {
  return KINDS.find(([pattern]) => pattern.test(type))?.[1] ?? 'other'
}

/** Columns the engine adds to raw tables. */
export const PROVENANCE_COLUMNS = ['_file', '_record'] as const

export function toColumn(name: string, type: string): Column {
  return { name, type, kind: columnKind(type), isProvenance: (PROVENANCE_COLUMNS as readonly string[]).includes(name) }
}
