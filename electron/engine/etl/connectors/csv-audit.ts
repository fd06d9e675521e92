import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { type CsvEntry, CsvRecordScanner } from '../../query/csv-records.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import { truncated, unreadable } from '../source-problem.ts'
import type { ExtractJob } from './connector.ts'
import { rawField } from './csv-places.ts'
import { type CsvScan, DEFAULT_RECORD_BYTES, rejectTables } from './csv-scan.ts'
import { notText } from './ndjson-splitter.ts'
import { openSource } from './open-source.ts'
import type { PlainText } from './plain-text.ts'

/** The scan must be repeated with room for records of this size. */
export class LongRecord extends Error {
  readonly longestBytes: number
  constructor(longestBytes: number) {
    super(`a record of ${longestBytes} bytes`)
    this.name = 'LongRecord'
    this.longestBytes = longestBytes
  }
}

/** Above this many rejects a file, the ordinals of all its records are written down instead of looking each one up. */
const MAX_WANTED = 500_000
export const MAX_RECORD_BYTES = 256 * 1024 * 1024

interface Rejected {
  text: PlainText
  count: number
  lastEntry: number
  /** What DuckDB calls `line` of each reject; null: too many to hold. */
  wanted: ReadonlySet<number> | null
  /** Those among them that hold bytes which are no text. DuckDB does not keep these bytes. */
  unreadable: ReadonlySet<number>
}

/**
 * Where DuckDB rejected records: reads those files again by the quoting rules, so that every record is accounted for, gives each reject
 * its ordinal and physical line, and tells a bad record from a file that was cut off.
 * @param loaded rows read, by path
 */
export async function auditRejects(job: ExtractJob, scan: CsvScan, loaded: ReadonlyMap<string, number>): Promise<void> {
  const rejected = await rejectedTexts(job, scan)
  if (rejected.length === 0) return
  const placesPath = join(job.scratchDir, `places-${scan.scanId}.csv`)
  await pipeline(placesOf(job, scan, { rejected, loaded }), createWriteStream(placesPath), { signal: job.signal })
  await job.rejects.insert(rejectsSql(scan, placesPath))
}

async function rejectedTexts({ duck, signal, source }: ExtractJob, scan: CsvScan): Promise<Rejected[]> {
  const { errors, scans } = rejectTables(scan)
  const rows = await duck.rows(
    `SELECT file_path, count(DISTINCT line)::INTEGER AS n, max(line)::DOUBLE AS last_entry
     FROM ${errors} JOIN ${scans} USING (scan_id, file_id) GROUP BY file_path`,
    signal,
  )
  const byPath = new Map(scan.texts.map((text) => [text.path, text]))
  const rejected: Rejected[] = []
  for (const row of rows) {
    const path = String(row['file_path'])
    const text = byPath.get(path)
    if (text === undefined) throw unreadable(`rejected records in an unknown file ${path}`, { file: source.name })
    const count = Number(row['n'])
    const wanted = count > MAX_WANTED ? null : await entriesOf({ duck, signal }, scan, `file_path = ${quoteLiteral(path)}`)
    const bad = await entriesOf({ duck, signal }, scan, `file_path = ${quoteLiteral(path)} AND error_type::VARCHAR = 'INVALID ENCODING'`)
    rejected.push({ text, count, lastEntry: Number(row['last_entry']), wanted, unreadable: bad })
  }
  return rejected
}

async function entriesOf({ duck, signal }: Pick<ExtractJob, 'duck' | 'signal'>, scan: CsvScan, where: string): Promise<Set<number>> {
  const { errors, scans } = rejectTables(scan)
  const rows = await duck.rows(
    `SELECT DISTINCT line::DOUBLE AS line FROM ${errors} JOIN ${scans} USING (scan_id, file_id) WHERE ${where} LIMIT ${MAX_WANTED}`,
    signal,
  )
  return new Set(rows.map((row) => Number(row['line'])))
}

