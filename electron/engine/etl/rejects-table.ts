import { join } from 'node:path'
import { quoteLiteral } from '../../../shared/domain/naming.ts'
import type { Duck } from '../query/duckdb.ts'
import { copyParquetOptions } from './write-version.ts'

export const REJECTS_NAME = 'rejects.parquet'
/** Longest raw text kept with a reject, in characters; the whole record is in the delivered file. */
const MAX_RAW_LENGTH = 65_536
const INSERT_ROWS = 1_000

export interface FirstReject {
  fileName: string
  record: number
  line: number | null
  column: string | null
  reason: string
}

/**
 * Rejected records of an extract, one row each, and the delivered files by number, as the tables `rejects` and `files` of an instance.
 */
export class RejectsTable {
  readonly #duck: Duck
  readonly #signal: AbortSignal

  private constructor(duck: Duck, signal: AbortSignal) {
    this.#duck = duck
    this.#signal = signal
  }

  static async create(duck: Duck, files: readonly { index: number; name: string }[], signal: AbortSignal): Promise<RejectsTable> {
    await duck.run(`
      CREATE TABLE rejects (file INTEGER, record BIGINT, column_name VARCHAR, line BIGINT, reason VARCHAR, raw VARCHAR);
      CREATE TABLE files (file INTEGER, name VARCHAR);`)
    for (let at = 0; at < files.length; at += INSERT_ROWS) {
      const rows = files.slice(at, at + INSERT_ROWS).map(({ index, name }) => `(${index}, ${quoteLiteral(name)})`)
      await duck.run(`INSERT INTO files VALUES ${rows.join(', ')}`, signal)
    }
    return new RejectsTable(duck, signal)
  }

  /** @param select gives file, record, column_name, line, reason, raw */
  async insert(select: string): Promise<void> {
    await this.#duck.run(
      `INSERT INTO rejects SELECT file, record, column_name, line, reason, left(raw, ${MAX_RAW_LENGTH}) FROM (${select})`,
      this.#signal,
    )
  }

  /** Forgets them all: the files are read again in another way. */
  async clear(): Promise<void> {
    await this.#duck.run('DELETE FROM rejects', this.#signal)
  }

  /** Rejected records by file index. */
  async counts(fileCount: number): Promise<number[]> {
    const counts = new Array<number>(fileCount).fill(0)
    for (const row of await this.#duck.rows('SELECT file, count(*)::VARCHAR AS n FROM rejects GROUP BY file', this.#signal)) {
      counts[Number(row['file'])] = Number(row['n'])
    }
    return counts
  }

  async first(): Promise<FirstReject | null> {
    const [row] = await this.#duck.rows(
      `SELECT name, record::VARCHAR AS record, line::VARCHAR AS line, column_name, reason FROM rejects JOIN files USING (file)
       ORDER BY file, record LIMIT 1`,
      this.#signal,
    )
    if (row === undefined) return null
    return {
      fileName: String(row['name']),
      record: Number(row['record']),
      line: row['line'] === null ? null : Number(row['line']),
      column: row['column_name'] === null ? null : String(row['column_name']),
      reason: String(row['reason']),
    }
  }

  /** Writes `rejects.parquet`; `_record` is the ordinal of the record in its file, from 1. */
  async write(dir: string): Promise<void> {
    await this.#duck.run(
      `COPY (
        SELECT name AS _file, record AS _record, column_name, line, reason, raw FROM rejects JOIN files USING (file) ORDER BY file, record
      ) TO ${quoteLiteral(join(dir, REJECTS_NAME))} (${copyParquetOptions})`,
      this.#signal,
    )
  }
}
