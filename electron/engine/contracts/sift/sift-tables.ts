import type { Column } from '../../../../shared/domain/table-query.ts'
import type { Duck } from '../../query/duckdb.ts'
import type { SiftInput } from '../../workers/sift.wire.ts'
import type { VersionSource } from '../../workers/version.wire.ts'
import type { CheckSpec } from '../../workspace/model.ts'

/**
 * A sift at work. Its tables in the instance, a row of each named by its place (`__part`, `__row`; records that could not be read have
 * places below zero):
 *
 * - `sift_made` the version as it was made, `sift_now` as the decisions leave it
 * - `sift_cases` records that broke a rule or could not be read, `sift_rows` those of them that are rows
 * - `sift_decided` the decision that holds for a case, `sift_out` rows that it takes away, `sift_fixed` rows that it puts in their place
 * - `sift_broken` places with the number of a rule that they break now, `sift_final` those that nobody accepted
 */
export interface Sift {
  duck: Duck
  input: SiftInput
  source: VersionSource
  /** Columns of the data, without what the engine adds. */
  columns: Column[]
  /** Rules that make a row a case. */
  rules: CheckSpec[]
  /** Names of those that somebody accepts to be broken, by any row. */
  waived: ReadonlySet<string>
  signal: AbortSignal
}

export const PLACE = '"__part", "__row"'

/** Rows carry file and record: as a version of raw does, or because a statement took them along. */
export function hasProvenance({ source }: Pick<Sift, 'source'>): boolean {
  return ['_file', '_record'].every((name) => source.columns.some((column) => column.name === name))
}
