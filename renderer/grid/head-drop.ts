import type { Column } from '../../shared/domain/table-query.ts'

/** A place besides the header itself where its columns can be dragged. */
export interface HeadDrop {
  /** The header is over there; null: it is let go of. */
  readonly over: (point: { x: number; y: number } | null) => void
  /** True: it was taken, so that the column stays where it was. */
  readonly drop: (column: Column, point: { x: number; y: number }) => boolean
}
