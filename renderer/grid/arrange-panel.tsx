import { type SyntheticEvent, useState } from 'react'
import type { ColumnFormat } from '../../shared/domain/column-layout.ts'
import type { Column } from '../../shared/domain/table-query.ts'
import { Button } from '../ui/button.tsx'
import { Labelled, SelectField } from '../ui/field.tsx'
import type { Anchor } from '../ui/popup-menu.tsx'
import { PopupPanel } from '../ui/popup-panel.tsx'
import { formatCellAs } from './column-format.ts'
import { type ColumnLayout, withFormat, withGroup } from './column-layout.ts'

/** What of a column is being arranged. */
export interface Arranging {
  readonly kind: 'format' | 'group'
  readonly column: Column
  readonly anchor: Anchor
}

interface ArrangePanelProps {
  arranging: Arranging
  layout: ColumnLayout
  onLayout: (layout: ColumnLayout) => void
  /** Columns that are shown, from left to right. */
  shown: readonly string[]
  onClose: () => void
}

export function hasFormats({ kind }: Column): boolean {
  return kind === 'number' || kind === 'date' || kind === 'timestamp'
}

/** A small form about one column. */
export function ArrangePanel(props: ArrangePanelProps) {
  const { arranging, onClose } = props
  const label = arranging.kind === 'format' ? `Format of ${arranging.column.name}` : `Heading above ${arranging.column.name}`
  return (
    <PopupPanel label={label} anchor={arranging.anchor} width={280} onClose={onClose}>
      {arranging.kind === 'group' ? <GroupForm {...props} /> : arranging.column.kind === 'number' ? <NumberForm {...props} /> : <DateForm {...props} />}
    </PopupPanel>
  )
}

type NumberStyle = Extract<ColumnFormat, { kind: 'number' }>['style']
type DateStyle = Extract<ColumnFormat, { kind: 'date' }>['style']

const NUMBER_STYLES: readonly { value: NumberStyle | 'own'; label: string }[] = [
  { value: 'own', label: 'As it is by itself' },
  { value: 'grouped', label: 'Grouped digits, 61,204' },
  { value: 'digits', label: 'Digits alone, 61204' },
  { value: 'percent', label: 'Percent, 0.25 is 25%' },
  { value: 'bytes', label: 'Bytes, 1900000 is 1.9 MB' },
]

function NumberForm({ arranging: { column }, layout, onLayout, onClose }: ArrangePanelProps) {
  const before = numberFormatOf(layout, column)
  const [style, setStyle] = useState<NumberStyle | 'own'>(before?.style ?? 'own')
  const [decimals, setDecimals] = useState(before?.decimals?.toString() ?? '')
  const error = decimalsProblem(decimals)
  const format = error === null ? numberFormat(style, decimals) : null
  const apply = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (error !== null) return
    onLayout(withFormat(layout, column.name, format))
    onClose()
  }
  const takesDecimals = style !== 'own' && style !== 'bytes'
  return (
    <form className='filter-editor' onSubmit={apply}>
      <SelectField label='Style' width='100%' value={style} options={NUMBER_STYLES} onChange={setStyle} />
      {takesDecimals && (
        <Labelled label='Decimals' hint='Empty: as many as the value has' error={error}>
          {({ id, describedBy }) => <span className='field' style={{ width: '100%' }}><input id={id} aria-describedby={describedBy} inputMode='numeric' value={decimals} onChange={(event) => setDecimals(event.target.value)} /></span>}
        </Labelled>
      )}
      <FormatFoot example={format === null ? null : formatCellAs('1234567.891', column, format)} onClose={onClose} />
    </form>
  )
}

function numberFormatOf({ formats }: ColumnLayout, { name }: Column): Extract<ColumnFormat, { kind: 'number' }> | null {
  const format = formats[name]
  return format?.kind === 'number' ? format : null
}

function decimalsProblem(text: string): string | null {
  return /^\s*(\d|1[0-2])?\s*$/.test(text) ? null : 'Give a whole number from 0 to 12'
}

function numberFormat(style: NumberStyle | 'own', decimals: string): ColumnFormat | null {
  if (style === 'own') return null
  return { kind: 'number', style, decimals: style === 'bytes' || decimals.trim() === '' ? null : Number(decimals) }
}

const DATE_STYLES: readonly { value: DateStyle | 'own'; label: string }[] = [
  { value: 'own', label: 'As it is by itself' },
  { value: 'words', label: 'In words' },
  { value: 'day', label: 'Day, 2026-11-28' },
  { value: 'month', label: 'Month, 2026-11' },
  { value: 'year', label: 'Year, 2026' },
]

function DateForm({ arranging: { column }, layout, onLayout, onClose }: ArrangePanelProps) {
  const before = layout.formats[column.name]
  const [style, setStyle] = useState<DateStyle | 'own'>(before?.kind === 'date' ? before.style : 'own')
  const format: ColumnFormat | null = style === 'own' ? null : { kind: 'date', style }
  const apply = (event: SyntheticEvent): void => {
    event.preventDefault()
    onLayout(withFormat(layout, column.name, format))
    onClose()
  }
  return (
    <form className='filter-editor' onSubmit={apply}>
      <SelectField label='Style' width='100%' value={style} options={DATE_STYLES} onChange={setStyle} />
      <FormatFoot example={format === null ? null : formatCellAs(column.kind === 'date' ? '2026-11-28' : '2026-11-28T14:30:00', column, format)} onClose={onClose} />
    </form>
  )
}

function FormatFoot({ example, onClose }: { example: string | null; onClose: () => void }) {
  return (
    <>
      <div className='field-hint'>{example === null ? 'Copies and exports keep every digit in any case' : `Looks like ${example}. Copies and exports keep every digit`}</div>
      <div className='row'>
        <span className='grow' />
        <Button small variant='quiet' onClick={onClose}>Cancel</Button>
        <Button small variant='primary' type='submit'>Apply</Button>
      </div>
    </>
  )
}

function GroupForm({ arranging: { column }, layout, onLayout, shown, onClose }: ArrangePanelProps) {
  const [name, setName] = useState(layout.groups[column.name] ?? '')
  const known = [...new Set(Object.values(layout.groups))]
  const put = (group: string | null): void => {
    onLayout(withGroup(layout, column.name, { group, shown }))
    onClose()
  }
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault()
    put(name.trim() === '' ? null : name.trim())
  }
  return (
    <form className='filter-editor' onSubmit={submit}>
      <Labelled label='Heading' hint='Columns under one heading stand together; empty: under none'>
        {({ id, describedBy }) => <span className='field' style={{ width: '100%' }}><input id={id} aria-describedby={describedBy} data-autofocus maxLength={80} value={name} onChange={(event) => setName(event.target.value)} /></span>}
      </Labelled>
      {known.length > 0 && <div className='row row-4 wrap'>{known.map((group) => <Button key={group} small onClick={() => put(group)}>{group}</Button>)}</div>}
      <div className='row'>
        <span className='grow' />
        <Button small variant='quiet' onClick={onClose}>Cancel</Button>
        <Button small variant='primary' type='submit'>Apply</Button>
      </div>
    </form>
  )
}