/** Lines of `file,entry,record,line,raw`, for the rejected records at least; `raw` where DuckDB does not give it. */
async function* placesOf(job: ExtractJob, scan: CsvScan, { rejected, loaded }: { rejected: Rejected[]; loaded: ReadonlyMap<string, number> }): AsyncGenerator<string> {
  for (const reject of rejected) {
    const { text, wanted } = reject
    const facts: EntryFacts = { records: 0, lastRecordEntry: 0, lastLine: 1, longestBytes: 0 }
    let places: Place[] = []
    const scanner = new CsvRecordScanner({ ...scan.head.dialect, comment: job.source.csv.comment, isOneColumn: scan.head.columns.length === 1 }, (entry) => {
      note(facts, entry, scan.head.skip)
      if (entry.isRecord && (wanted === null || wanted.has(entry.entry))) places.push({ fields: `${text.index},${entry.entry},${facts.records},${entry.line}`, entry })
      return true
    })
    await using file = await open(text.path, 'r')
    const taken = async (): Promise<string> => {
      const lines = await Promise.all(places.map(async ({ fields, entry }) => `${fields},${reject.unreadable.has(entry.entry) ? await rawField(file, entry) : ''}\n`))
      places = []
      return lines.join('')
    }
    for await (const chunk of openSource({ path: text.path, name: text.name }, job.signal)) {
      scanner.write(chunk)
      yield await taken()
    }
    scanner.end()
    yield await taken()
    judge(scan, reject, { ...facts, openQuoteLine: scanner.openQuoteLine, endsWithoutNewline: scanner.endsWithoutNewline, loaded: loaded.get(text.path) ?? 0 })
  }
}

interface Place {
  fields: string
  entry: CsvEntry
}

interface EntryFacts {
  records: number
  lastRecordEntry: number
  lastLine: number
  longestBytes: number
}

function note(facts: EntryFacts, { entry, line, isRecord, start, end }: CsvEntry, skip: number): void {
  facts.longestBytes = Math.max(facts.longestBytes, end - start)
  if (entry <= skip || !isRecord) return
  facts.records++
  facts.lastRecordEntry = entry
  facts.lastLine = line
}

interface Account extends EntryFacts {
  openQuoteLine: number | null
  endsWithoutNewline: boolean
  loaded: number
}

function judge(scan: CsvScan, { text, count, lastEntry }: Rejected, account: Account): void {
  const { name: file } = text
  if (account.openQuoteLine !== null) throw truncated('a quoted field that begins in this record is never closed', { file, line: account.openQuoteLine })
  if (account.longestBytes >= DEFAULT_RECORD_BYTES && account.longestBytes > (scan.longestBytes ?? 0)) throw new LongRecord(account.longestBytes)
  if (account.endsWithoutNewline && lastEntry === account.lastRecordEntry) {
    throw truncated('the last record is incomplete', { file, line: account.lastLine })
  }
  if (account.records === account.loaded + count) return
  throw unreadable(`its quotes make ${account.records} records, but ${account.loaded} could be read and ${count} could not`, {
    file,
    hint: 'A quote may open where no quoted field begins. Check quote and escape of the source, or set quote: none',
  })
}

const NOT_UTF8 = `${notText('utf-8')}; if the whole file is like this, declare its encoding`

/** In the words of the reader that reads record by record. */
function reasonSql(): string {
  const fields = (more: string): string => `regexp_replace(error_message, '^Expected Number of Columns: ([0-9]+) Found: ([0-9]+)$', ${quoteLiteral(`\\2 fields, but there are \\1 columns${more}`)})`
  return `CASE error_type::VARCHAR
    WHEN 'TOO MANY COLUMNS' THEN ${fields('')}
    WHEN 'MISSING COLUMNS' THEN ${fields('; with ragged: fill the rest is empty')}
    WHEN 'UNQUOTED VALUE' THEN 'a quoted field is not closed, or goes on behind its closing quote'
    WHEN 'INVALID ENCODING' THEN r.not_text
    ELSE error_message END`
}

/** One row a rejected record, whatever number of its fields is wrong. */
function rejectsSql(scan: CsvScan, placesPath: string): string {
  const { errors, scans } = rejectTables(scan)
  const paths = scan.texts.map(({ index, path, writtenIn }) => `(${index}, ${quoteLiteral(path)}, ${quoteLiteral(writtenIn === 'utf-8' ? NOT_UTF8 : notText(writtenIn))})`)
  const places = `read_csv([${quoteLiteral(globLiteral(placesPath))}], auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
    columns = {'file': 'INTEGER', 'entry': 'BIGINT', 'record': 'BIGINT', 'line': 'BIGINT', 'raw': 'VARCHAR'}, nullstr = '', allow_quoted_nulls = false, new_line = '\\n')`
  return `
    SELECT p.file, p.record, NULL AS column_name, p.line, ${reasonSql()} AS reason,
      coalesce(p.raw, ltrim(csv_line, E'\\r\\n')) AS raw
    FROM (
      SELECT e.*, t.file, t.not_text FROM ${errors} e JOIN ${scans} s USING (scan_id, file_id) JOIN (VALUES ${paths.join(', ')}) t(file, path, not_text) ON t.path = s.file_path
      QUALIFY row_number() OVER (PARTITION BY t.file, e.line ORDER BY column_idx, byte_position) = 1
    ) r JOIN ${places} p ON p.file = r.file AND p.entry = r.line`
}
