import { didYouMean } from '../../../shared/domain/naming.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import { parseTolerance } from '../../../shared/domain/quantity.ts'
import { parseRecordPath } from '../etl/connectors/record-path.ts'
import type { CsvOptions, DatabaseOptions, SourceSpec } from './model.ts'
import { CSV_KEYS, FILE_FORMATS, type FileFormat, ORIGINS, XLSX_KEYS } from './pipeline-file.schema.ts'
import { readRemote } from './remote-spec.ts'
import { complain, type SourceContext, type SourceKey } from './source-context.ts'
import { readColumns } from './source-columns.ts'
import { readTextOptions } from './text-source.ts'
import { readXlsxOptions } from './xlsx-source.ts'

/** What a source of pipeline.yaml means; null when it cannot be read at all. Options that make no sense for the format are mistakes. */
export function readSource(context: SourceContext): SourceSpec | null {
  const { name, source } = context
  const origin = readOrigin(context)
  if (origin === null) return null
  const { files, remote } = origin
  const format = formatFor(context, origin)
  if (format === null) {
    // A misspelt format has been told already.
    if (!context.document.has(['sources', name, 'format'])) complainOfFormat(context, remote === null)
    return null
  }
  checkOptions(context, format)
  checkMove(context, files)
  return {
    name,
    files,
    format: format === 'tsv' ? 'csv' : format,
    ...readKeeping(source),
    ...readTextOptions(context, format),
    csv: readCsvOptions(context, format),
    ...(format === 'xlsx' ? { xlsx: readXlsxOptions(context) } : {}),
    ...(format === 'sqlite' || format === 'duckdb' ? { database: readDatabaseOptions(context) } : {}),
    record: readRecordPath(context, format),
    lists: source.lists === undefined ? [] : listOf(source.lists),
    ...readColumns(context, format === 'fixed'),
    tolerate: source.tolerate === undefined ? null : parseTolerance(source.tolerate),
    ...remote,
  }
}

/** What has nothing to say where it is not written is left out. */
function readKeeping({ keep = 'copy', optional = false, drift }: SourceContext['source']): Pick<SourceSpec, 'keep' | 'optional' | 'drift'> {
  return { keep, ...(optional ? { optional } : {}), ...(drift === undefined ? {} : { drift }) }
}

function complainOfFormat(context: SourceContext, isOfFiles: boolean): void {
  complain(context, isOfFiles ? 'files' : 'http', {
    code: 'missing-key',
    message: `The format of source "${context.name}" cannot be told from its ${isOfFiles ? 'files' : 'address'}`,
    suggestion: `Add format: ${FILE_FORMATS.join(', ')}`,
  })
}

/** What a database is asked for is delivered as NDJSON. */
function formatFor(context: SourceContext, { files, remote }: Origin): FileFormat | null {
  const { format } = context.source
  if (remote === null) return formatOfSource(context.source, files)
  if (remote.remote.kind === 'http') return formatOfSource(context.source, [new URL(remote.remote.url.replaceAll(/[{}]/g, '')).pathname])
  if (format !== undefined) complain(context, 'format', { code: 'option-not-for-format', part: 'key', message: `"format" means nothing for ${remote.remote.kind}`, suggestion: 'Remove format' })
  return 'ndjson'
}

interface Origin {
  files: string[]
  remote: ReturnType<typeof readRemote>
}

/** Files that lie there, or a server that is asked: exactly one of them. */
function readOrigin(context: SourceContext): Origin | null {
  const { name, source, document } = context
  const remote = readRemote(context)
  const [first, second] = ORIGINS.filter((key) => document.has(['sources', name, key]))
  if (first !== undefined && second !== undefined) complain(context, first, { code: 'invalid-value', part: 'key', message: `Source "${name}" has ${first} and ${second}; it must be one of them` })
  if (source.files !== undefined) return { files: listOf(source.files), remote: null }
  if (remote !== null) return { files: [], remote }
  // Mistakes in it have been told already.
  if (first === undefined) context.findings.add({ code: 'missing-key', file: document.file, at: document.place(['sources', name, 'files']), message: `"sources.${name}.files" is missing: text or a list` })
  return null
}

