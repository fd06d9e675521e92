import type { ColumnGuess, Declaration, DeclaredColumn, SourceGuess } from '../../../shared/contract/ingest.contract.ts'
import { columnsOf as saidOf, contentOf, frameOf, typeOfColumn, withColumns, writtenText } from '../../../shared/domain/source-declaration.ts'

/** What a person made of one proposed source. */
export interface SourceEdit {
  isTaken: boolean
  name: string
  /** How it is read, without what its columns hold; null: as it was guessed. */
  frame: Declaration | null
  /** Columns that are to be read otherwise than guessed, by name; null: as the file has them. */
  columns: Readonly<Record<string, DeclaredColumn | null>>
  /** Where the source is there already: as it declares, or as found here. */
  reading: 'keep' | 'change'
}

export function firstEdit({ name, cannot }: SourceGuess): SourceEdit {
  return { isTaken: cannot === null, name, frame: null, columns: {}, reading: 'keep' }
}

/** How two declarations of one source differ, key by key in words; a key that is only in one is said as such. */
export function differences(declares: Declaration, found: Declaration): string[] {
  const keys = [...new Set([...Object.keys(declares), ...Object.keys(found)])].filter((key) => READING.has(key))
  const said = (value: Declaration[string] | undefined): string => (value === undefined ? 'not declared' : JSON.stringify(value))
  return keys.filter((key) => JSON.stringify(declares[key]) !== JSON.stringify(found[key])).map((key) => `${key.replaceAll('_', ' ')}: ${said(declares[key])} in the source, ${said(found[key])} as found`)
}

/** Keys that say how a file is cut; columns are shown in the file itself. */
const READING = new Set(['format', 'encoding', 'delimiter', 'quote', 'escape', 'header', 'skip_lines', 'comment', 'null', 'record', 'sheet', 'range', 'header_rows', 'table', 'query', 'member'])

/** Null takes a key away. */
export function changed(frame: Declaration, change: Declaration): Declaration {
  return Object.fromEntries(Object.entries({ ...frame, ...change }).filter(([, value]) => value !== null))
}

/** What is saved and previewed: the guess over the frame, and the columns that were chosen. */
export function declarationOf(guess: SourceGuess, { columns }: SourceEdit): Declaration {
  const found = Object.entries(saidOf(guess.declaration)).map(([name, column]): [string, DeclaredColumn | null] => [name, contentOf(column)])
  const chosen = Object.entries(columns).filter(([name]) => guess.columns.some((column) => column.name === name))
  const said = Object.entries(Object.fromEntries([...found, ...chosen])).flatMap(([name, column]): [string, DeclaredColumn][] => (column === null ? [] : [[name, column]]))
  return withColumns(frameOf(guess.declaration), Object.fromEntries(said))
}

/** Columns as the proposed step has them: a chosen one is what its source says. */
export function columnsOf({ columns }: SourceGuess, { columns: chosen }: Pick<SourceEdit, 'columns'>): ColumnGuess[] {
  return columns.map((column) => {
    const declared = chosen[column.name]
    if (declared === undefined) return column
    const type = declared === null ? 'VARCHAR' : typeOfColumn(declared)
    return { ...column, declared, type, becomes: type, sql: `"${column.name.replaceAll('"', '""')}"`, doubt: null, choices: [] }
  })
}

const COLUMN_TYPES = ['VARCHAR', 'BIGINT', 'DOUBLE', 'DECIMAL(18,2)', 'BOOLEAN', 'DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'JSON']

/** What a column can be made of, its own first where that is none of the usual. */
export function typeChoices(type: string): { value: string; label: string }[] {
  const all = COLUMN_TYPES.includes(type) ? COLUMN_TYPES : [type, ...COLUMN_TYPES]
  return all.map((value) => ({ value, label: value === 'VARCHAR' ? 'text' : value.toLowerCase() }))
}

/** A column of another type: how its values are written stays where that still means something. */
export function withType(declared: DeclaredColumn | null, type: string, format: string): DeclaredColumn | null {
  if (type === 'VARCHAR' && isAllText(format)) return null
  if (declared === null || typeof declared === 'string' || writtenKind(typeOfColumn(declared)) !== writtenKind(type)) return type
  return { ...declared, type }
}

/** Columns are text there unless something else is said. */
function isAllText(format: string): boolean {
  return format === 'csv' || format === 'fixed' || format === 'xml'
}

/** In which words it can be said how values of a type are written; null where only one way is known. */
export function writtenKind(type: string): 'date' | 'boolean' | 'number' | null {
  if (/^(DATE|TIME)/i.test(type)) return 'date'
  if (/^BOOL/i.test(type)) return 'boolean'
  return /^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL)/i.test(type) ? 'number' : null
}

/** What stands under a column's type: how it is written, what the step makes of it, what the text is, or what the type rests on. */
export function headText(column: ColumnGuess): string {
  const written = writtenText(column.declared)
  if (written !== '') return written
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

/** The data type that the files propose: of one source its name, of several what the folder or the one file is called. */
export function proposedDataType(sources: readonly SourceGuess[], paths: readonly string[]): string {
  const readable = sources.filter(({ cannot }) => cannot === null)
  const text = (readable.length > 1 ? nameOfAll(readable, paths) : readable[0]?.name ?? 'data').toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '')
  return /^[a-z]/.test(text) ? text : `data_${text}`
}

function nameOfAll(sources: readonly SourceGuess[], paths: readonly string[]): string {
  const files = sources.flatMap((source) => source.files)
  const [file = ''] = files
  const dropped = paths[0]?.split(/[\\/]/).at(-1) ?? ''
  if (paths.length === 1 && file.includes(`${dropped}/`)) return dropped
  return new Set(files).size === 1 ? dropped.replace(/\.[a-z0-9]+$/i, '') : (sources[0]?.name ?? 'data')
}
