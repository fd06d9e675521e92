import type { DiffKind } from '../../../shared/contract/compare.contract.ts'

/** Writes what differs between two versions, a `DiffSpec`, into a file. */
export interface WriteDiffOp<Spec> {
  input: Spec & {
    kinds: DiffKind[]
    format: 'csv' | 'parquet'
    /** Temporary file to write; the engine renames it when done. */
    path: string
  }
  /** A changed row is two lines of the file. */
  output: { rowCount: number; sizeBytes: number; sha256: string }
  ask: never
}
