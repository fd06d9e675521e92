import { readFile, stat } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import type { SourceFormat } from '../../workspace/model.ts'
import { NdjsonSplitter } from '../connectors/ndjson-splitter.ts'
import { openSource } from '../connectors/open-source.ts'
import { parseRecordPath, type PathStep } from '../connectors/record-path.ts'
import type { RecordSplitter, SplitterOptions } from '../connectors/record-splitter.ts'
import { XmlSplitter } from '../connectors/xml/xml-splitter.ts'
import { unreadable } from '../source-problem.ts'

/** Above it, a page is not looked into. */
const MAX_PAGE_BYTES = 256 * 2 ** 20

export interface PageFile {
  path: string
  name: string
}

/** What stands at a path of a JSON answer, as text; null where nothing does, or null, false or an empty text. */
export async function readNext(file: PageFile, path: string): Promise<string | null> {
  const [value] = valuesAt(await parseJson(file), parseRecordPath(path))
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

export interface Counting {
  format: SourceFormat
  record: string | null
  signal: AbortSignal
}

/** How many records a page holds. */
export async function countRecords(file: PageFile, { format, record, signal }: Counting): Promise<number> {
  switch (format) {
    case 'json':
      return countJson(await parseJson(file), record)
    case 'ndjson':
      return countSplit(file, (options) => new NdjsonSplitter(options), { record, signal })
    case 'xml':
      return countSplit(file, (options) => new XmlSplitter(options), { record, signal })
    case 'csv':
      return Math.max(0, (await countLines(file, signal)) - 1)
    default:
      return Number.POSITIVE_INFINITY
  }
}

async function parseJson(file: PageFile): Promise<unknown> {
  const { size } = await stat(file.path)
  if (size > MAX_PAGE_BYTES) throw unreadable(`a page of ${size} bytes is too large to look for the next one in it`, { file: file.name, hint: 'Ask for smaller pages' })
  const bytes = await readFile(file.path)
  const text = (isGzip(file.path) ? gunzipSync(bytes) : bytes).toString('utf8')
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw unreadable(`no JSON, so the next page cannot be told (${error instanceof Error ? error.message : String(error)})`, { file: file.name, cause: error })
  }
}

function countJson(value: unknown, record: string | null): number {
  const found = record === null ? [value] : valuesAt(value, parseRecordPath(record))
  return found.reduce<number>((sum, each) => sum + (Array.isArray(each) ? each.length : each === null || each === undefined ? 0 : 1), 0)
}

function valuesAt(root: unknown, steps: readonly PathStep[]): unknown[] {
  return steps.reduce<unknown[]>((values, step) => values.flatMap((value) => inside(value, step)), [root])
}

function inside(value: unknown, step: PathStep): unknown[] {
  if (step === 'each') return Array.isArray(value) ? value : []
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([key, inner]) => (key === step.key ? [inner] : []))
}

async function countSplit(file: PageFile, create: (options: SplitterOptions) => RecordSplitter, { record, signal }: Pick<Counting, 'record' | 'signal'>): Promise<number> {
  let count = 0
  const splitter = create({ file: file.name, encoding: 'utf-8', record, lists: [], sink: { add: () => ++count > 0 } })
  for await (const chunk of openSource({ ...file, packing: isGzip(file.path) ? 'gzip' : 'plain' }, signal)) splitter.write(chunk)
  splitter.end()
  return count
}

async function countLines(file: PageFile, signal: AbortSignal): Promise<number> {
  let count = 0
  let isBlank = true
  for await (const chunk of openSource({ ...file, packing: isGzip(file.path) ? 'gzip' : 'plain' }, signal)) {
    for (const byte of chunk) {
      if (byte === 10) {
        if (!isBlank) count++
        isBlank = true
      } else if (byte > 32) isBlank = false
    }
  }
  return isBlank ? count : count + 1
}

function isGzip(path: string): boolean {
  return path.endsWith('.gz')
}
