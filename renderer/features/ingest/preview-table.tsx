import { useState } from 'react'
import { z } from 'zod'
import type { ColumnGuess, DeclaredColumn, IngestPreview, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { typeOfColumn, writtenText } from '../../../shared/domain/source-declaration.ts'
import { IconButton } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { formatCount } from '../../ui/format.ts'
import { type Anchor, anchorOf } from '../../ui/popup-menu.tsx'
import { Status, StatusMark } from '../../ui/status.tsx'
import { ColumnEditor } from './column-editor.tsx'
import { headText, type PreviewLine, previewLines, type SourceEdit, typeChoices, withType } from './ingest-model.ts'

const rowsSchema = z.array(z.array(z.unknown()))

interface PreviewTableProps {
  preview: IngestPreview
  guess: SourceGuess
  /** By name, where they differ from the guess. */
  chosen: SourceEdit['columns']
  onColumn: (column: string, declared: DeclaredColumn | null) => void
}

/** The first records as a run would load them, those that it would not among them; what the columns are is changed in the head. */
export function PreviewTable({ preview, guess, chosen, onColumn }: PreviewTableProps) {
  const [open, setOpen] = useState<{ name: string; anchor: Anchor } | null>(null)
  const shown = preview.columns.filter(({ isProvenance }) => !isProvenance)
  const guesses = new Map(guess.columns.map((column) => [column.name, column]))
  const lines = previewLines(rowsSchema.parse(JSON.parse(preview.rowsJson)), preview.rejects)
  const declaredOf = (name: string): DeclaredColumn | null => {
    const own = chosen[name]
    return own === undefined ? (guesses.get(name)?.declared ?? null) : own
  }
  const typeOf = (name: string, type: string): string => {
    const declared = declaredOf(name)
    return declared === null ? (chosen[name] === null ? 'VARCHAR' : type) : typeOfColumn(declared)
  }
  return (
    <div className='ingest-preview scroll' tabIndex={0} role='region' aria-label='Preview'>
      <table className='t'>
        <thead>
          <tr>
            <th scope='col' className='num'>#</th>
            {shown.map(({ name, type }) => (
              <th key={name} scope='col'>
                <ColumnHead
                  name={name} type={typeOf(name, type)} guess={guesses.get(name)} declared={declaredOf(name)} isChosen={chosen[name] !== undefined}
                  onType={(next) => onColumn(name, withType(declaredOf(name), next, guess.format))} onOpen={(anchor) => setOpen({ name, anchor })}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (line.kind === 'row' ? <Row key={`${line.file} ${line.record}`} line={line} kinds={shown.map(({ kind }) => kind)} /> : <Reject key={`${line.file} ${line.record} rejected`} line={line} width={shown.length} />))}
        </tbody>
      </table>
      <Foot preview={preview} />
      {open !== null && (
        <ColumnEditor
          name={open.name} anchor={open.anchor} declared={declaredOf(open.name)} type={typeOf(open.name, shown.find(({ name }) => name === open.name)?.type ?? 'VARCHAR')} format={guess.format}
          onChange={(declared) => onColumn(open.name, declared)} onClose={() => setOpen(null)}
        />
      )}
    </div>
  )
}

function Foot({ preview: { isWhole, rowCount, rejected, skipped } }: { preview: IngestPreview }) {
  return (
    <p className='ingest-foot t3 s12'>
      {isWhole ? (rowCount === 1 ? 'The only record' : `All ${formatCount(rowCount)} records`) : `The first ${formatCount(rowCount)} records`}
      {skipped > 0 && <> · <Status small status='skipped' text={`${formatCount(skipped)} left out by a rule`} /></>}
      {rejected > 0 && <> · <Status small status='quarantined' text={`${formatCount(rejected)} would go to quarantine`} /></>}
    </p>
  )
}

interface ColumnHeadProps {
  name: string
  type: string
  guess: ColumnGuess | undefined
  declared: DeclaredColumn | null
  isChosen: boolean
  onType: (type: string) => void
  onOpen: (anchor: Anchor) => void
}

function ColumnHead({ name, type, guess, declared, isChosen, onType, onOpen }: ColumnHeadProps) {
  const doubt = isChosen ? null : (guess?.doubt ?? null)
  return (
    <div className='ingest-column'>
      <span className='row row-4'>
        {doubt !== null && <StatusMark status='warning' />}
        <span className='mono cut strong' title={guess === undefined || guess.renamedFrom === null ? name : `${name}, in the file ${JSON.stringify(guess.renamedFrom)}`}>{name}</span>
      </span>
      <span className='row row-4'>
        <SelectField small label={`Type of ${name}`} value={type} options={typeChoices(type)} onChange={onType} width='100%' />
        <IconButton small variant='quiet' icon='settings' iconSize={12} label={`How ${name} is written`} onClick={(event) => onOpen(anchorOf(event.currentTarget))} />
      </span>
      {guess !== undefined && <span className='t3 s11 cut' title={`${guess.seen}${doubt === null ? '' : `. ${doubt}`}`}>{isChosen ? chosenText(declared, guess) : headText(guess)}</span>}
    </div>
  )
}

function chosenText(declared: DeclaredColumn | null, guess: ColumnGuess): string {
  const written = writtenText(declared)
  return written === '' ? `found: ${guess.seen}` : written
}

function Row({ line, kinds }: { line: Extract<PreviewLine, { kind: 'row' }>; kinds: readonly string[] }) {
  return (
    <tr>
      <td className='num t3'>{formatCount(line.record)}</td>
      {line.cells.map((cell, index) => <td key={index} className={kinds[index] === 'number' ? 'num' : ''} title={textOf(cell)}>{cell === null ? <i className='null'>null</i> : cell === '' ? <span className='t3'>""</span> : textOf(cell)}</td>)}
    </tr>
  )
}

function Reject({ line, width }: { line: Extract<PreviewLine, { kind: 'reject' }>; width: number }) {
  return (
    <tr className='ingest-reject'>
      <td className='num'>{line.record === null ? '' : formatCount(line.record)}</td>
      <td colSpan={width}>
        <div className='row row-12'>
          <Status small status='quarantined' text={`${line.line === null ? '' : `Line ${formatCount(line.line)}: `}${line.column === null ? '' : `${line.column}: `}${line.reason}`} />
          <span className='mono cut' title={line.raw}>{line.raw}</span>
        </div>
      </td>
    </tr>
  )
}

function textOf(cell: unknown): string {
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
}
