import { join } from 'node:path'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { parquetScan } from '../../query/version-relation.ts'
import { exactCast, misfitReason } from '../casts/exact-cast.ts'
import { writeWide } from '../wide-table.ts'
import type { ExtractJob } from './connector.ts'
import type { CsvHead } from './csv-head.ts'
import { recordPlaces } from './csv-places.ts'
import { csvRelation, type CsvScan } from './csv-scan.ts'
import { type CsvColumns, scanTexts } from './csv-scan-texts.ts'
import type { PlainText } from './plain-text.ts'

/**
 * Delimited text as typed Parquet. DuckDB's reader would cast more than exactly (casts/exact-cast.ts), so it gives texts. Nearly every file has nothing
 * but values that fit, and is cast on its way; the first that does not ends that, and the file is read again as text, in which each misfit is found.
 */
export interface TypedCopy extends CsvColumns {
  texts: readonly PlainText[]
  head: CsvHead
  path: string
  /** Names of the columns in the Parquet, in order. */
  names: readonly string[]
  /** A further column with the index of the file. */
  fileColumn: { name: string; sql(scan: CsvScan): Promise<string> } | null
}

const MISFIT = 'strata: a value does not fit its type'

export async function copyTyped(job: ExtractJob, copy: TypedCopy): Promise<void> {
  await writeWide(job.duck, { columns: copy.columns.length, name: copy.texts[0]?.name ?? job.source.name }, (options) => copyWith(options, job, copy))
}

async function copyWith(options: string, job: ExtractJob, copy: TypedCopy): Promise<void> {
  try {
    await scanTexts(job, copy, async (scan) => {
      await job.duck.run(`COPY (SELECT ${typedSql(copy, { onMisfit: `error(${quoteLiteral(MISFIT)})` })} FROM ${castSql(copy, textsSql(copy, scan, await fileSql(copy, scan)))}) TO ${quoteLiteral(copy.path)} (${options})`, job.signal)
      return countByPath(job, scan, copy)
    })
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.message.includes(MISFIT)) throw error
    await copyWithMisfits(options, job, copy)
  }
}

async function copyWithMisfits(options: string, job: ExtractJob, copy: TypedCopy): Promise<void> {
  const { duck, signal, scratchDir } = job
  const path = join(scratchDir, `texts-${job.nextId()}.parquet`)
  const kept: { scan: CsvScan | null } = { scan: null }
  await scanTexts(job, copy, async (scan) => {
    kept.scan = scan
    const file = copy.fileColumn === null ? `${scan.texts[0]?.index ?? 0}` : await copy.fileColumn.sql(scan)
    await duck.run(`COPY (SELECT * FROM ${textsSql(copy, scan, file)}) TO ${quoteLiteral(path)} (${options})`, signal)
    const rows = await duck.rows(`SELECT ${FILE} AS file, count(*)::DOUBLE AS n FROM ${parquetScan([path])} GROUP BY ALL`, signal)
    const counts = new Map(rows.map((row) => [Number(row['file']), Number(row['n'])]))
    return new Map(scan.texts.map((text) => [text.path, counts.get(text.index) ?? 0]))
  })
  if (kept.scan !== null) await rejectMisfits(job, { copy, path, scan: kept.scan })
  const file = copy.fileColumn === null ? '' : `, ${FILE} AS ${quoteIdentifier(copy.fileColumn.name)}`
  await duck.run(
    `COPY (SELECT ${typedSql({ ...copy, fileColumn: null }, { onMisfit: 'NULL' })}${file} FROM ${castSql(copy, parquetScan([path]))} WHERE ${badSql(copy)} IS NULL) TO ${quoteLiteral(copy.path)} (${options})`,
    signal,
  )
}

/** Columns of the relations in between: texts, their values, the file. */
const text = (index: number): string => `c${index}`
const value = (index: number): string => `x${index}`
const FILE = 'strata_file'

async function fileSql({ fileColumn }: TypedCopy, scan: CsvScan): Promise<string | null> {
  return fileColumn === null ? null : fileColumn.sql(scan)
}

/** The columns of the source as texts. */
function textsSql(copy: TypedCopy, scan: CsvScan, file: string | null): string {
  const present = new Map(copy.head.columns.map((name) => [name.toLowerCase(), name]))
  const select = copy.columns.map(({ name }, index) => {
    const own = present.get(name.toLowerCase())
    return `${own === undefined ? 'NULL::VARCHAR' : quoteIdentifier(own)} AS ${text(index)}`
  })
  return `(SELECT ${[...select, ...(file === null ? [] : [`${file} AS ${FILE}`])].join(', ')} FROM ${csvRelation(scan)})`
}

