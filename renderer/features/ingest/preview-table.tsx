import { z } from 'zod'
import type { ColumnGuess, IngestPreview } from '../../../shared/contract/ingest.contract.ts'
import { SelectField } from '../../ui/field.tsx'
import { formatCount } from '../../ui/format.ts'
import { Status, StatusMark } from '../../ui/status.tsx'
import { headText, type PreviewLine, previewLines, typeChoices } from './ingest-model.ts'

const rowsSchema = z.array(z.array(z.unknown()))

interface PreviewTableProps {
  preview: IngestPreview
  columns: readonly ColumnGuess[]
  /** By name, where it differs from the guess. */
  types: Readonly<Record<string, string>>
  onType: (column: string, type: string) => void
}

/** The first records as a run would load them, those that it would not among them; types are changed in the head. */
export function PreviewTable({ preview, columns, types, onType }: PreviewTableProps) {
  const shown = preview.columns.filter(({ isProvenance }) => !isProvenance)
  const guesses = new Map(columns.map((column) => [column.name, column]))
  const lines = previewLines(rowsSchema.parse(JSON.parse(preview.rowsJson)), preview.rejects)
  return (
    <div className='ingest-preview scroll' tabIndex={0} role='region' aria-label='Preview'>
      <table className='t'>
        <thead>
          <tr>
            <th scope='col' className='num'>#</th>
            {shown.map(({ name, type }) => (
              <th key={name} scope='col'>
                <ColumnHead name={name} type={types[name] ?? type} guess={guesses.get(name)} onType={(chosen) => onType(name, chosen)} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (line.kind === 'row' ? <Row key={`${line.file} ${line.record}`} line={line} kinds={shown.map(({ kind }) => kind)} /> : <Reject key={`${line.file} ${line.record} rejected`} line={line} width={shown.length} />))}
        </tbody>
      </table>
      <p className='ingest-foot t3 s12'>
        {preview.isWhole ? `All ${formatCount(preview.rowCount)} records` : `The first ${formatCount(preview.rowCount)} records`}
        {preview.rejected > 0 && <> · <Status small status='quarantined' text={`${formatCount(preview.rejected)} would go to quarantine`} /></>}
      </p>
    </div>
  )
}

function ColumnHead({ name, type, guess, onType }: { name: string; type: string; guess: ColumnGuess | undefined; onType: (type: string) => void }) {
  return (
    <div className='ingest-column'>
      <span className='row row-4'>
        {guess !== undefined && guess.doubt !== null && <StatusMark status='warning' />}
        <span className='mono cut strong' title={guess === undefined || guess.renamedFrom === null ? name : `${name}, in the file ${JSON.stringify(guess.renamedFrom)}`}>{name}</span>
      </span>
      <SelectField small label={`Type of ${name}`} value={type} options={typeChoices(type)} onChange={onType} width='100%' />
      {guess !== undefined && <span className='t3 s11 cut' title={`${guess.seen}${guess.doubt === null ? '' : `. ${guess.doubt}`}`}>{type === guess.type ? headText(guess) : `found: ${guess.seen}`}</span>}
    </div>
  )
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
