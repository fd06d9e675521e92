import type { Declaration, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { columnsOf } from '../../../shared/domain/source-declaration.ts'
import { Toolbar } from '../../ui/bars.tsx'
import { FixedRuler } from './fixed-ruler.tsx'
import { Check, Choice, ENCODINGS, type FormProps, KeyChoice, KeyList, KeyText, textOf } from './reading-fields.tsx'
import { ReadingText } from './reading-text.tsx'
import { DelimitedForm, FixedForm } from './text-forms.tsx'

interface ReadingFormProps extends FormProps {
  guess: SourceGuess
}

/** Every guess about how the source is cut, to be changed; the preview follows. */
export function ReadingForm({ guess, frame, onChange }: ReadingFormProps) {
  return (
    <>
      <FormOf guess={guess} frame={frame} onChange={onChange} />
      {frame['member'] !== undefined && <Toolbar label='Which members'><KeyList frame={frame} onChange={onChange} label='Members of the archive' name='member' width={420} placeholder='product*, data/*.csv' /></Toolbar>}
    </>
  )
}

function FormOf({ guess, frame, onChange }: ReadingFormProps) {
  const own = { frame, onChange }
  switch (guess.format) {
    case 'csv':
      return <DelimitedForm {...own} onReadAs={(format) => format === 'fixed' && onChange({ ...NO_CSV, format, columns: oneColumn(guess) })} />
    case 'fixed':
      return (
        <>
          <FixedForm {...own} onReadAs={(format) => format === 'csv' && onChange({ format, delimiter: 'space', columns: null, skip_lines: null })} />
          <FixedRuler head={guess.head} skipLines={typeof frame['skip_lines'] === 'number' ? frame['skip_lines'] : 0} columns={columnsOf(frame)} onChange={(columns) => onChange({ columns })} />
        </>
      )
    case 'json':
    case 'ndjson':
    case 'xml':
      return <RecordsForm guess={guess} {...own} />
    case 'xlsx':
      return <WorkbookForm guess={guess} {...own} />
    case 'sqlite':
    case 'duckdb':
      return <DatabaseForm guess={guess} {...own} />
    default:
      return null
  }
}

/** What means nothing for text of fixed width. */
const NO_CSV: Declaration = { delimiter: null, quote: null, escape: null, header: null }

function oneColumn({ head }: SourceGuess): Record<string, { width: number }> {
  return { column_1: { width: Math.max(1, ...head.map((line) => [...line].length)) } }
}

function RecordsForm({ guess, frame, onChange }: ReadingFormProps) {
  const record = textOf(frame, 'record')
  const known = guess.recordPaths.map(({ path, text }) => [path ?? '', path === null ? text : `${path}: ${text}`] as const)
  const choices = known.some(([value]) => value === record) ? known : [...known, [record, record === '' ? 'each top-level value' : record] as const]
  const hasPath = guess.format !== 'ndjson'
  return (
    <Toolbar label='How it is read'>
      {hasPath && <Choice label='Records' value={record} choices={choices} width={420} onChange={(path) => onChange({ record: path === '' ? null : path })} />}
      {hasPath && <KeyText frame={frame} onChange={onChange} label='Other path' name='record' width={180} placeholder={guess.format === 'json' ? '$.studies[*]' : 'catalog/disease'} />}
      <KeyChoice frame={frame} onChange={onChange} label='Encoding' name='encoding' choices={ENCODINGS} />
    </Toolbar>
  )
}

const MERGED = [['', 'hold their value once'], ['repeat', 'hold it in every cell']] as const
const ERRORS = [['', 'go to quarantine'], ['empty', 'count as empty']] as const

function WorkbookForm({ guess, frame, onChange }: ReadingFormProps) {
  const own = { frame, onChange }
  const sheets = (guess.parts?.names ?? []).map((name) => [name, name] as const)
  const rows = frame['header_rows']
  return (
    <Toolbar label='How it is read'>
      <KeyChoice {...own} label='Sheet' name='sheet' width={190} choices={[['', 'the first visible one'], ...sheets]} />
      <KeyText {...own} label='Range' name='range' width={96} placeholder='A5:F' />
      <Check label='has names of columns' isOn={frame['header'] !== false} onChange={(isOn) => onChange({ header: isOn ? null : false, header_rows: null })} />
      {frame['header'] !== false && <ReadingText label='in row' width={72} placeholder='first' value={Array.isArray(rows) ? rows.join(', ') : textOf(frame, 'header_rows')} onChange={(text) => onChange({ header_rows: rowsOf(text) })} />}
      <KeyChoice {...own} label='Merged cells' name='merged' choices={MERGED} />
      <KeyChoice {...own} label='Rows with #N/A' name='errors' choices={ERRORS} />
      <KeyList {...own} label='No value' name='null' width={90} placeholder='NA, -' />
    </Toolbar>
  )
}

/** `5`, or `4, 5` for names in two rows. */
function rowsOf(text: string): number | number[] | null {
  const rows = text.split(/[\s,]+/).filter((part) => /^[1-9]\d{0,6}$/.test(part)).map(Number)
  const [row] = rows
  return row === undefined ? null : rows.length === 1 ? row : rows
}

function DatabaseForm({ guess, frame, onChange }: ReadingFormProps) {
  const tables = (guess.parts?.names ?? []).map((name) => [name, name] as const)
  const query = textOf(frame, 'query')
  return (
    <Toolbar label='How it is read'>
      {query === '' && <Choice label='Table' value={textOf(frame, 'table')} width={240} choices={tables.length > 1 ? tables : [['', tables[0]?.[0] ?? 'the only one']]} onChange={(table) => onChange({ table: table === '' ? null : table })} />}
      <ReadingText label='or a query' width={520} value={query} placeholder='SELECT id, name FROM people WHERE active' onChange={(text) => onChange(text.trim() === '' ? { query: null, ...(tables.length > 1 ? { table: tables[0]?.[0] ?? null } : {}) } : { query: text, table: null })} />
    </Toolbar>
  )
}
