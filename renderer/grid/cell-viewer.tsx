import { useEffect, useRef } from 'react'
import { IconButton } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import { prettyText, rawText } from './cell-format.ts'
import type { GridCell } from './grid-query.ts'

interface CellViewerProps {
  cell: GridCell
  onCopy: (text: string) => void
  onClose: () => void
}

/** The whole value of a cell, below the rows: JSON indented, long text wrapped, nothing cut. */
export function CellViewer({ cell, onCopy, onClose }: CellViewerProps) {
  const body = useRef<HTMLPreElement>(null)
  useEffect(() => body.current?.focus(), [])
  const text = prettyText(cell.value)
  return (
    <section
      className='cell-viewer'
      aria-label={`Value of ${cell.column.name}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        onClose()
      }}
    >
      <header>
        <b className='mono'>{cell.column.name}</b>
        <span className='t3'>{`${cell.column.type.toLowerCase()}, row ${formatCount(cell.rowIndex + 1)}, ${formatCount(text.length)} characters`}</span>
        <span className='grow' />
        <IconButton small variant='quiet' icon='copy' iconSize={13} label='Copy value' onClick={() => onCopy(rawText(cell.value))} />
        <IconButton small variant='quiet' icon='close' iconSize={13} label='Close' shortcut='Esc' onClick={onClose} />
      </header>
      <pre ref={body} className='scroll' tabIndex={0}>{text}</pre>
    </section>
  )
}
