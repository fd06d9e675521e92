import { isTemporal } from '../../../../shared/domain/chart.ts'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { decimalsOf, type Grouping, type PivotMeasure } from '../../../../shared/domain/pivot.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import { textSql } from '../cell-sql.ts'
import { columnOf } from '../column-of.ts'
import { MEASURE_SQL } from '../measure-sql.ts'

/** What rows are grouped by: equal for rows of one group, in the order in which groups are shown. */
export function groupSql({ column: name, bucket, width }: Grouping, columns: readonly Column[]): string {
  const column = columnOf(columns, name)
  const ref = quoteIdentifier(column.name)
  if (width !== undefined) return binSql(`${ref}::DOUBLE`, width)
  if (isTemporal(column)) return bucket === 'none' ? ref : timeSql(column, ref, bucket)
  if (column.kind !== 'number') return textSql(column, ref)
  // Zero is one group, whatever its sign.
  return /^(DOUBLE|FLOAT|REAL)$/.test(column.type) ? `${ref} + 0::${column.type}` : ref
}

/** Whole stretches of time are dates, hours are times. */
function timeSql({ kind, type }: Column, ref: string, bucket: Exclude<Grouping['bucket'], 'none'>): string {
  const unit = bucket === 'hour' && kind === 'date' ? 'day' : bucket
  const start = `date_trunc('${unit}', ${ref})`
  return unit === 'hour' ? `${start}::${type === 'TIMESTAMP WITH TIME ZONE' ? 'TIMESTAMPTZ' : 'TIMESTAMP'}` : `${start}::DATE`
}

/** The number of the bin. A division may miss the edge by its last digit: the edges themselves decide, as they do in a filter. */
function binSql(value: string, width: number): string {
  const guess = `floor(${value} / ${width}::DOUBLE)`
  return `CASE WHEN NOT isfinite(${value}) THEN ${value} WHEN ${value} < ${edgeSql(guess, width)} THEN ${guess} - 1 WHEN ${value} >= ${edgeSql(`${guess} + 1`, width)} THEN ${guess} + 1 ELSE ${guess} END`
}

/** Where a bin begins, with no more decimals than the width has. */
export function edgeSql(index: string, width: number): string {
  return `round((${index}) * ${width}::DOUBLE, ${decimalsOf(width)})`
}

/** A group as text that leads back to it. */
export function keySql(ref: string): string {
  return `${ref}::VARCHAR`
}

/**
 * `ref` is the column of the value. Whole numbers and decimals are summed exactly: what has no wider type of its own is summed as BIGNUM.
 */
export function measureSql({ of, column }: PivotMeasure, { ref, columns }: { ref: string; columns: readonly Column[] }): string {
  if (column === null) return 'count(*)'
  return MEASURE_SQL[of](of === 'sum' && columnOf(columns, column).type === 'UHUGEINT' ? `${ref}::BIGNUM` : ref)
}
