import { createWriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { type CsvEntry, CsvRecordScanner } from '../../query/csv-records.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import { printableBytes } from '../encodings/bad-bytes.ts'
import { unreadable } from '../source-problem.ts'
import type { ExtractJob } from './connector.ts'
import type { CsvScan } from './csv-scan.ts'
import { openSource } from './open-source.ts'
import type { PlainText } from './plain-text.ts'

/** Above this many records of a file, their texts are not taken from it one by one. */
const MAX_TEXTS = 500_000
const MAX_RAW_BYTES = 65_536

/**
 * Where records stand in their files, as a relation of file, record, line and raw text, for the records that `table` names at least. `raw` is NULL
 * where there are very many.
 */
export async function recordPlaces(job: ExtractJob, scan: CsvScan, table: string): Promise<string> {
  const path = join(job.scratchDir, `records-of-${scan.scanId}.csv`)
  await pipeline(placesOf(job, scan, table), createWriteStream(path), { signal: job.signal })
  return `read_csv([${quoteLiteral(globLiteral(path))}], auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', columns = {'file': 'INTEGER', 'record': 'BIGINT', 'line': 'BIGINT', 'raw': 'VARCHAR'},
    nullstr = '', allow_quoted_nulls = false, new_line = '\\n')`
}

async function* placesOf(job: ExtractJob, scan: CsvScan, table: string): AsyncGenerator<string> {
  const { duck, signal } = job
  const counts = await duck.rows(`SELECT file, count(*)::INTEGER AS n FROM ${table} GROUP BY file`, signal)
  for (const row of counts) {
    const text = scan.texts.find(({ index }) => index === Number(row['file']))
    if (text === undefined) throw unreadable('values of an unknown file do not fit', { file: job.source.name })
    const few = Number(row['n']) > MAX_TEXTS ? null : await duck.rows(`SELECT record::DOUBLE AS record FROM ${table} WHERE file = ${text.index}`, signal)
    yield* placesIn(job, { scan, text, wanted: few === null ? null : new Set(few.map(({ record }) => Number(record))) })
  }
}

interface Looking {
  scan: CsvScan
  text: PlainText
  /** Ordinals; null: all. */
  wanted: ReadonlySet<number> | null
}

async function* placesIn(job: ExtractJob, { scan, text, wanted }: Looking): AsyncGenerator<string> {
  let record = 0
  let found: { record: number; entry: CsvEntry }[] = []
  const scanner = new CsvRecordScanner({ ...scan.head.dialect, comment: job.source.csv.comment, isOneColumn: scan.head.columns.length === 1 }, (entry) => {
    if (entry.entry <= scan.head.skip || !entry.isRecord) return true
    record++
    if (wanted === null || wanted.has(record)) found.push({ record, entry })
    return true
  })
  await using file = await open(text.path, 'r')
  const taken = async (): Promise<string> => {
    const lines: string[] = []
    for (const place of found) lines.push(`${text.index},${place.record},${place.entry.line},${wanted === null ? '' : await rawField(file, place.entry)}\n`)
    found = []
    return lines.join('')
  }
  for await (const chunk of openSource({ path: text.path, name: text.name }, job.signal)) {
    scanner.write(chunk)
    yield await taken()
  }
  scanner.end()
  yield await taken()
}

/** The text of an entry as a field in quotes. */
export async function rawField(file: FileHandle, { start, end }: CsvEntry): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(end - start, MAX_RAW_BYTES)), 0, undefined, start)
  return `"${printableBytes(buffer.subarray(0, bytesRead)).replaceAll('"', '""')}"`
}
