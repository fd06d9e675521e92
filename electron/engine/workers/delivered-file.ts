import type { DeliveredMember } from '../../../shared/contract/runs.contract.ts'

/** A file that a source read, and what became of its records. */
export interface DeliveredFile {
  /** Unique in the version; the name under delivered/. */
  fileName: string
  /** Absolute path it was read from. */
  origin: string
  sha256: string
  sizeBytes: number
  modifiedAt: string
  records: number
  loaded: number
  quarantined: number
  /** Left out by a rule that the source declares, or because `sameAs` has the same content; records = loaded + quarantined + skipped. */
  skipped: number
  /** Of an archive: the members that were read. */
  members: DeliveredMember[]
  /** File of the source that has the same content; null for all that were read. */
  sameAs: string | null
}
