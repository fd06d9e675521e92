import type { ColumnGuess, Declaration, SourceGuess } from '../../../shared/contract/ingest.contract.ts'

/** What a person made of one proposed source. */
export interface SourceEdit {
  isTaken: boolean
  name: string
  /** How it is read, without the types of columns; null: as it was guessed. */
  frame: Declaration | null
  /** Types in raw that differ from the guess, by column. */
  types: Readonly<Record<string, string>>
}

export function firstEdit({ name, cannot }: SourceGuess): SourceEdit {
  return { isTaken: cannot === null, name, frame: null, types: {} }
}

/** The declaration without the types of its columns. */
export function frameOf(declaration: Declaration): Declaration {
  const { columns: _columns, ...frame } = declaration
  return frame
}

/** Null takes a key away. */
export function changed(frame: Declaration, change: Declaration): Declaration {
  return Object.fromEntries(Object.entries({ ...frame, ...change }).filter(([, value]) => value !== null))
}

/** What is saved and previewed: the guess over the frame, and the types that were chosen. */
export function declarationOf(guess: SourceGuess, { types }: SourceEdit): Declaration {
  const found = guess.declaration['columns']
  const known = typeof found === 'object' && found !== null && !Array.isArray(found) ? found : {}
  const columns = Object.fromEntries(Object.entries({ ...known, ...types }).filter(([name, type]) => type !== 'VARCHAR' || (types[name] !== undefined && guess.format !== 'csv')))
  const frame = frameOf(guess.declaration)
  return Object.keys(columns).length === 0 ? frame : { ...frame, columns }
}

/** Columns as the proposed step has them: a chosen type is cast to. */
export function columnsOf({ columns }: SourceGuess, { types }: SourceEdit): ColumnGuess[] {
  return columns.map((column) => {
    const type = types[column.name]
    if (type === undefined) return column
    const name = `"${column.name.replaceAll('"', '""')}"`
    return { ...column, type, becomes: type, sql: type === 'VARCHAR' ? name : `CAST(${name} AS ${type})`, doubt: null }
  })
}

const COLUMN_TYPES = ['VARCHAR', 'BIGINT', 'DOUBLE', 'DECIMAL(18,2)', 'BOOLEAN', 'DATE', 'TIMESTAMP', 'JSON']

/** What a column can be made of, its own first where that is none of the usual. */
export function typeChoices(type: string): { value: string; label: string }[] {
  const all = COLUMN_TYPES.includes(type) ? COLUMN_TYPES : [type, ...COLUMN_TYPES]
  return all.map((value) => ({ value, label: value === 'VARCHAR' ? 'text' : value.toLowerCase() }))
}

/** What stands under a column's type: what the step makes of it, what the text is, or what the type rests on. */
export function headText(column: ColumnGuess): string {
  if (column.becomes !== column.type) return `${column.becomes.toLowerCase()} in the step`
  return column.type === 'VARCHAR' && column.seen !== 'text' ? column.seen : evidenceText(column)
}

/** `30 of 40 fit, 3 empty`: what the type rests on. */
function evidenceText({ values, nulls, fits }: ColumnGuess): string {
  const filled = values - nulls
  const fit = fits === filled ? (filled === 0 ? 'no values' : 'all fit') : `${fits.toLocaleString('en')} of ${filled.toLocaleString('en')} fit`
  return nulls === 0 || filled === 0 ? fit : `${fit}, ${nulls.toLocaleString('en')} empty`
}

/** A record that a run would load, or one that it would not. */
export type PreviewLine = { kind: 'row'; file: string; record: number; cells: readonly unknown[] } | { kind: 'reject'; file: string; record: number | null; line: number | null; column: string | null; reason: string; raw: string }

/** Rows and rejected records in the order of the file. */
export function previewLines(rows: readonly (readonly unknown[])[], rejects: readonly Omit<Extract<PreviewLine, { kind: 'reject' }>, 'kind'>[]): PreviewLine[] {
  const lines: PreviewLine[] = rows.map((row) => ({ kind: 'row', file: String(row.at(-2) ?? ''), record: Number(row.at(-1) ?? 0), cells: row.slice(0, -2) }))
  const last = lines.at(-1)
  const within = rejects.filter(({ file, record }) => last === undefined || file < last.file || (file === last.file && (record ?? 0) <= (last.record ?? 0) + 1) || rows.length < 20)
  return [...lines, ...within.map((reject): PreviewLine => ({ kind: 'reject', ...reject }))].toSorted((a, b) => (a.file === b.file ? (a.record ?? 0) - (b.record ?? 0) : a.file < b.file ? -1 : 1))
}

/** The data type that the files propose: of one source its name, of several what the folder is called. */
export function proposedDataType(sources: readonly SourceGuess[], paths: readonly string[]): string {
  const readable = sources.filter(({ cannot }) => cannot === null)
  const [first] = readable
  const [path = ''] = paths
  const folder = path.split(/[\\/]/).at(-1) ?? ''
  const isFolder = paths.length === 1 && (first?.files[0] ?? '').includes(`${folder}/`)
  const text = (readable.length > 1 && isFolder ? folder : (first?.name ?? 'data')).toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '')
  return /^[a-z]/.test(text) ? text : `data_${text}`
}
