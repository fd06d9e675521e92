import type { Declaration } from '../../../shared/contract/ingest.contract.ts'
import { SelectField } from '../../ui/field.tsx'
import { ReadingText } from './reading-text.tsx'

/** Fields of the forms that say how a source is read. Each takes its key away when it says nothing. */

export interface FormProps {
  frame: Declaration
  onChange: (change: Declaration) => void
}

interface ChoiceProps {
  label: string
  value: string
  choices: readonly (readonly [string, string])[]
  onChange: (value: string) => void
  width?: number
}

export function Choice({ label, value, choices, onChange, width }: ChoiceProps) {
  const all = choices.some(([known]) => known === value) ? choices : [...choices, [value, value] as const]
  return (
    <span className='row row-4'>
      <span className='t2 s12 nw'>{label}</span>
      <SelectField small label={label} value={value} options={all.map(([known, text]) => ({ value: known, label: text }))} onChange={onChange} {...(width === undefined ? {} : { width })} />
    </span>
  )
}

interface KeyProps extends FormProps {
  label: string
  name: string
}

/** A key with one of some values; the empty one stands for what holds when nothing is said. */
export function KeyChoice({ label, name, frame, onChange, choices, width }: KeyProps & { choices: ChoiceProps['choices']; width?: number }) {
  return <Choice label={label} value={textOf(frame, name)} choices={choices} onChange={(value) => onChange({ [name]: value === '' ? null : value })} {...(width === undefined ? {} : { width })} />
}

export function KeyText({ label, name, frame, onChange, width, placeholder }: KeyProps & { width: number; placeholder?: string }) {
  return <ReadingText label={label} width={width} value={textOf(frame, name)} onChange={(text) => onChange({ [name]: text.trim() === '' ? null : text })} {...(placeholder === undefined ? {} : { placeholder })} />
}

/** Whole numbers from 0 on; 0 says nothing. */
export function KeyNumber({ label, name, frame, onChange, width = 48 }: KeyProps & { width?: number }) {
  const value = frame[name]
  return <ReadingText label={label} width={width} value={typeof value === 'number' ? String(value) : '0'} onChange={(text) => onChange({ [name]: /^[1-9]\d{0,5}$/.test(text.trim()) ? Number(text) : null })} />
}

/** Texts, separated by commas. */
export function KeyList({ label, name, frame, onChange, width, placeholder }: KeyProps & { width: number; placeholder?: string }) {
  return <ReadingText label={label} width={width} value={listText(frame[name])} onChange={(text) => onChange({ [name]: listOf(text) })} {...(placeholder === undefined ? {} : { placeholder })} />
}

export function Check({ label, isOn, onChange }: { label: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label className='ingest-check'>
      <input type='checkbox' checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  )
}

export const ENCODINGS = [['', 'as found'], ['utf-8', 'UTF-8'], ['windows-1252', 'Windows-1252'], ['windows-1250', 'Windows-1250'], ['windows-1251', 'Windows-1251'], ['utf-16', 'UTF-16'], ['shift_jis', 'Shift JIS'], ['gb18030', 'GB 18030']] as const

export function textOf(frame: Declaration, key: string): string {
  const value = frame[key]
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

export function listText(value: Declaration[string] | undefined): string {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.join(', ') : ''
}

export function listOf(text: string): string[] | null {
  const words = text.split(',').map((word) => word.trim()).filter((word) => word !== '')
  return words.length === 0 ? null : words
}
