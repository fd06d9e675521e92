import type { SeenSource } from './version.wire.ts'

/** Where copies of one version are kept that make looking at it quick. Null: it has none, and needs none. */
export type CopyDir = string | null

/** What is made beside a version so that its rows are there in any order at once. */
export interface CopyOps {
  /** Its rows as text, one after the other; not when they would take more than `mostBytes`, or too much of the disk. */
  rows: { input: { source: SeenSource; copyDir: string; mostBytes: number }; output: { sizeBytes: number } | { expectedBytes: number }; ask: never }
  /** Where the rows of each key lie, as a file beside those rows. */
  keys: { input: { source: SeenSource; column: string; copyDir: string }; output: { sizeBytes: number }; ask: never }
}
