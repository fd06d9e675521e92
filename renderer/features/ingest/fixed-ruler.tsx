import { type MouseEvent, useState } from 'react'
import type { DeclaredColumn } from '../../../shared/contract/ingest.contract.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { type FixedColumn, fixedColumns, joinColumn, placesOf, renameColumn, resizeColumn, toggleEdge } from './fixed-columns.ts'

interface FixedRulerProps {
  /** The first lines of the file. */
  head: readonly string[]
  skipLines: number
  columns: Readonly<Record<string, DeclaredColumn>>
  onChange: (columns: Record<string, DeclaredColumn>) => void
}

const SHOWN_LINES = 8

/** The first lines with the edges of the columns over them; names and widths below. A click into the lines sets an edge, or takes it away. */
export function FixedRuler({ head, skipLines, columns, onChange }: FixedRulerProps) {
  const all = fixedColumns(columns)
  const change = (next: readonly FixedColumn[]): void => onChange(placesOf(next, columns))
  const lines = head.slice(0, skipLines + SHOWN_LINES)
  const width = Math.max(1, ...lines.map((line) => line.length), all.reduce((sum, column) => sum + column.width, 0))
  const click = (event: MouseEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    change(toggleEdge(all, Math.round(((event.clientX - box.left) / box.width) * width)))
  }
  return (
    <section className='fixed-ruler' aria-label='Columns of fixed width'>
      <div className='fixed-lines' tabIndex={0} role='group' aria-label='First lines of the file'>
        <div className='fixed-inner' style={{ width: `${width}ch` }} onClick={click}>
          {lines.map((line, index) => <div key={index} className={index < skipLines ? 't3' : undefined}>{line === '' ? ' ' : line}</div>)}
          {all.slice(1).map(({ name, start }) => <i key={name} aria-hidden='true' style={{ left: `${start - 1}ch` }} />)}
        </div>
      </div>
      <ol className='fixed-columns' aria-label='Columns'>
        {all.map((column, index) => (
          <ColumnFields
            key={index} column={column} onRename={(name) => change(renameColumn(all, index, name))} onResize={(to) => change(resizeColumn(all, index, to))}
            onJoin={index === 0 ? null : () => change(joinColumn(all, index))}
          />
        ))}
        <li><Button small variant='quiet' icon='plus' iconSize={12} onClick={() => change(toggleEdge(all, width - 1))} title='One more column at the end; its width says where it begins'>Column</Button></li>
      </ol>
    </section>
  )
}

interface ColumnFieldsProps {
  column: FixedColumn
  onRename: (name: string) => void
  onResize: (width: number) => void
  onJoin: (() => void) | null
}

function ColumnFields({ column: { name, start, width }, onRename, onResize, onJoin }: ColumnFieldsProps) {
  return (
    <li>
      <Settled label={`Name of the column from character ${start}`} value={name} width={110} onSettle={(text) => text.trim() !== '' && onRename(text.trim())} />
      <Settled label={`Width of ${name}`} value={String(width)} width={40} numeric onSettle={(text) => /^[1-9]\d{0,4}$/.test(text) && onResize(Number(text))} />
      {onJoin !== null && <IconButton small variant='quiet' icon='close' iconSize={11} label={`Join ${name} to the column before`} onClick={onJoin} />}
    </li>
  )
}

/** Counts once it is left, or with Enter. */
function Settled({ label, value, width, numeric = false, onSettle }: { label: string; value: string; width: number; numeric?: boolean; onSettle: (text: string) => void }) {
  const [typed, setTyped] = useState<string | null>(null)
  const settle = (): void => {
    if (typed !== null && typed !== value) onSettle(typed)
    setTyped(null)
  }
  return (
    <span className='field sm' style={{ width }}>
      <input
        type='text' inputMode={numeric ? 'numeric' : undefined} className={numeric ? 'num' : 'mono'} aria-label={label} value={typed ?? value} spellCheck={false} autoComplete='off'
        onChange={(event) => setTyped(event.target.value)} onBlur={settle} onKeyDown={(event) => event.key === 'Enter' && settle()}
      />
    </span>
  )
}
