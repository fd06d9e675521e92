import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { unreadable } from '../source-problem.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import { type Connector, type ExtractJob, type Extracted, partName } from './connector.ts'
import { type CsvHead, readHeads } from './csv-head.ts'
import { mergeCsv } from './csv-merge.ts'
import { unionColumns } from './csv-scan.ts'
import type { CsvColumns, CsvFile } from './csv-scan-texts.ts'
import { copyTyped } from './csv-typed.ts'
import { MAX_COLUMNS } from './record-analysis.ts'
import { extractDelimited } from './extract-delimited.ts'
import { asPlainText, type PlainText } from './plain-text.ts'
import { readsByRecords } from './reads-by-records.ts'

/**
 * Delimited text, read by DuckDB with every option given. All columns are text unless declared. An empty field is NULL, a quoted empty
 * one is an empty text. `_record` counts records alone: neither the header nor blank or comment lines.
 */
export const csvConnector: Connector = { format: 'csv', isText: true, extract: extractCsv }

async function extractCsv(job: ExtractJob): Promise<Extracted> {
  const { source, skips, files, rejects, log } = job
  if (readsByRecords(source.csv) || skips.needsText || files.some(({ hasZeroByte }) => hasZeroByte)) return extractByRecords(job)
  const texts: PlainText[] = []
  for (const file of files) texts.push(await asPlainText(job, file))
  if (!texts.some(({ hasZeroByte }) => hasZeroByte)) {
    const extracted = await extractByDuck(job, texts)
    const gauges = await Promise.all(texts.map(({ path }) => job.deliveredLines(path)))
    if (!gauges.some((gauge) => gauge?.hasZeroByte === true)) return extracted
    await rejects.clear()
  }
  log('warn', 'zero bytes in the text: read again, record by record')
  return extractByRecords(job)
}

async function extractByRecords(job: ExtractJob): Promise<Extracted> {
  const heads = await readHeads(job, job.files)
  return extractDelimited(job, { heads, columns: columnsOf(job, heads) })
}

async function extractByDuck(job: ExtractJob, texts: readonly PlainText[]): Promise<Extracted> {
  const heads = await readHeads(job, texts)
  const columns = columnsOf(job, heads)
  const files = texts.map((text, index): CsvFile => ({ text, head: heads[index] ?? null }))
  if (job.layout === 'stored') return mergeCsv(job, { files, columns })
  const totalBytes = texts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  let doneBytes = 0
  const parts: Extracted['parts'] = []
  for (const [index, file] of files.entries()) {
    const name = partName(index)
    using _progress = watchProgress(job.duck, (share) => job.report((doneBytes + share * file.text.sizeBytes) / Math.max(1, totalBytes), file.text.name))
    await writeFile(job, { file, columns, path: join(job.outDir, name) })
    doneBytes += file.text.sizeBytes
    parts.push({ name, file: file.text.name })
  }
  return { parts }
}

function columnsOf({ source, files }: ExtractJob, heads: readonly (CsvHead | null)[]): CsvColumns['columns'] {
  const columns = unionColumns(heads, source)
  const missing = Object.keys(source.columns).filter((name) => !columns.some((column) => column.name.toLowerCase() === name.toLowerCase()))
  if (columns.length > 0 && missing.length > 0) {
    throw unreadable(`there is no column ${missing.map((name) => `"${name}"`).join(', ')}, which the source declares`, {
      file: files[0]?.name ?? source.name,
      hint: `The header names: ${columns.map(({ name }) => name).join(', ')}`,
    })
  }
  if (columns.length > MAX_COLUMNS) {
    throw unreadable(`the header names ${columns.length.toLocaleString('en')} columns; at most ${MAX_COLUMNS.toLocaleString('en')} can be read`, { file: files[0]?.name ?? source.name, hint: 'Check the delimiter of the source; columns that hold data are better delivered as rows' })
  }
  if (columns.length > 0) return columns
  if (missing.length > 0) return missing.map((name) => ({ name, type: source.columns[name] ?? 'VARCHAR' }))
  throw unreadable('the file is empty, so the columns are unknown', { file: files[0]?.name ?? source.name, hint: "Declare the source's columns, then an empty delivery is an empty table" })
}

async function writeFile(job: ExtractJob, { file, columns, path }: { file: CsvFile; path: string } & CsvColumns): Promise<void> {
  const { head, text } = file
  if (head === null) {
    const nothing = columns.map(({ name, type }) => `NULL::${type} AS ${quoteIdentifier(name)}`)
    return job.duck.run(`COPY (SELECT ${nothing.join(', ')} WHERE false) TO ${quoteLiteral(path)} (${copyParquetOptions})`, job.signal)
  }
  await copyTyped(job, { texts: [text], head, columns, path, names: columns.map(({ name }) => name), fileColumn: null })
}
