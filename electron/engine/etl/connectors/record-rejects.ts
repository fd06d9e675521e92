import { unreadable } from '../source-problem.ts'
import type { ExtractJob } from './connector.ts'
import type { ColumnsSql } from './infer-columns.ts'
import type { RecordFormat } from './record-splitter.ts'

/** Staged texts begin with their value; to ask for its type would parse it once more. */
export const IS_RECORD = `(reason IS NULL AND starts_with(json, '{') AND json_valid(json))`

/** Of all records, those that are objects. */
export function goodRecords(relation: string, areClean: boolean): string {
  return areClean ? relation : `(SELECT * FROM ${relation} WHERE ${IS_RECORD})`
}

/**
 * Rejects what is no object.
 * @param relation with file, record, line, reason, json
 * @throws SOURCE_UNREADABLE for malformed JSON where a record is not a line
 */
export async function rejectNonRecords(job: ExtractJob, relation: string, { onMalformed, areRejectsQuoted = false }: RecordFormat): Promise<void> {
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

/** Rejects records whose value does not fit a declared type. @param records objects, with file, record, line, json */
export async function rejectMisfits({ rejects }: ExtractJob, records: string, { typed, bad, reason }: ColumnsSql): Promise<void> {
  await rejects.insert(
    `SELECT file, record, bad AS column_name, line, ${reason} AS reason, json AS raw
     FROM (SELECT *, ${bad ?? 'NULL'} AS bad FROM ${typed(records)}) WHERE bad IS NOT NULL`,
  )
}
