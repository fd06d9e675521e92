import type { DeclaredColumn } from '../../../shared/contract/ingest.contract.ts'
import { typeOfColumn } from '../../../shared/domain/source-declaration.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import type { Anchor } from '../../ui/popup-menu.tsx'
import { PopupPanel } from '../../ui/popup-panel.tsx'
import { typeChoices, withType, writtenKind } from './ingest-model.ts'
import { Check, listOf, listText } from './reading-fields.tsx'
import { ReadingText } from './reading-text.tsx'

interface ColumnEditorProps {
  name: string
  /** What the source says of it; null: nothing. */
  declared: DeclaredColumn | null
  /** Of the raw dataset. */
  type: string
  /** Of the source. */
  format: string
  anchor: Anchor
  onChange: (declared: DeclaredColumn | null) => void
  onClose: () => void
}

type Written = Exclude<DeclaredColumn, string>

/** A column's type, and how its values are written. The preview follows each change. */
export function ColumnEditor({ name, declared, type, format, anchor, onChange, onClose }: ColumnEditorProps) {
  const known = declared === null ? type : typeOfColumn(declared)
  const written: Written = typeof declared === 'object' && declared !== null ? declared : {}
  const kind = writtenKind(known)
  const set = (change: Written): void => {
    const next = Object.fromEntries(Object.entries({ type: known, ...written, ...change }).filter(([, value]) => value !== null))
    onChange(Object.keys(next).length === 1 ? known : next)
  }
  return (
    <PopupPanel label={`How ${name} is written`} anchor={anchor} width={336} onClose={onClose}>
      <div className='column-editor'>
        <h3 className='mono cut'>{name}</h3>
        <div className='row row-4'>
          <span className='t2 s12 nw'>Type</span>
          <SelectField small label='Type' width='100%' value={known} options={typeChoices(known)} onChange={(next) => onChange(withType(declared, next, format))} />
        </div>
        {kind === 'date' && <DateFields type={known} written={written} onChange={set} />}
        {kind === 'number' && <NumberFields written={written} onChange={set} />}
        {kind === 'boolean' && <BooleanFields written={written} onChange={set} />}
        {kind === null && <p className='t3 s12'>Text stays as it is in the file.</p>}
        <div className='column-foot'><Button small onClick={onClose}>Close</Button></div>
      </div>
    </PopupPanel>
  )
}

interface FieldsProps {
  written: Written
  onChange: (change: Written) => void
}

const DATES = ['%Y-%m-%d', '%d.%m.%Y', '%d/%m/%Y', '%m/%d/%Y', '%d-%m-%Y', '%Y%m%d', '%b %d, %Y', '%d %b %Y', '%d-%b-%Y', '%d.%m.%y', '%m/%d/%y'] as const
const TIMES = ['%H:%M', '%H:%M:%S', '%I:%M %p'] as const

function DateFields({ type, written, onChange }: FieldsProps & { type: string }) {
  const common = commonFormats(type)
  const format = listText(written['format'])
  const options = [{ value: '', label: 'as usual: 2026-01-31' }, ...common.map((value) => ({ value, label: `${value}: ${exampleOf(value)}` })), ...(format === '' || common.includes(format) ? [] : [{ value: format, label: format }])]
  return (
    <>
      <div className='row row-4'>
        <span className='t2 s12 nw'>Written</span>
        <SelectField small label='Written like' width='100%' value={format} options={options} onChange={(value) => onChange({ format: value === '' ? null : value })} />
      </div>
      <ReadingText label='or' width={236} placeholder='%d.%m.%Y | %d.%m.%y' value={Array.isArray(written['format']) ? written['format'].join(' | ') : format} onChange={(text) => onChange({ format: formatsOf(text) })} />
    </>
  )
}

function commonFormats(type: string): string[] {
  if (/^DATE$/i.test(type)) return [...DATES]
  if (/^TIME$/i.test(type)) return [...TIMES]
  return DATES.slice(0, 5).flatMap((day) => TIMES.map((time) => `${day} ${time}`))
}

const PARTS: Readonly<Record<string, string>> = { '%Y': '2026', '%y': '26', '%m': '01', '%d': '31', '%b': 'Jan', '%B': 'January', '%H': '13', '%I': '01', '%M': '45', '%S': '09', '%p': 'PM' }

/** 31 January 2026, a quarter to two in the afternoon, as the format writes it. */
export function exampleOf(format: string): string {
  return format.replaceAll(/%[a-zA-Z]/g, (part) => PARTS[part] ?? part)
}

/** Several are separated by bars: a comma may be part of one. */
function formatsOf(text: string): string | string[] | null {
  const formats = text.split('|').map((part) => part.trim()).filter((part) => part !== '')
  const [first] = formats
  return first === undefined ? null : formats.length === 1 ? first : formats
}

const DECIMALS = [{ value: '', label: 'a dot: 1.5' }, { value: ',', label: 'a comma: 1,5' }] as const
const THOUSANDS = [{ value: '', label: 'nothing: 1000' }, { value: ',', label: 'commas: 1,000' }, { value: '.', label: 'dots: 1.000' }, { value: ' ', label: 'blanks: 1 000' }, { value: "'", label: "apostrophes: 1'000" }] as const

function NumberFields({ written, onChange }: FieldsProps) {
  const decimal = written['decimal'] === ',' ? ',' : ''
  const thousands = THOUSANDS.find(({ value }) => value === written['thousands'])?.value ?? ''
  return (
    <>
      <div className='row row-4'>
        <span className='t2 s12 nw'>Before decimals</span>
        <SelectField small label='Before decimals' width='100%' value={decimal} options={DECIMALS} onChange={(value) => onChange({ decimal: value === '' ? null : value, ...(value === thousands ? { thousands: null } : {}) })} />
      </div>
      <div className='row row-4'>
        <span className='t2 s12 nw'>Between thousands</span>
        <SelectField small label='Between thousands' width='100%' value={thousands} options={THOUSANDS.filter(({ value }) => value === '' || value !== (decimal === '' ? '.' : decimal))} onChange={(value) => onChange({ thousands: value === '' ? null : value })} />
      </div>
      <ReadingText label='Without' width={200} placeholder='€, EUR' value={listText(written['strip'])} onChange={(text) => onChange({ strip: listOf(text) })} />
      <Check label='percentages: 50% is 0.5' isOn={written['percent'] === true} onChange={(isOn) => onChange({ percent: isOn ? true : null })} />
    </>
  )
}

function BooleanFields({ written, onChange }: FieldsProps) {
  return (
    <>
      <ReadingText label='True' width={236} placeholder='yes, ja, 1' value={listText(written['true_text'])} onChange={(text) => onChange({ true_text: listOf(text) })} />
      <ReadingText label='False' width={236} placeholder='no, nein, 0' value={listText(written['false_text'])} onChange={(text) => onChange({ false_text: listOf(text) })} />
    </>
  )
}
