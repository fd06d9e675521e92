import { join } from 'node:path'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { unreadable } from '../source-problem.ts'
import { watchProgress } from '../watch-progress.ts'
import { copyParquetOptions } from '../write-version.ts'
import { type ExtractJob, type Extracted, fileNameSql, partName } from './connector.ts'
import { mappedNames, mapRecords } from './mapping/map-records.ts'
import { columnsSql, inferColumns, type RecordColumn } from './infer-columns.ts'
import { stageRecords } from './stage-records.ts'
import type { RecordFormat } from './record-splitter.ts'
import { type StagedRecords, stagedRelation } from './record-stager.ts'

/** How far a phase has come when it ends, as a share of the whole. */
const STAGED_SHARE = 0.4
const KEYS_SHARE = 0.5
const TYPED_SHARE = 0.65
/** What a table can have: beyond it, memory goes to the columns instead of the rows. */
export const MAX_COLUMNS = 4_096
/** Staged texts begin with their value; to ask for its type would parse it once more. */
const IS_RECORD = `(reason IS NULL AND starts_with(json, '{') AND json_valid(json))`

/**
 * JSON, NDJSON and XML alike: records are cut out of the files while streaming, DuckDB types them over the whole source, and every record
 * ends up in a part or among the rejects.
 */
export async function extractRecords(job: ExtractJob, format: RecordFormat): Promise<Extracted> {
  const { staged: delivered, records } = await stageRecords(job, format, (share) => job.report(share * STAGED_SHARE, 'Reading'))
  if (records.every((count) => count === 0)) refuseNothing(job)
  const { mapping } = job.source
  const staged = mapping === undefined ? delivered : await findingColumns(job, [STAGED_SHARE, STAGED_SHARE], () => mapRecords(job, delivered, mapping))
  const found = await findingColumns(job, [STAGED_SHARE, KEYS_SHARE], () => readKeys(job, staged))
  // Declared fields are columns whether or not a record has them.
  const keys = mapping === undefined ? found : { ...found, names: mappedNames(mapping) }
  const areClean = keys.bad === 0
  if (!areClean) await rejectNonRecords(job, staged, format)
  if (keys.names.length > MAX_COLUMNS) {
    throw unreadable(`the records have ${keys.names.length} different keys; at most ${MAX_COLUMNS} can be columns`, { file: job.source.name, hint: 'Keys that hold data belong one level deeper: set the record path' })
  }
  if (keys.names.some((name) => name.includes('\0'))) throw unreadable('a key of the records holds a zero byte', { file: job.source.name, hint: 'Mend the file: such a key cannot be a column' })
  const relation = goodRecords(staged, areClean)
  const options = { records: relation, keys: keys.names, declared: job.source.columns, signal: job.signal }
  const columns = await findingColumns(job, [KEYS_SHARE, TYPED_SHARE], () => inferColumns(job.duck, options))
  if (columns.length === 0) throw await noColumns(job)
  return writeParts(job, { staged, columns, areClean })
}

async function findingColumns<T>({ duck, report }: ExtractJob, [from, to]: [number, number], work: () => Promise<T>): Promise<T> {
  using _progress = watchProgress(duck, (share) => report(from + (to - from) * share, 'Finding columns'))
  return await work()
}

function goodRecords(staged: readonly StagedRecords[], areClean: boolean): string {
  return areClean ? stagedRelation(staged) : `(SELECT * FROM ${stagedRelation(staged)} WHERE ${IS_RECORD})`
}

/** Keys of all records in the order of their first appearance, and how many lines hold no record. */
async function readKeys({ duck, signal }: ExtractJob, staged: readonly StagedRecords[]): Promise<{ names: string[]; bad: number }> {
  await duck.run(
    `CREATE TEMP TABLE shapes AS
      SELECT keys, min(file * 1000000000000 + record) AS first, count(*) AS n
      FROM (SELECT file::HUGEINT AS file, record, CASE WHEN ${IS_RECORD} THEN json_keys(json) END AS keys FROM ${stagedRelation(staged)})
      GROUP BY keys`,
    signal,
  )
  const names = await duck.rows(
    `SELECT key FROM (SELECT unnest(keys) AS key, generate_subscripts(keys, 1) AS place, first FROM shapes) GROUP BY key ORDER BY min({f: first, p: place}), key`,
    signal,
  )
  const [bad] = await duck.rows('SELECT coalesce(sum(n), 0)::VARCHAR AS n FROM shapes WHERE keys IS NULL', signal)
  await duck.run('DROP TABLE shapes')
  return { names: names.map((row) => String(row['key'])), bad: Number(bad?.['n'] ?? 0) }
}

