import { useEffect, useRef, useState } from 'react'
import { IconButton, Segmented } from '../ui/button.tsx'
import { formatBytes, formatCount } from '../ui/format.ts'
import { prettyText, rawText } from './cell-format.ts'
import type { GridCell } from './grid-query.ts'
import { hexLines, nestedValue } from './whole-value.ts'
import { ValueTree } from './value-tree.tsx'

interface CellViewerProps {
  cell: GridCell
  /** Takes the focus when it opens. */
  takesFocus: boolean
  onCopy: (text: string) => void
  onClose: () => void
}

/** The whole value of the cell under the cursor, below the rows: nested values as a tree or as text, long text wrapped, bytes as such, nothing cut. */
export function CellViewer({ cell, takesFocus, onCopy, onClose }: CellViewerProps) {
  const body = useRef<HTMLDivElement>(null)
  const [form, setForm] = useState<'tree' | 'text'>('tree')
  const place = `${cell.rowIndex} ${cell.column.name}`
  useEffect(() => {
    if (takesFocus) body.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus()
  }, [takesFocus])
  const nested = nestedValue(cell)
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
        <b className='mono cut'>{cell.column.name}</b>
        <span className='t3 cut'>{`${cell.column.type.toLowerCase()}, row ${formatCount(cell.rowIndex + 1)}, ${sizeWords(cell)}`}</span>
        <span className='grow' />
        {nested !== null && <Segmented label='Form' value={form} options={[{ value: 'tree', label: 'Tree' }, { value: 'text', label: 'Text' }]} onChange={setForm} />}
        <IconButton small variant='quiet' icon='copy' iconSize={13} label={nested !== null && form === 'text' ? 'Copy indented' : 'Copy value'} onClick={() => onCopy(nested !== null && form === 'text' ? prettyText(nested) : rawText(cell.value))} />
        <IconButton small variant='quiet' icon='close' iconSize={13} label='Close' shortcut='Esc' onClick={onClose} />
      </header>
      <div ref={body} className='cell-viewer-body'>
        {nested !== null && form === 'tree' ? <ValueTree key={place} label={`Value of ${cell.column.name}`} value={nested} /> : <pre className='scroll' tabIndex={0}>{wholeText(cell)}</pre>}
      </div>
    </section>
  )
}

function wholeText({ column, value }: GridCell): string {
  return column.kind === 'binary' && typeof value === 'string' ? hexLines(value) : prettyText(value)
}

function sizeWords({ column, value }: GridCell): string {
  const text = rawText(value)
  return column.kind === 'binary' && column.type === 'BLOB' ? formatBytes(text.length / 2) : `${formatCount(text.length)} characters`
}
