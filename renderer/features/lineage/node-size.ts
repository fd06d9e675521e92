import type { LineageNode } from '../../../shared/contract/lineage.contract.ts'
import type { DrawnNode } from './drawn-graph.ts'

/** Sizes of a lineage node in px; lineage.css draws what is computed here. */
export const NODE_WIDTH = 192
/** Where edges meet a node: the middle of its head. */
export const PORT_Y = 15
const BODY_PX = 72
const FILES_PX = 48
const FOLD_PX = 72
const COLUMN_PX = 20
const COLUMNS_PADDING_PX = 6
/** Of the padding, what lies above the first column: the line and 2 px. */
const COLUMNS_TOP_PX = 3
/** Columns shown before "n more columns". */
export const FEW_COLUMNS = 6

/** How much of a node's columns is shown. */
export type ColumnsShown = 'none' | 'few' | 'all'

/** The columns that a node lists: those on the path of the chosen column first, which it always shows, then others as far as it is opened. */
export function shownColumns({ columns }: Pick<LineageNode, 'columns'>, shown: ColumnsShown, path?: ReadonlySet<string>): LineageNode['columns'] {
  const onPath = path === undefined ? [] : columns.filter(({ name }) => path.has(name.toLowerCase()))
  const count = Math.max(onPath.length, shown === 'none' ? 0 : shown === 'all' ? columns.length : Math.min(FEW_COLUMNS, columns.length))
  return [...onPath, ...columns.filter((column) => !onPath.includes(column))].slice(0, count)
}

export function nodeHeight(node: Pick<LineageNode, 'columns'>, shown: ColumnsShown, path?: ReadonlySet<string>): number {
  const count = shownColumns(node, shown, path).length
  if (count === 0) return BODY_PX
  const more = count < node.columns.length ? 1 : 0
  return BODY_PX + COLUMNS_PADDING_PX + (count + more) * COLUMN_PX
}

export function drawnHeight(drawn: DrawnNode, shown: ColumnsShown, path?: ReadonlySet<string>): number {
  if (drawn.kind === 'files') return FILES_PX
  return drawn.kind === 'fold' ? FOLD_PX : nodeHeight(drawn.node, shown, path)
}

/** From the top of a node to the middle of its nth column. */
export function columnY(place: number): number {
  return BODY_PX + COLUMNS_TOP_PX + (place + 0.5) * COLUMN_PX
}
