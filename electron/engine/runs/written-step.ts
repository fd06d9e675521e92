import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { Originals } from '../workers/sift.wire.ts'
import type { DeliveredFile } from '../workers/delivered-file.ts'
import type { WrittenVersion } from '../workers/wire.ts'
import type { StepModel } from '../workspace/model.ts'
import type { VersionCursor } from '../zones/version-cursor.ts'

/** Of a delivered file that came over the network, now or earlier. */
export interface DeliveredFacts {
  /** The address without secrets. */
  origin: string
  receivedAt?: string
  etag: string | null
  lastModified: string | null
}

/** What a step wrote into its temporary folder, ready to become a version. */
export interface WrittenStep {
  written: WrittenVersion
  /** Versions that were read. */
  inputs: VersionRow[]
  rejectsName: string | null
  quarantined: number
  /** Records that a rule of the source left out; only sources have any. */
  skipped?: number
  /** Records seen in the sources; null for derived versions. */
  records: number | null
  sourceHash: string | null
  files: (DeliveredFile & Partial<DeliveredFacts>)[]
  /** Of an incremental source: how far it goes. */
  cursor?: VersionCursor | null
  /** Throws where so much is in quarantine that there is to be no version. */
  judge?(sifted: SiftedStep): void | Promise<void>
}

/** The same without what does not belong in a version. */
export interface SiftedStep extends WrittenStep {
  /** Records that are left out on purpose. */
  skipped: number
  originals: Originals | null
}

export interface StagedStep {
  step: StepModel
  row: StepRow & { staging: string; versionNumber: number }
  /** Part of the transaction that enters the version: the end of the step, where nothing is left to do after it. */
  onCommit?: ((version: VersionRow) => void) | null
}
