import type { GridRow } from './grid-query.ts'

/** How rows stand in groups. */
export interface GridTree {
  /** The column that names them. */
  readonly column: string
  readonly depthOf: (row: GridRow) => number
  /** Null: there is nothing below. */
  readonly foldOf: (row: GridRow) => 'open' | 'closed' | null
  /** The line over all groups. */
  readonly isTotal: (row: GridRow) => boolean
  readonly toggle: (row: GridRow) => void
}
