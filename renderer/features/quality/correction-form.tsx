import { skipToken, useQuery } from '@tanstack/react-query'
import { type SyntheticEvent, useId, useRef, useState } from 'react'
import type { CorrectionIssue, QuarantineDetail, QuarantineRecord } from '../../../shared/contract/quarantine.contract.ts'
import { useApi } from '../../api/api.tsx'
import type { QuarantineCommands } from '../../api/use-quarantine.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Labelled } from '../../ui/field.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Note } from '../../ui/note.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useShortcut } from '../../ui/use-shortcut.ts'

interface CorrectionFormProps {
  record: QuarantineRecord
  detail: QuarantineDetail
  position: string
  why: string
  onWhy: (why: string) => void
  onStep: (by: number) => void
  onAccept: () => void
  onIgnore: () => void
  commands: QuarantineCommands
}

/** New values beside the delivered ones; what is left alone stays. */
export function CorrectionForm({ record, detail, position, why, onWhy, onStep, onAccept, onIgnore, commands }: CorrectionFormProps) {
  const [values, setValues] = useState<Record<string, string | null>>(() => changedOf(detail, record.decision?.fields ?? {}))
  const toast = useToast()
  const form = useRef<HTMLFormElement>(null)
  useShortcut('record.correct', () => form.current?.querySelector<HTMLInputElement>('input')?.focus())
  const issues = useIssues(record.id, values)
  const missing = missingOf(values, issues, why)
  const anyway = issues.length > 0
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault()
    if (missing !== null) return
    const changed = await commands.correct(record.id, values, { reason: why.trim(), anyway })
    if (changed === null) return
    toast({ status: 'succeeded', title: 'Correction kept', text: anyway ? 'It stays in quarantine until you accept it' : 'The next run takes it up', action: { label: 'Undo', run: () => void commands.undo({ records: [record.id] }) } })
  }
  return (
    <form
      ref={form} className='q-correction' aria-label='Correction' onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit()
      }}
    >
      <PanelHead title='Correction' remark={record.file === null ? 'made again by every later run' : 'kept beside the raw file, which stays as it is'} />
      <div className='q-scroll'>
        {!detail.isRead && <Note status='warning'>The record cannot be cut into fields. What you leave empty becomes null.</Note>}
        <div className='q-fields'>
          <span className='t3'>Column</span><span className='t3'>{record.file === null ? 'Made' : 'Delivered'}</span><span className='t3'>Corrected</span><span />
          {ordered(detail, record.column).map(({ column, type, value }) => (
            <Field key={column} column={column} type={type} delivered={value} isBad={column === record.column} value={values[column]} issues={issues.filter((issue) => issue.column === column)} onChange={(next) => setValues((now) => patched(now, column, next))} />
          ))}
        </div>
      </div>
      <div className='q-foot'>
        <Labelled label='Why (goes into the audit trail)'>
          {({ id, describedBy }) => <span className='field'><input id={id} aria-describedby={describedBy} type='text' maxLength={2_000} value={why} onChange={(event) => onWhy(event.target.value)} /></span>}
        </Labelled>
        <Buttons record={record} position={position} missing={missing} anyway={anyway} onStep={onStep} onAccept={onAccept} onIgnore={onIgnore} />
      </div>
    </form>
  )
}

/** What is wrong with the values so far. */
function useIssues(id: string, fields: Record<string, string | null>): readonly CorrectionIssue[] {
  const { queries } = useApi()
  const hasValues = Object.keys(fields).length > 0
  const { data } = useQuery({ ...queries.quarantine.judge.queryOptions({ input: hasValues ? { id, fields } : skipToken }), placeholderData: (before) => before })
  return hasValues ? (data?.issues ?? []) : []
}

function missingOf(values: Record<string, string | null>, issues: readonly CorrectionIssue[], why: string): string | null {
  if (Object.keys(values).length === 0) return 'Give at least one column another value'
  return issues.find(({ rule }) => rule === null)?.message ?? (why.trim() === '' ? 'Say why first' : null)
}

interface ButtonsProps extends Pick<CorrectionFormProps, 'record' | 'position' | 'onStep' | 'onAccept' | 'onIgnore'> {
  missing: string | null
  anyway: boolean
}

function Buttons({ record, position, missing, anyway, onStep, onAccept, onIgnore }: ButtonsProps) {
  return (
    <div className='q-buttons'>
      <Button type='submit' variant='primary' disabledReason={missing} title={anyway ? 'The values break a rule: the record stays in quarantine until you accept it' : 'Keep the values; the next run takes them up'}>{anyway ? 'Save anyway' : 'Save correction'} <Kbd>Ctrl ↵</Kbd></Button>
      <Button onClick={onAccept} disabledReason={record.rule === null ? 'It could not be read, so there is no row to let in' : record.state === 'accepted' ? 'It is accepted' : null} title='Let the row in in spite of the rule (A)'>Accept as it is</Button>
      <Button variant='quiet' onClick={onIgnore} disabledReason={record.state === 'ignored' ? 'It is ignored' : null} title='Leave the record out on purpose (X)'>Ignore</Button>
      <span className='grow' />
      <span className='t3 num'>{position}</span>
      <IconButton small icon='up' label='Previous record' command='queue.previous' onClick={() => onStep(-1)} />
      <IconButton small icon='down' label='Next record' command='queue.next' onClick={() => onStep(1)} />
    </div>
  )
}

interface FieldProps {
  column: string
  type: string
  delivered: string | null
  isBad: boolean
  /** Undefined: unchanged. */
  value: string | null | undefined
  /** What is wrong with it. */
  issues: readonly CorrectionIssue[]
  onChange: (value: string | null | undefined) => void
}

function Field({ column, type, delivered, isBad, value, issues, onChange }: FieldProps) {
  const id = useId()
  return (
    <>
      <span className='mono cut' title={`${column} ${type}`}>{column}</span>
      <span className={isBad ? 'mono cut q-bad' : 'mono cut'} title={delivered ?? 'null'}>{delivered ?? <i className='t3'>null</i>}</span>
      <span className='field sm'><input
        className='mono' type='text' aria-label={`${column}, corrected`} placeholder={value === null ? 'null' : 'unchanged'} value={value ?? ''} spellCheck={false} autoComplete='off'
        aria-invalid={issues.length > 0} aria-describedby={issues.length > 0 ? id : undefined}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
      /></span>
      <Button small variant='quiet' pressed={value === null} title='No value' onClick={() => onChange(value === null ? undefined : null)}>null</Button>
      {issues.length > 0 && <p id={id} className='q-issue' role='status'>{issues.map(({ message, rule }) => `${message}${rule === null ? '' : ` (${rule})`}`).join('. ')}</p>}
    </>
  )
}

/** The column that is wrong first. */
function ordered({ fields }: QuarantineDetail, bad: string | null): QuarantineDetail['fields'] {
  return [...fields.filter(({ column }) => column === bad), ...fields.filter(({ column }) => column !== bad)]
}

function changedOf({ fields }: QuarantineDetail, corrected: Readonly<Record<string, string | null>>): Record<string, string | null> {
  const delivered = new Map(fields.map(({ column, value }) => [column, value]))
  return Object.fromEntries(Object.entries(corrected).filter(([column, value]) => delivered.get(column) !== value))
}

function patched(values: Readonly<Record<string, string | null>>, column: string, value: string | null | undefined): Record<string, string | null> {
  const { [column]: _, ...rest } = values
  return value === undefined ? rest : { ...rest, [column]: value }
}
