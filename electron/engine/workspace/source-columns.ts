import { PROVENANCE_COLUMNS } from '../../../shared/domain/table-query.ts'
import { readColumnType } from './column-type.ts'
import type { ColumnFormat, FixedColumn, SourceSpec } from './model.ts'
import type { SourceColumnFile } from './source-file-values.schema.ts'
import type { SourceContext } from './source-context.ts'

type Columns = Pick<SourceSpec, 'columns' | 'formats' | 'fixed'>

/** Declared columns: their types, how values are written where that is not the usual way, and where they stand in lines of fixed width. */
export function readColumns(context: SourceContext, isFixed: boolean): Columns {
  const columns: Record<string, string> = {}
  const formats: Record<string, ColumnFormat> = {}
  const fixed: FixedColumn[] = []
  const seen = new Map<string, string>()
  for (const [name, written] of Object.entries(context.source.columns ?? {})) {
    checkName(context, name, seen)
    const column = typeof written === 'string' ? { type: written } : written
    if (Object.keys(column).length === 0) tellNothing(context, name)
    const { type, format } = readColumn(context, name, column)
    if (type !== null) columns[name] = type
    if (format !== null) formats[name] = format
    placeColumn(context, { name, column, isFixed, fixed })
  }
  if (isFixed && fixed.length === 0) mistake(context, [], 'a source of fixed width needs its columns, each with a width')
  return { columns, ...(Object.keys(formats).length === 0 ? {} : { formats }), ...(isFixed ? { fixed } : {}) }
}

function readColumn(context: SourceContext, name: string, column: ColumnFile): { type: string | null; format: ColumnFormat | null } {
  const format = readFormat(column)
  const type = readType(context, name, column.type ?? (format === null ? 'VARCHAR' : usualType(format)))
  if (format !== null) checkFormat(context, { name, format, type })
  return { type, format }
}

function mistake({ name, document, findings }: SourceContext, path: readonly string[], message: string): void {
  const place = path.length === 0 ? ['sources', name] : ['sources', name, 'columns', ...path]
  findings.add({ code: 'invalid-value', file: document.file, at: document.place(place, 'key'), message })
}

function checkName({ name: source, document, findings }: SourceContext, column: string, seen: Map<string, string>): void {
  const path = ['sources', source, 'columns', column]
  const earlier = seen.get(column.toLowerCase())
  if (earlier !== undefined) {
    findings.add({ code: 'duplicate', file: document.file, at: document.place(path, 'key'), message: `Columns "${earlier}" and "${column}" are the same to SQL, which does not tell cases apart` })
  }
  if ((PROVENANCE_COLUMNS as readonly string[]).includes(column.toLowerCase())) {
    findings.add({ code: 'bad-name', file: document.file, at: document.place(path, 'key'), message: `"${column}" is a column that Strata adds to every raw dataset` })
  }
  seen.set(column.toLowerCase(), column)
}

function readType({ name: source, document, findings }: SourceContext, column: string, written: string): string | null {
  const reading = readColumnType(written)
  if (reading.ok) return reading.type
  findings.add({ code: 'unknown-type', file: document.file, at: document.place(['sources', source, 'columns', column]), message: reading.problem, suggestion: reading.suggestion })
  return null
}

function tellNothing({ name: source, document, findings }: SourceContext, column: string): void {
  findings.add({ code: 'wrong-type', file: document.file, at: document.place(['sources', source, 'columns', column]), message: `"sources.${source}.columns.${column}" must be a type, but nothing is said` })
}

type ColumnFile = Exclude<SourceColumnFile, string>

function listOf(value: string | readonly string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : [...value]
}

/** How its values are written, where that is not the usual way. */
export function readFormat(column: Pick<ColumnFile, 'format' | 'decimal' | 'thousands' | 'strip' | 'percent' | 'true_text' | 'false_text'>): ColumnFormat | null {
  const { format, decimal, thousands, strip, percent, true_text: trueText, false_text: falseText } = column
  if ([format, decimal, thousands, strip, percent, trueText, falseText].every((option) => option === undefined)) return null
  return { dates: listOf(format), decimal: decimal ?? '.', thousands: thousands ?? null, strip: listOf(strip), percent: percent ?? false, trueText: listOf(trueText), falseText: listOf(falseText) }
}

function kindOf({ dates, trueText, falseText }: ColumnFormat): 'date' | 'boolean' | 'number' {
  return dates.length > 0 ? 'date' : trueText.length + falseText.length > 0 ? 'boolean' : 'number'
}

function usualType(format: ColumnFormat): string {
  return { date: 'DATE', boolean: 'BOOLEAN', number: 'DOUBLE' }[kindOf(format)]
}

const TYPES_OF = { date: /^(DATE|TIME|TIMESTAMP)/i, boolean: /^BOOL/i, number: /^(U?(TINY|SMALL|BIG|HUGE)?INT|INTEGER|UINTEGER|DECIMAL|NUMERIC|DOUBLE|FLOAT|REAL|BIGNUM)/i }
const OPTIONS_OF = { date: 'format', boolean: 'true_text and false_text', number: 'decimal, thousands, strip and percent' }

function checkFormat(context: SourceContext, { name, format, type }: { name: string; format: ColumnFormat; type: string | null }): void {
  const kind = kindOf(format)
  const isNumberToo = format.decimal !== '.' || format.thousands !== null || format.strip.length > 0 || format.percent
  if (kind !== 'number' && isNumberToo) mistake(context, [name], `"${name}" cannot be written as a ${kind} and as a number at once`)
  if (format.thousands === format.decimal) mistake(context, [name], `"thousands" and "decimal" of "${name}" are the same character`)
  if (type !== null && !TYPES_OF[kind].test(type)) mistake(context, [name], `${OPTIONS_OF[kind]} are for ${kind}s, and "${name}" is ${type}`)
}

interface Placing {
  name: string
  column: ColumnFile
  isFixed: boolean
  fixed: FixedColumn[]
}

function placeColumn(context: SourceContext, { name, column: { start, width }, isFixed, fixed }: Placing): void {
  if (!isFixed) {
    if (start !== undefined || width !== undefined) mistake(context, [name], `"start" and "width" of "${name}" are for format: fixed`)
    return
  }
  const last = fixed.at(-1)
  if (width === undefined) mistake(context, [name], `"${name}" needs a width: how many characters it takes`)
  else fixed.push({ name, start: start ?? (last === undefined ? 1 : last.start + last.width), width })
}
