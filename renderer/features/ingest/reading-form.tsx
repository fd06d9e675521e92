import type { Declaration, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { Toolbar } from '../../ui/bars.tsx'
import { SelectField } from '../../ui/field.tsx'
import { ReadingText } from './reading-text.tsx'

interface ReadingFormProps {
  guess: SourceGuess
  frame: Declaration
  onChange: (change: Declaration) => void
}

const DELIMITERS = [['comma', 'comma ,'], ['tab', 'tab'], ['semicolon', 'semicolon ;'], ['pipe', 'pipe |'], ['~', 'tilde ~'], ['space', 'space']] as const
const QUOTES = [['', 'as found'], ['"', 'double "'], ["'", "single '"], ['none', 'none']] as const
const ENCODINGS = [['', 'as found'], ['utf-8', 'UTF-8'], ['windows-1252', 'Windows-1252'], ['windows-1250', 'Windows-1250'], ['windows-1251', 'Windows-1251'], ['utf-16', 'UTF-16'], ['shift_jis', 'Shift JIS'], ['gb18030', 'GB 18030']] as const

/** Every guess about how the source is cut, to be changed; the preview follows. */
export function ReadingForm({ guess, frame, onChange }: ReadingFormProps) {
  if (guess.format === 'csv') return <DelimitedForm frame={frame} onChange={onChange} />
  if (guess.format === 'json' || guess.format === 'xml') return <RecordsForm guess={guess} frame={frame} onChange={onChange} />
  return null
}

function DelimitedForm({ frame, onChange }: Omit<ReadingFormProps, 'guess'>) {
  return (
    <Toolbar label='How it is read'>
      <Choice label='Delimiter' value={textOf(frame, 'delimiter', 'comma')} choices={DELIMITERS} onChange={(delimiter) => onChange({ delimiter })} />
      <Choice label='Quote' value={textOf(frame, 'quote', '')} choices={QUOTES} onChange={(quote) => onChange({ quote: quote === '' ? null : quote })} />
      <Choice label='Encoding' value={textOf(frame, 'encoding', '')} choices={ENCODINGS} onChange={(encoding) => onChange({ encoding: encoding === '' ? null : encoding })} />
      <label className='ingest-check'>
        <input type='checkbox' checked={frame['header'] !== false} onChange={(event) => onChange({ header: event.target.checked ? null : false })} />
        first record names the columns
      </label>
      <ReadingText label='Skip lines' width={48} value={String(frame['skip_lines'] ?? 0)} onChange={(text) => onChange({ skip_lines: /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null })} />
      <ReadingText label='No value' width={110} placeholder='NA, -' value={wordsOf(frame['null'])} onChange={(text) => onChange({ null: listOf(text) })} />
    </Toolbar>
  )
}

function RecordsForm({ guess, frame, onChange }: ReadingFormProps) {
  const record = textOf(frame, 'record', '')
  const known = guess.recordPaths.map(({ path, text }) => [path ?? '', path === null ? text : `${path}: ${text}`] as const)
  const choices = known.some(([value]) => value === record) ? known : [...known, [record, record === '' ? 'each top-level value' : record] as const]
  return (
    <Toolbar label='How it is read'>
      <Choice label='Records' value={record} choices={choices} width={420} onChange={(path) => onChange({ record: path === '' ? null : path })} />
      <ReadingText label='Other path' width={200} placeholder={guess.format === 'json' ? '$.studies[*]' : 'catalog/disease'} value={record} onChange={(path) => onChange({ record: path.trim() === '' ? null : path.trim() })} />
    </Toolbar>
  )
}

function Choice({ label, value, choices, onChange, width }: { label: string; value: string; choices: readonly (readonly [string, string])[]; onChange: (value: string) => void; width?: number }) {
  const all = choices.some(([known]) => known === value) ? choices : [...choices, [value, value] as const]
  return (
    <span className='row row-4'>
      <span className='t2 s12 nw'>{label}</span>
      <SelectField small label={label} value={value} options={all.map(([known, text]) => ({ value: known, label: text }))} onChange={onChange} {...(width === undefined ? {} : { width })} />
    </span>
  )
}

function textOf(frame: Declaration, key: string, otherwise: string): string {
  const value = frame[key]
  return typeof value === 'string' ? value : otherwise
}

function wordsOf(value: Declaration[string] | undefined): string {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.join(', ') : ''
}

function listOf(text: string): string[] | null {
  const words = text.split(',').map((word) => word.trim()).filter((word) => word !== '')
  return words.length === 0 ? null : words
}