async function rejectNonRecords(job: ExtractJob, staged: readonly StagedRecords[], { onMalformed, areRejectsQuoted = false }: RecordFormat): Promise<void> {
  const relation = stagedRelation(staged)
  if (onMalformed === 'stop') {
    const [malformed] = await job.duck.rows(
      `SELECT file, line::VARCHAR AS line, left(json, 100000) AS json FROM ${relation} WHERE reason IS NULL AND NOT json_valid(json) ORDER BY file, record LIMIT 1`,
      job.signal,
    )
    if (malformed !== undefined) {
      const file = job.files[Number(malformed['file'])]?.name ?? job.source.name
      throw unreadable(`malformed JSON in the record that begins here${parseMessage(String(malformed['json']))}`, { file, line: Number(malformed['line']) })
    }
  }
  await job.rejects.insert(
    `SELECT file, record, NULL AS column_name, line, ${areRejectsQuoted ? `CASE WHEN reason IS NULL THEN json ELSE json_extract_string(json, '$') END` : 'json'} AS raw,
      CASE WHEN reason IS NOT NULL THEN reason WHEN NOT json_valid(json) THEN 'not valid JSON'
        ELSE 'a record must be an object, this is ' || CASE json_type(json) WHEN 'ARRAY' THEN 'a list' WHEN 'VARCHAR' THEN 'a text'
          WHEN 'BOOLEAN' THEN 'a boolean' WHEN 'NULL' THEN 'null' ELSE 'a number' END END AS reason
     FROM ${relation} WHERE NOT ${IS_RECORD}`,
  )
}

function parseMessage(json: string): string {
  try {
    JSON.parse(json)
    return ': a text holds half a surrogate pair'
  } catch (error) {
    return `: ${error instanceof Error ? error.message : String(error)}`
  }
}

function refuseNothing({ source, files, log }: ExtractJob): void {
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

async function noColumns({ rejects, source }: ExtractJob): Promise<Error> {
  const first = await rejects.first()
  const reason = first === null ? 'the records have no keys' : `no record could be read; the first: ${first.reason}`
  return unreadable(reason, { file: first?.fileName ?? source.name, line: first?.line ?? null })
}

interface Writing {
  staged: readonly StagedRecords[]
  columns: readonly RecordColumn[]
  areClean: boolean
}

async function writeParts(job: ExtractJob, { staged, columns, areClean }: Writing): Promise<Extracted> {
  const { duck, signal, layout, outDir, files, report } = job
  const { transform, select, bad } = columnsSql(columns)
  const typed = (source: readonly StagedRecords[]): string => `(SELECT *, ${transform} AS t FROM ${goodRecords(source, areClean)})`
  const haveMisfits = bad !== null && (await rejectMisfits(job, typed(staged), bad))
  const provenance = layout === 'stored' ? `, ${fileNameSql(files, 'file')} AS _file, record AS _record` : ''
  const parts: Extracted['parts'] = []
  for (const [index, source] of staged.entries()) {
    const name = partName(index)
    using _progress = watchProgress(duck, (share) => report(TYPED_SHARE + ((1 - TYPED_SHARE) * (index + share)) / staged.length, 'Writing'))
    await duck.run(
      `COPY (SELECT ${select.join(', ')}${provenance} FROM ${typed([source])}${haveMisfits ? ` WHERE (${bad}) IS NULL` : ''})
       TO ${quoteLiteral(join(outDir, name))} (${copyParquetOptions})`,
      signal,
    )
    parts.push({ name, file: layout === 'per_file' ? (files[source.files[0] ?? index]?.name ?? null) : null })
  }
  return { parts }
}

/** Records whose value does not fit a declared type. Gives whether there were any. */
async function rejectMisfits({ rejects, files }: ExtractJob, typed: string, bad: string): Promise<boolean> {
  const total = async (): Promise<number> => (await rejects.counts(files.length)).reduce((sum, count) => sum + count, 0)
  const before = await total()
  await rejects.insert(
    `SELECT file, record, bad AS column_name, line, 'the value does not fit the declared type' AS reason, json AS raw
     FROM (SELECT *, ${bad} AS bad FROM ${typed}) WHERE bad IS NOT NULL`,
  )
  return (await total()) > before
}
