import { basename } from 'node:path'
import { StringDecoder } from 'node:string_decoder'
import { uniqueColumnNames } from '../etl/connectors/column-names.ts'
import { readShape } from '../etl/connectors/csv-shape.ts'
import { readFields } from '../etl/connectors/csv-text.ts'
import { readDelivered } from '../etl/read-delivered.ts'
import type { FileRecord, FileRecordRequest } from '../workers/sift.wire.ts'
import { locateRecord } from './locate-record.ts'

const LINES_BEFORE = 4
const LINES_AFTER = 6
const MOST_CHARACTERS = 4_000
const HEAD_BYTES = 1 << 20

/** A record as it lies in its delivered file, or in a member of an archive: the lines around it, and what its fields would be by the header. */
export async function recordInFile(request: FileRecordRequest, signal: AbortSignal): Promise<FileRecord> {
  const { source, raw } = request
  // Nothing of it could be shown as lines of text.
  if (!TEXTS.has(source.format)) return { lines: [], fields: null }
  const line = await lineOf(request, signal)
  return {
    lines: line === null ? [] : await readLines(request, { line, span: raw === null ? 1 : raw.split('\n').length }, signal),
    fields: source.format === 'csv' && raw !== null ? splitRaw(raw, await readHead(request, signal), request) : null,
  }
}

const TEXTS: ReadonlySet<string> = new Set(['csv', 'json', 'ndjson', 'xml'])

async function lineOf({ path, member, source, record, line }: FileRecordRequest, signal: AbortSignal): Promise<number | null> {
  if (line !== null || record === null) return line
  return (await locateRecord({ path, member, record, source }, signal)).line
}

async function readHead({ path, member, source }: FileRecordRequest, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = []
  await readDelivered({ path, name: basename(path), member, declared: source.encoding ?? null, signal }, (chunk) => {
    chunks.push(chunk.subarray(0, HEAD_BYTES))
    return false
  })
  return Buffer.concat(chunks).toString('utf8')
}

async function readLines({ path, member, source }: FileRecordRequest, { line, span }: { line: number; span: number }, signal: AbortSignal): Promise<FileRecord['lines']> {
  const lines: FileRecord['lines'] = []
  const last = line + span - 1 + LINES_AFTER
  const decoder = new StringDecoder('utf8')
  let number = 1
  let rest = ''
  const take = (text: string): void => {
    if (number >= line - LINES_BEFORE && number <= last) lines.push({ number, text: text.replace(/\r$/, '').slice(0, MOST_CHARACTERS), isRecord: number >= line && number < line + span })
    number += 1
  }
  await readDelivered({ path, name: basename(path), member, declared: source.encoding ?? null, signal }, (chunk) => {
    const parts = `${rest}${decoder.write(chunk)}`.split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) take(part)
    return number <= last
  })
  if (rest !== '') take(rest)
  return lines
}

/** Fields by the header's names; null where their number is another, so that nobody knows which is which. */
function splitRaw(raw: string, head: string, { source: { csv }, declared }: FileRecordRequest): Record<string, string | null> | null {
  const shape = readShape(head, false, csv)
  if (shape === null || shape.fields === null) return null
  const [fields] = readFields(raw, shape.dialect, { limit: 1, isWhole: true })
  if (fields === undefined || fields.length !== shape.fields.length) return null
  const header = csv.header ? shape.fields : shape.fields.map((_, index) => declared[index] ?? `column_${index + 1}`)
  const names = uniqueColumnNames(header)
  return Object.fromEntries(names.map((name, index) => [name, valueOf(fields[index] ?? '', csv.nullText)]))
}

function valueOf(field: string, nullText: readonly string[]): string | null {
  return field === '' || nullText.includes(field) ? null : field
}
