import { type ReactNode, useState } from 'react'
import type { Declaration } from '../../../shared/contract/ingest.contract.ts'
import { Toolbar } from '../../ui/bars.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Choice, ENCODINGS, type FormProps, KeyChoice, KeyList, KeyNumber, KeyText, textOf } from './reading-fields.tsx'
import { ReadingText } from './reading-text.tsx'

const READ_AS = [['csv', 'delimited text'], ['fixed', 'columns of fixed width']] as const
const DELIMITERS = [['comma', 'comma ,'], ['tab', 'tab'], ['semicolon', 'semicolon ;'], ['pipe', 'pipe |'], ['~', 'tilde ~'], ['space', 'space']] as const
const QUOTES = [['', 'as found'], ['"', 'double "'], ["'", "single '"], ['none', 'none']] as const
const ESCAPES = [['', 'as found'], ['"', 'doubled'], ['\\', 'backslash \\']] as const
const RAGGED = [['', 'go to quarantine'], ['fill', 'are filled with null']] as const

/** Keys that are seldom needed, behind one button unless one of them is set. */
const SELDOM = ['escape', 'comment', 'ragged', 'skip_footer', 'skip'] as const

interface TextFormProps extends FormProps {
  /** Columns for the other way of reading: text of fixed width has to have some. */
  onReadAs: (format: string) => void
}

export function DelimitedForm({ frame, onChange, onReadAs }: TextFormProps) {
  const own = { frame, onChange }
  return (
    <Toolbar label='How it is read'>
      <Choice label='Read as' value='csv' choices={READ_AS} onChange={onReadAs} />
      <KeyChoice {...own} label='Delimiter' name='delimiter' choices={DELIMITERS} />
      <KeyChoice {...own} label='Quote' name='quote' choices={QUOTES} />
      <KeyChoice {...own} label='Encoding' name='encoding' choices={ENCODINGS} />
      <Check label='first record names the columns' isOn={frame['header'] !== false} onChange={(isOn) => onChange({ header: isOn ? null : false })} />
      <KeyNumber {...own} label='Skip lines' name='skip_lines' />
      <KeyList {...own} label='No value' name='null' width={100} placeholder='NA, -' />
      <Seldom frame={frame}>
        <KeyChoice {...own} label='Quotes inside' name='escape' choices={ESCAPES} />
        <CommonSeldom {...own} />
      </Seldom>
    </Toolbar>
  )
}

export function FixedForm({ frame, onChange, onReadAs }: TextFormProps) {
  const own = { frame, onChange }
  return (
    <Toolbar label='How it is read'>
      <Choice label='Read as' value='fixed' choices={READ_AS} onChange={onReadAs} />
      <KeyChoice {...own} label='Encoding' name='encoding' choices={ENCODINGS} />
      <KeyNumber {...own} label='Skip lines' name='skip_lines' />
      <KeyList {...own} label='No value' name='null' width={100} placeholder='NA, -' />
      <Seldom frame={frame}><CommonSeldom {...own} /></Seldom>
    </Toolbar>
  )
}

function CommonSeldom({ frame, onChange }: FormProps) {
  const own = { frame, onChange }
  return (
    <>
      <KeyText {...own} label='Comment' name='comment' width={48} placeholder='#' />
      <KeyChoice {...own} label='Short records' name='ragged' choices={RAGGED} />
      <KeyNumber {...own} label='Skip at the end' name='skip_footer' />
      <ReadingText label='Leave out lines like' width={190} value={patternOf(frame)} placeholder='^Total' problem={patternProblem(patternOf(frame))} onChange={(text) => onChange({ skip: text.trim() === '' ? null : { footer: { pattern: text } } })} />
    </>
  )
}

function Seldom({ frame, children }: { frame: Declaration; children: ReactNode }) {
  const isUsed = SELDOM.some((key) => frame[key] !== undefined)
  const [isOpen, setIsOpen] = useState(isUsed)
  const shows = isOpen || isUsed
  return (
    <>
      {shows && children}
      {!isUsed && <Button small variant='quiet' pressed={isOpen} onClick={() => setIsOpen(!isOpen)}>{isOpen ? 'Less' : 'More'}</Button>}
    </>
  )
}

/** The pattern of the first rule that leaves records out by their text. */
function patternOf(frame: Declaration): string {
  const rules = frame['skip']
  if (typeof rules !== 'object' || rules === null || Array.isArray(rules)) return ''
  const [rule] = Object.values(rules)
  return typeof rule === 'object' && rule !== null && !Array.isArray(rule) ? textOf(rule, 'pattern') : ''
}

function patternProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u')
    return null
  } catch (error) {
    return `No regular expression: ${error instanceof Error ? error.message : String(error)}`
  }
}
