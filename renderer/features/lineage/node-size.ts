import type { LineageNode } from '../../../shared/contract/lineage.contract.ts'

/** Sizes of a lineage node in px; lineage.css draws what is computed here. */
export const NODE_WIDTH = 192
/** Where edges meet a node: the middle of its head. */
export const PORT_Y = 15
const BODY_PX = 72
const COLUMN_PX = 20
const COLUMNS_PADDING_PX = 6
/** Columns shown before "n more columns". */
export const FEW_COLUMNS = 6

/** How much of a node's columns is shown. */
export type ColumnsShown = 'none' | 'few' | 'all'

export function shownColumnCount(node: Pick<LineageNode, 'columns'>, shown: ColumnsShown): number {
  if (shown === 'none') return 0
  return shown === 'all' ? node.columns.length : Math.min(FEW_COLUMNS, node.columns.length)
}

export function nodeHeight(node: Pick<LineageNode, 'columns'>, shown: ColumnsShown): number {
  const count = shownColumnCount(node, shown)
  if (count === 0) return BODY_PX
  const more = count < node.columns.length ? 1 : 0
  return BODY_PX + COLUMNS_PADDING_PX + (count + more) * COLUMN_PX
}
