import type { DiffKind } from '../../../shared/contract/compare.contract.ts'
import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { DiffSpec } from '../workers/wire.ts'
import { textSql } from './cell-sql.ts'
import { comparable, comparedColumns, KIND_CODES, maskOr, placesSql } from './diff-sql.ts'
import { numberedRelation } from './version-relation.ts'

/** A column of the exported differences, with the one that it comes from on each side. */
interface ExportColumn {
  name: string
  before: Column | null
  after: Column | null
}

type Format = 'csv' | 'parquet'

export interface DiffExport {
  kinds: readonly DiffKind[]
  format: Format
  hasDuplicates: boolean
}

/**
 * Everything that differs as one SELECT: a line for each side of a row, `_change` says which (added, removed, before, after), and
 * `_changed` names the columns that differ. Then the newer version's columns and those that only the older one has. Kinds in the
 * order of the window, rows in that of the versions. A column whose type changed is text, or DOUBLE where it was a number before and is one now.
 */
export function diffExportSql(spec: DiffSpec, { kinds, format, hasDuplicates }: DiffExport): string {
  const columns = exportColumns(spec)
  const taken = columns.map(({ name }) => name.toLowerCase())
  const cells = columns.map((column) => `${cellOf(spec, column, format)} AS ${quoteIdentifier(column.name)}`)
  const places = `SELECT * FROM (${placesSql(spec, hasDuplicates)}) WHERE kind IN (${kinds.map((kind) => KIND_CODES[kind]).join(', ')})`
  return `SELECT ${[`${CHANGE} AS ${freeName('_change', taken)}`, `${changedNames(spec)} AS ${freeName('_changed', taken)}`, ...cells].join(', ')}
    FROM (${places}) d
    LEFT JOIN (${numberedRelation(spec.before)}) b ON b."__part" = d.pb AND b."__row" = d.rb
    LEFT JOIN (${numberedRelation(spec.after)}) a ON a."__part" = d.pa AND a."__row" = d.ra
    CROSS JOIN (VALUES (0), (1)) AS s(side)
    WHERE CASE s.side WHEN 0 THEN b."__row" ELSE a."__row" END IS NOT NULL
    ORDER BY d.kind, d.pa, d.ra, d.pb, d.rb, s.side`
}

const CHANGE = `CASE d.kind WHEN ${KIND_CODES.added} THEN 'added' WHEN ${KIND_CODES.removed} THEN 'removed' ELSE CASE s.side WHEN 0 THEN 'before' ELSE 'after' END END`

/** Columns are told apart by name without case, as SQL does; the engine's own are left out. */
function exportColumns({ before, after }: DiffSpec): ExportColumn[] {
  const own = (columns: readonly Column[]) => columns.filter((column) => !column.isProvenance)
  const find = (columns: readonly Column[], name: string) => own(columns).find((column) => column.name.toLowerCase() === name.toLowerCase()) ?? null
  return [
    ...own(after.columns).map((column) => ({ name: column.name, before: find(before.columns, column.name), after: column })),
    ...own(before.columns).flatMap((column) => (find(after.columns, column.name) === null ? [{ name: column.name, before: column, after: null }] : [])),
  ]
}

function cellOf(spec: DiffSpec, column: ExportColumn, format: Format): string {
  const shown = (side: 'before' | 'after'): string => {
    const own = column[side]
    return own === null ? 'NULL' : maskOr(spec, { name: own.name, table: side === 'before' ? 'b.' : 'a.' }, () => sideOf(column, side, format))
  }
  const [before, after] = [shown('before'), shown('after')]
  return `CASE s.side WHEN 0 THEN ${before} ELSE ${after} END`
}

/** Nested and binary values of a CSV file as everywhere: JSON and hexadecimal. */
function sideOf({ before, after }: ExportColumn, side: 'before' | 'after', format: Format): string {
  const [column, table] = side === 'before' ? [before, 'b.'] : [after, 'a.']
  if (column === null) return 'NULL'
  const ref = `${table}${quoteIdentifier(column.name)}`
  if (format === 'csv' && (column.kind === 'nested' || column.type === 'BLOB')) return textSql(column, ref)
  return before === null || after === null ? ref : comparable({ before, after }, side, table)
}

/** "amount, name"; null for a row that only one side has. */
function changedNames(spec: DiffSpec): string {
  const tests = comparedColumns(spec).map((pair) => `CASE WHEN ${comparable(pair, 'before', 'b.')} IS DISTINCT FROM ${comparable(pair, 'after', 'a.')} THEN ${quoteLiteral(pair.after.name)} END`)
  if (tests.length === 0) return 'NULL::VARCHAR'
  return `CASE WHEN d.kind = ${KIND_CODES.changed} THEN concat_ws(', ', ${tests.join(', ')}) END`
}

/** A name that no column of the data has. */
function freeName(wanted: string, taken: readonly string[]): string {
  return taken.includes(wanted) ? freeName(`_${wanted}`, taken) : quoteIdentifier(wanted)
}