/** The values beside the texts. */
function castSql({ columns }: TypedCopy, texts: string): string {
  const values = columns.flatMap(({ type }, index) => (type === 'VARCHAR' ? [] : [`${exactCast(type).value(text(index))} AS ${value(index)}`]))
  return values.length === 0 ? texts : `(SELECT *, ${values.join(', ')} FROM ${texts})`
}

function typedSql({ columns, names, fileColumn }: TypedCopy, { onMisfit }: { onMisfit: string }): string {
  const select = columns.map(({ type }, index) => {
    const typed = type === 'VARCHAR' ? text(index) : `CASE WHEN ${exactCast(type).fits(text(index), value(index))} THEN ${value(index)} WHEN ${text(index)} IS NOT NULL THEN ${onMisfit} END`
    return `${typed} AS ${quoteIdentifier(names[index] ?? '')}`
  })
  return [...select, ...(fileColumn === null ? [] : [`${FILE} AS ${quoteIdentifier(fileColumn.name)}`])].join(', ')
}

/** Position of the first column whose value does not fit, or NULL. */
function badSql({ columns }: TypedCopy): string {
  const cases = columns.flatMap(({ type }, index) => (type === 'VARCHAR' ? [] : [`WHEN ${text(index)} IS NOT NULL AND NOT ${exactCast(type).fits(text(index), value(index))} THEN ${index}`]))
  return cases.length === 0 ? 'NULL::INTEGER' : `CASE ${cases.join(' ')} END`
}

async function countByPath(job: ExtractJob, scan: CsvScan, { path, fileColumn }: TypedCopy): Promise<ReadonlyMap<string, number>> {
  const file = fileColumn === null ? `${scan.texts[0]?.index ?? 0}` : quoteIdentifier(fileColumn.name)
  const rows = await job.duck.rows(`SELECT ${file} AS file, count(*)::DOUBLE AS n FROM ${parquetScan([path])} GROUP BY ALL`, job.signal)
  const counts = new Map(rows.map((row) => [Number(row['file']), Number(row['n'])]))
  return new Map(scan.texts.map((entry) => [entry.path, counts.get(entry.index) ?? 0]))
}

interface Misfits {
  copy: TypedCopy
  /** Texts of all records that have the right form, those of a file together. */
  path: string
  scan: CsvScan
}

/** A record's ordinal follows from its place among those that could be read and from the others before it. */
async function rejectMisfits(job: ExtractJob, { copy, path, scan }: Misfits): Promise<void> {
  const { duck, rejects, signal } = job
  const table = `misfits_${scan.scanId}`
  const { columns } = copy
  const per = (of: (column: CsvColumns['columns'][number], index: number) => string): string => `CASE bad ${columns.flatMap((column, index) => (column.type === 'VARCHAR' ? [] : [`WHEN ${index} THEN ${of(column, index)}`])).join(' ')} END`
  const rows = `(SELECT *, file_row_number AS number FROM read_parquet([${quoteLiteral(path)}], file_row_number = true, hive_partitioning = false))`
  await duck.run(
    `CREATE TEMP TABLE ${table} AS
      SELECT m.file, m.place + 1 + coalesce(q.rank, 0) AS record, m.column_name, m.reason, m.raw
      FROM (
        SELECT ${FILE} AS file, number - first AS place, ${per(({ name }) => quoteLiteral(name))} AS column_name, ${per(({ type }, index) => misfitReason(text(index), type))} AS reason,
          concat_ws(${quoteLiteral(scan.head.dialect.delimiter)}, ${columns.map((_, index) => `coalesce(${text(index)}, '')`).join(', ')}) AS raw
        FROM (SELECT *, ${badSql(copy)} AS bad FROM ${castSql(copy, rows)}) JOIN (SELECT ${FILE}, min(number) AS first FROM ${rows} GROUP BY ALL) USING (${FILE}) WHERE bad IS NOT NULL
      ) m ASOF LEFT JOIN (
        SELECT file AS of_file, record - rank AS before, max(rank) AS rank
        FROM (SELECT file, record, row_number() OVER (PARTITION BY file ORDER BY record) AS rank FROM rejects) GROUP BY ALL
      ) q ON m.file = q.of_file AND m.place >= q.before`,
    signal,
  )
  const places = await recordPlaces(job, scan, table)
  await rejects.insert(`SELECT m.file, m.record, m.column_name, p.line, m.reason, coalesce(p.raw, m.raw) AS raw FROM ${table} m JOIN ${places} p USING (file, record)`)
  await duck.run(`DROP TABLE ${table}`)
}
