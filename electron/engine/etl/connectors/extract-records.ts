import { unreadable } from '../source-problem.ts'
import { watchProgress } from '../watch-progress.ts'
import type { ExtractJob, Extracted } from './connector.ts'
import { columnsSql, type RecordColumn } from './infer-columns.ts'
import { mappedNames, mapRecords } from './mapping/map-records.ts'
import { RecordAnalysis } from './record-analysis.ts'
import { goodRecords, rejectMisfits, rejectNonRecords } from './record-rejects.ts'
import type { RecordFormat } from './record-splitter.ts'
import { type StagedRecords, stagedRelation } from './record-stager.ts'
import { stageRecords } from './stage-records.ts'
import { writeRecords } from './write-records.ts'

/** How far a phase has come when it ends, as a share of the whole. */
const STAGED_SHARE = 0.6
const TYPED_SHARE = 0.7

/**
 * JSON, NDJSON and XML alike: records are cut out of the files while streaming, DuckDB types them over the whole source, and every record
 * ends up in a part or among the rejects.
 */
export async function extractRecords(job: ExtractJob, format: RecordFormat): Promise<Extracted> {
  const { mapping } = job.source
  const analysis = new RecordAnalysis(job)
  const report = (share: number): void => job.report(share * STAGED_SHARE, 'Reading')
  const shapes = mapping === undefined && format.tellsShapes === true ? analysis : null
  const analyse = mapping === undefined && shapes === null ? (piece: StagedRecords): Promise<void> => analysis.add(stagedRelation([piece])) : null
  const { staged: delivered, records } = await stageRecords(job, format, { report, analyse, shapes })
  const total = records.reduce((sum, count) => sum + count, 0)
  if (total === 0) refuseNothing(job)
  let staged = delivered
  if (mapping !== undefined) {
    using _progress = watchProgress(job.duck, (share) => job.report(STAGED_SHARE + (TYPED_SHARE - STAGED_SHARE) * share, 'Finding columns'))
    staged = await mapRecords(job, delivered, mapping)
    await analysis.add(stagedRelation(staged))
  }
  const areClean = analysis.bad === 0
  if (!areClean) await rejectNonRecords(job, stagedRelation(staged), format)
  // Declared fields are columns whether or not a record has them.
  const columns = analysis.columns(mapping === undefined ? undefined : mappedNames(mapping))
  if (columns.length === 0) throw await noColumns(job)
  return writeParts(job, { staged, columns, areClean, records: mapping === undefined ? total - analysis.bad : null, areTexts: format.areRejectsQuoted === true })
}

/** @throws SOURCE_UNREADABLE where no record leaves the columns unknown */
export function refuseNothing({ source, files, log }: ExtractJob): void {
  if (source.record !== null) {
    throw unreadable(`no record at ${source.record} in ${files.length === 1 ? 'the file' : `any of ${files.length} files`}`, {
      file: files[0]?.name ?? source.name,
      hint: "Compare the source's record with the document; without it, every top-level value is a record",
    })
  }
  if (Object.keys(source.columns).length === 0) {
    throw unreadable('there are no records, so the columns are unknown', { file: files[0]?.name ?? source.name, hint: "Declare the source's columns, then an empty delivery is an empty table" })
  }
  log('warn', `${source.name}: no records`)
}

/** Why there is not one column. */
export async function noColumns({ rejects, source }: ExtractJob): Promise<Error> {
  const first = await rejects.first()
  const reason = first === null ? 'the records have no keys' : `no record could be read; the first: ${first.reason}`
  return unreadable(reason, { file: first?.fileName ?? source.name, line: first?.line ?? null })
}

interface Writing {
  staged: readonly StagedRecords[]
  columns: readonly RecordColumn[]
  areClean: boolean
  /** Good records; not known before where a mapping makes several of one. */
  records: number | null
  /** As `columnsSql` has it. */
  areTexts: boolean
}

async function writeParts(job: ExtractJob, { staged, columns, areClean, records, areTexts }: Writing): Promise<Extracted> {
  const { files, layout, report } = job
  const sql = columnsSql(columns, { areTexts })
  const written: Extracted['parts'] = []
  let rowCount = 0
  for (const [index, part] of staged.entries()) {
    const onProgress = (share: number): void => report(TYPED_SHARE + ((1 - TYPED_SHARE) * (index + share)) / staged.length, 'Writing')
    const { name, rows } = await writeRecords(job, { relation: goodRecords(stagedRelation([part]), areClean), sql, index, onProgress })
    written.push({ name, file: layout === 'per_file' ? (files[part.files[0] ?? index]?.name ?? null) : null })
    rowCount += rows
  }
  if (sql.bad !== null && rowCount !== records) await rejectMisfits(job, goodRecords(stagedRelation(staged), areClean), sql)
  return { parts: written }
}
