import type { ExtractJob } from '../connector.ts'
import type { ColumnsSql } from '../infer-columns.ts'
import { IS_RECORD, rejectMisfits, rejectNonRecords } from '../record-rejects.ts'
import type { RecordFormat } from '../record-splitter.ts'

/** Lines of NDJSON that are no records, or have a value that does not fit: as records are staged, in a table. */
export const BAD_LINES = 'bad_lines'

export async function makeBadLines({ duck, signal }: ExtractJob): Promise<void> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${BAD_LINES} (file INTEGER, record BIGINT, line BIGINT, reason VARCHAR, json VARCHAR)`, signal)
}

/** Rejects them, and drops the table. */
export async function rejectBadLines(job: ExtractJob, format: RecordFormat, sql: ColumnsSql): Promise<void> {
  await rejectNonRecords(job, BAD_LINES, format)
  if (sql.bad !== null) await rejectMisfits(job, `(SELECT * FROM ${BAD_LINES} WHERE ${IS_RECORD})`, sql)
  await job.duck.run(`DROP TABLE ${BAD_LINES}`, job.signal)
}
