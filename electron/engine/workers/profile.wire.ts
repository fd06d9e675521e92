import type { ColumnProfile } from '../../../shared/contract/profile.contract.ts'
import type { VersionSource } from './version.wire.ts'

/** A column's profile without what only other versions tell. */
export type MeasuredColumn = Omit<ColumnProfile, 'trend'>

export interface ProfileOps {
  /** Looks at every value of a version, column by column; progress names the column. */
  version: { input: { source: VersionSource }; output: { columns: MeasuredColumn[] }; ask: never }
}
