import type { CopyDir } from './copy.wire.ts'
import type { SeenSource, VersionSource } from './version.wire.ts'

/** A column by which entities are found: their key, another identifier, or what people call them. */
export interface NameColumn {
  column: string
  kind: NameKind
}

export type NameKind = 'key' | 'identifier' | 'label'

/** What a search found an entity by. */
export interface FoundName {
  entityId: string
  column: string
  kind: NameKind
  value: string
  /** Index of the file in which it was found first. */
  file: number
  /** The files that have the name. */
  files: number[]
  /** What people call it, as the files have it; null: nothing. */
  label: string | null
}

/** What the reader does for somebody who looks for an entity. */
export interface EntityOps {
  /** Rows of each source whose key column, cast to text, is `entityId`. */
  entityRows: {
    input: { entityId: string; sources: { source: SeenSource; keyColumn: string; copyDir?: CopyDir }[]; limit: number }
    output: { slices: { rowsJson: string; rowCount: number }[] }
    ask: never
  }
  /** Entities whose names, in files that `entityNames` wrote, begin with the text or hold a word that does; the best first. */
  searchNames: { input: { files: string[]; text: string; limit: number }; output: { found: FoundName[]; isCut: boolean }; ask: never }
}

export interface EntityNamesOps {
  /** Writes a file of all names by which the entities of a version are found, in the order in which they are looked for. */
  entityNames: { input: { source: VersionSource; keyColumn: string; names: NameColumn[]; path: string }; output: { names: number }; ask: never }
}