export function listOf(value: string | readonly string[]): string[] {
  return typeof value === 'string' ? [value] : [...value]
}

const ENDINGS: readonly [RegExp, FileFormat][] = [
  [/\.(csv|txt|psv)(\.(gz|zst))?$/i, 'csv'],
  [/\.(tsv|tab)(\.(gz|zst))?$/i, 'tsv'],
  [/\.json(\.(gz|zst))?$/i, 'json'],
  [/\.(ndjson|jsonl)(\.(gz|zst))?$/i, 'ndjson'],
  [/\.xml(\.(gz|zst))?$/i, 'xml'],
  [/\.parquet$/i, 'parquet'],
  [/\.xls[xm](\.gz)?$/i, 'xlsx'],
  [/\.(sqlite3?|db3?)(\.gz)?$/i, 'sqlite'],
  [/\.(duckdb|ddb)(\.gz)?$/i, 'duckdb'],
  [/\.(arrows?|feather)(\.gz)?$/i, 'arrow'],
]

function formatOfSource({ format, member }: SourceContext['source'], files: readonly string[]): FileFormat | null {
  return format ?? formatOf(files) ?? formatOf(listOf(member ?? []))
}

/** The format that all the files' endings agree on. */
function formatOf(files: readonly string[]): FileFormat | null {
  const formats = new Set(files.map((file) => ENDINGS.find(([ending]) => ending.test(file))?.[1] ?? null))
  const [format = null] = formats
  return formats.size === 1 ? format : null
}

/** Formats in which an option means something; options that are not listed here mean something in all. */
const OPTION_FORMATS: Partial<Record<SourceKey, readonly FileFormat[]>> = {
  record: ['json', 'xml'],
  lists: ['xml'],
  columns: ['csv', 'tsv', 'fixed', 'json', 'ndjson', 'xml', 'xlsx', 'sqlite', 'arrow'],
  tolerate: ['csv', 'tsv', 'fixed', 'json', 'ndjson', 'xml', 'xlsx', 'sqlite', 'arrow'],
  encoding: ['csv', 'tsv', 'fixed', 'json', 'ndjson', 'xml'],
  ...Object.fromEntries(CSV_KEYS.map((key) => [key, ['csv', 'tsv']])),
  ...Object.fromEntries(XLSX_KEYS.map((key) => [key, ['xlsx']])),
  header: ['csv', 'tsv', 'xlsx'],
  null: ['csv', 'tsv', 'fixed', 'xlsx'],
  ...Object.fromEntries((['skip_lines', 'skip_footer', 'comment', 'ragged'] as const).map((key) => [key, ['csv', 'tsv', 'fixed']])),
  table: ['sqlite', 'duckdb'],
  fields: ['json', 'ndjson', 'xml'],
  children: ['json', 'ndjson', 'xml'],
  query: ['sqlite', 'duckdb'],
}

function checkOptions(context: SourceContext, format: FileFormat): void {
  for (const [key, formats] of Object.entries(OPTION_FORMATS)) {
    if (!isSourceKey(key) || context.source[key] === undefined || formats.includes(format)) continue
    complain(context, key, { code: 'option-not-for-format', part: 'key', message: `"${key}" is an option of ${formats.join(', ')}, not of ${format}`, suggestion: `Remove ${key}` })
  }
}

function isSourceKey(key: string): key is SourceKey {
  return key in OPTION_FORMATS
}

function readDatabaseOptions(context: SourceContext): DatabaseOptions {
  const { table = null, query = null } = context.source
  if (table !== null && query !== null) complain(context, 'query', { code: 'invalid-value', part: 'key', message: 'There is a table and a query, and only one of them can be read', suggestion: 'Remove one of the two' })
  return { table, query }
}

