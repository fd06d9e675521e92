import type { FindingOut } from '../../../../shared/contract/ingest.contract.ts'
import { withoutPacking } from '../archives/packing.ts'
import { FILE_FORMATS } from '../../workspace/pipeline-file.schema.ts'
import { contentFormat, type ContentFormat } from './content-format.ts'
import { draftDelimited } from './draft-delimited.ts'
import { draftJson, draftXml } from './draft-records.ts'
import type { FileGlimpse } from './file-glimpse.ts'
import type { SourceDraft, TextContent, TextFile } from './source-draft.ts'
import { decodeAs } from './text-encoding.ts'

const WORDS: Readonly<Record<string, string>> = {
  csv: 'delimited text', json: 'JSON', ndjson: 'NDJSON', xml: 'XML', parquet: 'Parquet', xlsx: 'an Excel workbook', sqlite: 'a SQLite database', duckdb: 'a DuckDB database', arrow: 'an Arrow file',
  zip: 'a zip archive', tar: 'a tar archive', zst: 'a Zstandard archive', xls: 'an old Office file', fixed: 'text of fixed width', text: 'plain text', html: 'a web page', binary: 'binary data of an unknown kind',
}

export function formatWord(format: string): string {
  return WORDS[format] ?? `a ${format} file`
}

const ENDINGS: readonly [RegExp, readonly string[]][] = [
  [/\.(csv|tsv|tab|psv)$/i, ['csv']],
  [/\.(json|geojson)$/i, ['json']],
  [/\.(ndjson|jsonl)$/i, ['ndjson']],
  [/\.xml$/i, ['xml']],
  [/\.(parquet|pq)$/i, ['parquet']],
  [/\.xlsx$/i, ['xlsx']],
  [/\.xls$/i, ['xls']],
  [/\.(sqlite3?|db)$/i, ['sqlite', 'duckdb']],
  [/\.duckdb$/i, ['duckdb']],
  [/\.(arrow|feather)$/i, ['arrow']],
  [/\.zip$/i, ['zip']],
  [/\.zst$/i, ['zst']],
]

export async function draftSource(file: FileGlimpse): Promise<SourceDraft> {
  const content = await contentFormat(file)
  if (content.kind === 'empty') return { ...NOTHING, format: 'empty', cannot: 'The file is empty', likeness: 'empty' }
  const draft = content.kind === 'binary' ? draftBinary(content, file) : draftText(content, { name: file.name, isWhole: file.isWhole, ending: await endingOf(file, content.encoding) })
  const ending = endingMismatch(file.name, draft.format)
  const likeness = ending === null ? draft.likeness : `${draft.likeness}:${ending.value}`
  return { ...draft, likeness, found: [...formatFindings(file, content, draft.format), ...(ending === null ? [] : [ending]), ...draft.found] }
}

const NOTHING = { declaration: {}, found: [], doubts: [], recordPaths: [], headerNames: null, footer: null }

/** What is inside is not looked at here: files are alike whose names differ in numbers alone. */
function draftBinary({ format }: Extract<ContentFormat, { kind: 'binary' }>, { name }: FileGlimpse): SourceDraft {
  return { ...NOTHING, format, cannot: readerProblem(format), declaration: isReadable(format) ? { format } : {}, likeness: JSON.stringify([format, name.replaceAll(/\d+/g, '#')]) }
}

function draftText(content: TextContent, file: TextFile): SourceDraft {
  if (content.format === 'html') return { ...NOTHING, format: 'html', cannot: readerProblem('html'), likeness: 'html' }
  if (content.format === 'json') return draftJson(content)
  if (content.format === 'ndjson') return { ...NOTHING, format: 'ndjson', cannot: null, declaration: { format: 'ndjson' }, likeness: 'ndjson' }
  if (content.format === 'xml') return draftXml(content)
  return draftDelimited(content, file)
}

const ENDING_CHARS = 16 * 1024

async function endingOf({ tail, isWhole }: FileGlimpse, { text, name }: TextContent['encoding']): Promise<string> {
  if (isWhole) return text.slice(-ENDING_CHARS)
  // In encodings of two or four bytes, the end of a file may begin in the middle of a character.
  return tail.length === 0 || /^utf-(16|32)/.test(name) ? '' : decodeAs(tail, name)
}

export function isReadable(format: string): boolean {
  return (FILE_FORMATS as readonly string[]).includes(format)
}

export function readerProblem(format: string): string | null {
  return isReadable(format) ? null : `It is ${formatWord(format)}, which Strata does not read`
}

function formatFindings({ packing }: FileGlimpse, content: Exclude<ContentFormat, { kind: 'empty' }>, format: string): FindingOut[] {
  const found: FindingOut[] = [{ about: 'format', value: formatWord(format), evidence: content.evidence, confidence: format === 'text' ? 0.5 : 0.99 }]
  return packing === 'plain' ? found : [...found, { about: 'packed', value: packing, evidence: `begins with the ${packing} mark`, confidence: 1 }]
}

/** A file whose ending says something else than its content: `.xls` on text is common, and no mistake of the reader. */
function endingMismatch(name: string, format: string): FindingOut | null {
  const bare = withoutPacking(name)
  const expected = ENDINGS.find(([ending]) => ending.test(bare))?.[1] ?? null
  if (expected === null || expected.includes(format)) return null
  return { about: 'ending', value: `${bare.slice(bare.lastIndexOf('.'))} is not what is in it`, evidence: `the ending says ${formatWord(expected[0] ?? '')}, the content is ${formatWord(format)}`, confidence: 1 }
}
