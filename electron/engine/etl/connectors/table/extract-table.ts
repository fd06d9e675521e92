import { join } from 'node:path'
import { quoteLiteral } from '../../../../../shared/domain/naming.ts'
import { unreadable } from '../../source-problem.ts'
import { watchProgress } from '../../watch-progress.ts'
import { writeWide } from '../../wide-table.ts'
import { uniqueColumnNames } from '../column-names.ts'
import { type ExtractJob, type Extracted, fileNameSql, partName, type SourceFile } from '../connector.ts'
import { storedType } from '../infer-columns.ts'
import { type StagedRecords, stagedRelation } from '../record-stager.ts'
import { stageFiles } from '../stage-records.ts'
import { columnNameSql, misfitReasonSql, misfitSql, rawSql, selectSql, type StoredColumn } from './column-sql.ts'
import { type TableColumn, type TableSink, TableStager } from './table-stager.ts'
import { KIND, typeOfKinds } from './value-kinds.ts'

export interface TableReading {
  job: ExtractJob
  sink: TableSink
  /** To be awaited now and then, so that memory stays bounded. */
  drain(): Promise<void>
  /** @param share of this file, from 0 to 1 */
  report(share: number): void
}

/** A format whose files hold tables: rows of columns, not lines of text. */
export interface TableFormat {
  read(file: SourceFile, reading: TableReading): Promise<void>
  /** The line of a row means something to whoever opens the file. */
  hasLines: boolean
}

const STAGED_SHARE = 0.6
const PLACES_AT_ONCE = 1_000

/** Rows are read one after the other and staged as text; what type a column has is known when all of it was seen. */
export async function extractTable(job: ExtractJob, format: TableFormat): Promise<Extracted> {
  const stager = new TableStager()
  const { staged } = await stageFiles(job, {
    stageFile: async (file, records, report) => {
      stager.into(records, file.name)
      await format.read(file, { job, sink: stager, drain: () => records.drain(), report: (share) => report(share * file.sizeBytes) })
      await records.drain()
    },
    report: (share) => job.report(share * STAGED_SHARE, 'Reading'),
  })
  const columns = await storedColumns(job, stager.columns)
  await rejectRefused(job, { staged, hasLines: format.hasLines, columns })
  await rejectMisfits(job, { staged, hasLines: format.hasLines, columns, places: stager.places })
  return writeParts(job, staged, columns)
}

async function storedColumns(job: ExtractJob, found: readonly TableColumn[]): Promise<StoredColumn[]> {
  const { source, files } = job
  const declared = new Map(Object.entries(source.columns).map(([name, type]) => [name.toLowerCase(), { name, type }]))
  const present = found.flatMap((column, position) => (column.isOptional && column.seen === 0 && column.types.size === 0 ? [] : [{ column, position }]))
  const missing = [...declared].flatMap(([key, { name }]) => (present.some(({ column }) => column.name.toLowerCase() === key) ? [] : [name]))
  if (present.length > 0 && missing.length > 0) {
    throw unreadable(`there is no column ${missing.map((name) => `"${name}"`).join(', ')}, which the source declares`, {
      file: files[0]?.name ?? source.name,
      hint: `The columns are: ${present.map(({ column }) => column.name).join(', ')}`,
    })
  }
  if (present.length === 0 && missing.length === 0) {
    throw unreadable('there are no columns', { file: files[0]?.name ?? source.name, hint: "Declare the source's columns, then an empty delivery is an empty table" })
  }
  const names = uniqueColumnNames([...present.map(({ column }) => column.name), ...(present.length === 0 ? missing : [])])
  if (present.length === 0) return missing.map((name, position) => ({ position, name: names[position] ?? name, type: storedType(source.columns[name] ?? 'VARCHAR'), isChecked: false, areBytes: false }))
  return Promise.all(
    present.map(async ({ column, position }, index) => {
      const own = declared.get(column.name.toLowerCase())?.type ?? (await fileType(job, column))
      const type = storedType(own ?? typeOfKinds(column.seen))
      return { position, name: names[index] ?? column.name, type, isChecked: own !== null, areBytes: type === 'BLOB' && (column.types.has('BLOB') || (column.seen & KIND.blob) !== 0) }
    }),
  )
}