/** Moving takes a file away from where it was, which is only right in the folder that is there for it. */
function checkMove(context: SourceContext, files: readonly string[]): void {
  if (context.source.keep !== 'move') return
  const outside = files.find((file) => !/^(\.\/)?inbox(\/|$)/.test(file) || file.split('/').includes('..'))
  if (outside !== undefined) {
    complain(context, 'keep', { code: 'invalid-value', message: `keep: move takes files out of inbox/ only, and "${outside}" is not there`, suggestion: 'Write keep: copy' })
  }
}

const QUOTE_WORDS: Readonly<Record<string, string>> = { none: '' }
const DELIMITER_WORDS: Readonly<Record<string, string>> = { tab: '\t', '\\t': '\t', comma: ',', semicolon: ';', pipe: '|', space: ' ' }

function readCsvOptions(context: SourceContext, format: FileFormat): CsvOptions {
  const { source } = context
  const delimiter = oneCharacter(context, 'delimiter', { words: DELIMITER_WORDS, most: 32 }) ?? (format === 'tsv' ? '\t' : null)
  const quote = oneCharacter(context, 'quote', { words: QUOTE_WORDS, mayBeEmpty: true })
  if (delimiter !== null && delimiter === quote) {
    complain(context, 'quote', { code: 'invalid-value', message: `"quote" and "delimiter" of source "${context.name}" are the same character` })
  }
  return {
    delimiter,
    quote,
    escape: oneCharacter(context, 'escape', {}),
    header: source.header ?? true,
    nullText: source.null === undefined ? [] : listOf(source.null),
    skipLines: source.skip_lines ?? 0,
    comment: oneCharacter(context, 'comment', { most: 32 }),
    ...(source.ragged === 'fill' ? { ragged: 'fill' as const } : {}),
    ...(source.skip_footer === undefined ? {} : { skipFooter: source.skip_footer }),
  }
}

/** Several letters are a misspelt word sooner than a delimiter. */
function isShort(text: string, most: number): boolean {
  return new TextEncoder().encode(text).length <= most && !/^[a-z]{2,}$/i.test(text)
}

interface CharacterRule {
  words?: Readonly<Record<string, string>>
  most?: number
  mayBeEmpty?: boolean
}

function oneCharacter(context: SourceContext, key: 'delimiter' | 'quote' | 'escape' | 'comment', { words = {}, most = 1, mayBeEmpty = false }: CharacterRule): string | null {
  const written = context.source[key]
  if (written === undefined) return null
  const text = (Object.hasOwn(words, written) ? words[written] : undefined) ?? written
  if (isShort(text, most) && (text !== '' || mayBeEmpty)) return text
  complain(context, key, {
    code: 'invalid-value',
    message: `"${key}" must be ${most === 1 ? 'one plain character' : 'a character'}, but is "${written}"`,
    suggestion: didYouMean(written, Object.keys(words)) ?? 'Put the character in quotes',
  })
  return null
}

const XML_PATH = /^\/?[^/\s]+(\/[^/\s]+)*$/

function readRecordPath(context: SourceContext, format: FileFormat): string | null {
  const { record } = context.source
  if (record === undefined) return null
  const problem = format === 'json' ? jsonPathProblem(record) : format === 'xml' && !XML_PATH.test(record) ? { message: `"${record}" is no path of elements`, suggestion: 'Write it like catalog/disease' } : null
  if (problem !== null) complain(context, 'record', { code: 'invalid-value', ...problem })
  return record
}

/** Read by the connector itself, so that both always agree. */
function jsonPathProblem(record: string): { message: string; suggestion: string | null } | null {
  try {
    parseRecordPath(record)
    return null
  } catch (error) {
    const { message, hint } = toProblem(error)
    return { message, suggestion: hint }
  }
}
