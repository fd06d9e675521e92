import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import { MASK } from '../../../shared/domain/mask.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { SeenColumn, VersionSource } from '../workers/version.wire.ts'

/** The SQL of masks. Whatever stands above a masked relation works on masks and nothing else: no order, no filter, no message can tell a value. */

/** A SELECT with the columns of a relation, the masked ones as their masks. `rows` may stand in parentheses. */
export function maskedSelect(columns: readonly Column[], rows: string): string {
  const masked = columns.filter(isMasked)
  if (masked.length === 0) return rows
  return `SELECT * REPLACE (${masked.map(({ name }) => `${maskSql(quoteIdentifier(name))} AS ${quoteIdentifier(name)}`).join(', ')}) FROM (${rows})`
}

/** That there is no value may be seen. */
export function maskSql(ref: string): string {
  return `CASE WHEN ${ref} IS NULL THEN NULL ELSE ${quoteLiteral(MASK)} END`
}

export function isMasked(column: Column): boolean {
  return column.isMasked === true
}

/** The type that a column has on disk. */
export function storedType(column: Column | SeenColumn): string {
  return 'storedType' in column ? column.storedType : column.type
}

/** Names of the masked columns, which tell apart what is kept of a version from what was kept while they could be seen. */
export function maskedNames({ columns }: Pick<VersionSource, 'columns'>): string[] {
  return columns.filter(isMasked).map(({ name }) => name)
}

/** @throws MASKED for a column whose mask would be ordered, compared or counted as if it were its values */
export function refuseMasked(column: Column, doing: string): void {
  if (!isMasked(column)) return
  throw new ProblemError('MASKED', `Column "${column.name}" is masked: its contract says that it is sensitive, so it cannot ${doing}`, {
    hint: 'Reveal it first, with a reason: "Reveal" in the window, or strata reveal DATASET --column NAME --reason "..."',
    details: { column: column.name },
  })
}
