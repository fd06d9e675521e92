import type { FileGlimpse } from './file-glimpse.ts'
import { type EncodingGuess, guessEncoding } from './text-encoding.ts'

/** What a file is by its bytes. `text`: the encoding is known, and how it is built is still to be found. */
export type ContentFormat =
  | { kind: 'binary'; format: string; evidence: string }
  | { kind: 'text'; format: 'json' | 'ndjson' | 'xml' | 'html' | 'text'; evidence: string; encoding: EncodingGuess }
  | { kind: 'empty' }

const MAGIC: readonly { format: string; at: number; bytes: string; name: string }[] = [
  { format: 'parquet', at: 0, bytes: 'PAR1', name: 'PAR1' },
  { format: 'sqlite', at: 0, bytes: 'SQLite format 3\0', name: '"SQLite format 3"' },
  { format: 'duckdb', at: 8, bytes: 'DUCK', name: 'DUCK at byte 8' },
  { format: 'arrow', at: 0, bytes: 'ARROW1', name: 'ARROW1' },
  { format: 'zst', at: 0, bytes: '\x28\xb5\x2f\xfd', name: 'the Zstandard mark' },
  { format: 'bz2', at: 0, bytes: 'BZh', name: 'BZh' },
  { format: 'xz', at: 0, bytes: '\xfd7zXZ\0', name: 'the xz mark' },
  { format: '7z', at: 0, bytes: '7z\xbc\xaf\x27\x1c', name: 'the 7z mark' },
  { format: 'tar', at: 257, bytes: 'ustar', name: 'ustar at byte 257' },
  { format: 'xls', at: 0, bytes: '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', name: 'the mark of old Office files' },
  { format: 'pdf', at: 0, bytes: '%PDF-', name: '%PDF' },
  { format: 'avro', at: 0, bytes: 'Obj\x01', name: 'Obj 1' },
  { format: 'orc', at: 0, bytes: 'ORC', name: 'ORC' },
  { format: 'png', at: 0, bytes: '\x89PNG', name: 'PNG' },
  { format: 'jpeg', at: 0, bytes: '\xff\xd8\xff', name: 'the JPEG mark' },
]

export async function contentFormat({ head, tail, isWhole }: Pick<FileGlimpse, 'head' | 'tail' | 'isWhole'>): Promise<ContentFormat> {
  if (head.length === 0) return { kind: 'empty' }
  const magic = MAGIC.find(({ at, bytes }) => head.subarray(at, at + bytes.length).equals(Buffer.from(bytes, 'latin1')))
  if (magic !== undefined) return { kind: 'binary', format: magic.format, evidence: `begins with ${magic.name}` }
  if (head.subarray(0, 2).toString('latin1') === 'PK') return zipFormat(head, tail)
  const encoding = await guessEncoding(head, isWhole)
  if (encoding === null) return { kind: 'binary', format: 'binary', evidence: 'holds bytes that are in no text' }
  return textFormat(encoding)
}

/** Names of members stand in plain text before each member and in the directory at the end. */
function zipFormat(head: Buffer, tail: Buffer): ContentFormat {
  const names = `${head.toString('latin1')}${tail.toString('latin1')}`
  if (names.includes('xl/workbook') || names.includes('xl/worksheets/')) return { kind: 'binary', format: 'xlsx', evidence: 'a zip archive with xl/workbook.xml in it' }
  if (names.includes('word/document')) return { kind: 'binary', format: 'docx', evidence: 'a zip archive with word/document.xml in it' }
  return { kind: 'binary', format: 'zip', evidence: 'begins with PK, the mark of zip archives' }
}

function textFormat(encoding: EncodingGuess): ContentFormat {
  const text = encoding.text.replace(/^\uFEFF/, '').trimStart()
  const make = (format: 'json' | 'ndjson' | 'xml' | 'html' | 'text', evidence: string): ContentFormat => ({ kind: 'text', format, evidence, encoding })
  if (text === '') return { kind: 'empty' }
  if (/^(<!doctype html|<html|<table)\b/i.test(text)) return make('html', 'begins like a web page')
  if (/^<(\?xml|!doctype|!--|[a-z_])/i.test(text)) return make('xml', `begins with ${text.slice(0, 12).split(/\s/)[0] ?? '<'}`)
  if (!/^[[{]/.test(text)) return make('text', 'lines of text')
  const lines = jsonLines(text, encoding.isWhole)
  if (lines > 1) return make('ndjson', `${lines.toLocaleString('en')} lines looked at, each a JSON value of its own`)
  if (text.startsWith('{')) return /^\{\s*("|\})/.test(text) ? make('json', 'begins with {, a JSON object') : make('text', 'lines of text')
  return /^\[\s*([[{"\]\d-]|true|false|null)/.test(text) ? make('json', 'begins with [, a JSON list') : make('text', 'lines of text')
}

const MOST = 0.5

/** Lines, where most of them and the first are JSON values of their own; else 0. A last one that may be cut does not count. */
function jsonLines(text: string, isWhole: boolean): number {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const complete = isWhole ? lines : lines.slice(0, -1)
  const values = complete.map(isJson)
  return values[0] === true && values.filter(Boolean).length >= complete.length * MOST ? complete.length : 0
}

function isJson(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}
