import type { VersionRow } from '../ledger/versions.store.ts'

/** What came of a step: a new version, or one that exists and is as good. */
export interface StepOutcome {
  kind: 'made' | 'reused'
  version: VersionRow
  note: string | null
  /** The end of the step is in the ledger already, together with the version. */
  isEnded?: boolean
}
