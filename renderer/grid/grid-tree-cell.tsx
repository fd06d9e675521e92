import type { ICellRendererParams } from 'ag-grid-community'
import { Icon } from '../ui/icon.tsx'
import { rawText } from './cell-format.ts'
import type { GridTree } from './grid-tree.ts'
import type { GridRow } from './grid-query.ts'

interface GridTreeCellProps extends ICellRendererParams<GridRow> {
  tree: GridTree
}

const INDENT_PX = 18

/** The name of a group, under the one it belongs to, with what opens it. */
export function GridTreeCell({ data, tree, valueFormatted }: GridTreeCellProps) {
  if (data === undefined) return null
  const fold = tree.foldOf(data)
  return (
    <span className='grid-tree' style={{ paddingLeft: tree.depthOf(data) * INDENT_PX }}>
      {fold === null ? (
        <span className='grid-tree-leaf' />
      ) : (
        <button type='button' className='grid-tree-fold' tabIndex={-1} aria-label={`${fold === 'open' ? 'Close' : 'Open'} ${valueFormatted ?? ''}`} aria-expanded={fold === 'open'} onClick={() => tree.toggle(data)}>
          <Icon name={fold === 'open' ? 'down' : 'right'} size={12} />
        </button>
      )}
      <span className={tree.isTotal(data) ? 'grid-tree-name grid-tree-total' : 'grid-tree-name'}>{valueFormatted}</span>
    </span>
  )
}

/** A value of which not all digits are shown. */
export function GridRoundedCell({ value, valueFormatted }: ICellRendererParams<GridRow>) {
  return <span title={rawText(value)}>{valueFormatted}</span>
}