/** The type that the files agree on; where they differ, DuckDB's own choice for both. */
async function fileType({ duck }: ExtractJob, { types }: TableColumn): Promise<string | null> {
  const [first, ...others] = types
  if (first === undefined || others.length === 0) return first ?? null
  const [column] = await duck.describe([...types].map((type) => `SELECT CAST(NULL AS ${type}) AS x`).join(' UNION ALL '))
  return column?.type ?? 'VARCHAR'
}

interface StagedTable {
  staged: readonly StagedRecords[]
  columns: readonly StoredColumn[]
  hasLines: boolean
}

/** Each staged row with its values as the list `v`. */
function rowsOf(staged: readonly StagedRecords[]): string {
  return `(SELECT file, record, line, reason, json_transform(json, '["VARCHAR"]') AS v FROM ${stagedRelation(staged)})`
}

async function rejectRefused({ rejects }: ExtractJob, { staged, columns, hasLines }: StagedTable): Promise<void> {
  await rejects.insert(
    `SELECT file, record, json_extract_string(reason, '$.column') AS column_name, ${hasLines ? 'line' : 'NULL'} AS line, json_extract_string(reason, '$.text') AS reason, ${rawSql(columns)} AS raw
     FROM ${rowsOf(staged)} WHERE reason IS NOT NULL`,
  )
}

async function rejectMisfits({ duck, rejects, signal }: ExtractJob, { staged, columns, hasLines, places }: StagedTable & { places: TableStager['places'] }): Promise<void> {
  const bad = misfitSql(columns)
  if (bad === null) return
  await duck.run('CREATE TEMP TABLE places (place INTEGER, position INTEGER, prefix VARCHAR)', signal)
  for (let at = 0; at < places.length; at += PLACES_AT_ONCE) {
    const rows = places.slice(at, at + PLACES_AT_ONCE).map(({ place, position, prefix }) => `(${place}, ${position}, ${quoteLiteral(prefix)})`)
    await duck.run(`INSERT INTO places VALUES ${rows.join(', ')}`, signal)
  }
  await rejects.insert(
    `SELECT file, record, ${columnNameSql(columns)} AS column_name, ${hasLines ? 'line' : 'NULL'} AS line,
      coalesce(prefix || line || ': ', '') || ${misfitReasonSql(columns)} AS reason, ${rawSql(columns)} AS raw
     FROM (SELECT *, ${bad} AS bad FROM ${rowsOf(staged)} WHERE reason IS NULL) AS r
     LEFT JOIN places ON place = TRY_CAST(v[1] AS INTEGER) AND places.position = bad WHERE bad IS NOT NULL`,
  )
  await duck.run('DROP TABLE places')
}

async function writeParts({ duck, signal, layout, outDir, files, report }: ExtractJob, staged: readonly StagedRecords[], columns: readonly StoredColumn[]): Promise<Extracted> {
  const provenance = layout === 'stored' ? `, ${fileNameSql(files, 'file')} AS _file, record AS _record` : ''
  const bad = misfitSql(columns)
  const parts: Extracted['parts'] = []
  for (const [index, source] of staged.entries()) {
    const name = partName(index)
    using _progress = watchProgress(duck, (share) => report(STAGED_SHARE + ((1 - STAGED_SHARE) * (index + share)) / staged.length, 'Writing'))
    await writeWide(duck, { columns: columns.length, name: files[source.files[0] ?? index]?.name ?? name }, (options) => duck.run(
      `COPY (SELECT ${selectSql(columns)}${provenance} FROM ${rowsOf([source])} WHERE reason IS NULL${bad === null ? '' : ` AND (${bad}) IS NULL`})
       TO ${quoteLiteral(join(outDir, name))} (${options})`,
      signal,
    ))
    parts.push({ name, file: layout === 'per_file' ? (files[source.files[0] ?? index]?.name ?? null) : null })
  }
  return { parts }
}
