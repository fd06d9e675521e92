import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import type { SkippedRecords } from '../skipped-records.ts'

/**
 * Records on their way from a delivered file to DuckDB: one line each, with its file, its ordinal, the line where it began and, where
 * it is known already, why it is rejected. DuckDB reads them as CSV with a separator that no JSON text can hold.
 */
export interface StagedRecords {
  path: string
  /** Indexes of the delivered files in it, in order. */
  files: number[]
  /** Longest line in bytes: DuckDB silently drops lines longer than its buffer, so it must be told. */
  longestBytes: number
  /** They are in a table already. */
  isMapped?: boolean
}

export interface RecordSink {
  /** @param record.text what rules on the text of a record look at; without it, its JSON */
  add(record: { line: number | bigint; json: Buffer | string; reason: string | null; text?: string }): void
}

/** Records as the source maps them, with the columns of the staging files. */
export const MAPPED_TABLE = 'mapped_records'

const SEPARATOR = '\u0001\u0002\u0003'
const FLUSH_BYTES = 1 << 20
const LINE_MARGIN_BYTES = 1_024
const MIN_LINE_BYTES = 2_000_000
const MIN_BUFFER_BYTES = 32_000_000

export class RecordStager implements RecordSink {
  readonly staged: StagedRecords
  readonly #file: FileHandle
  readonly #skips: SkippedRecords
  #pending: Buffer[] = []
  #pendingBytes = 0
  #writtenBytes = 0
  #fileIndex = 0
  #record = 0

  private constructor(path: string, file: FileHandle, skips: SkippedRecords) {
    this.#skips = skips
    this.staged = { path, files: [], longestBytes: 0 }
    this.#file = file
  }

  /** @param skips is asked whether a record is left out */
  static async create(dir: string, name: string, skips: SkippedRecords): Promise<RecordStager> {
    const path = join(dir, name)
    return new RecordStager(path, await open(path, 'w'), skips)
  }

  get sizeBytes(): number {
    return this.#writtenBytes + this.#pendingBytes
  }

  /** Records of the file begun last. */
  get recordCount(): number {
    return this.#record
  }

  beginFile(index: number): void {
    this.#fileIndex = index
    this.#record = 0
    this.staged.files.push(index)
  }

  add({ line, json, reason, text }: Parameters<RecordSink['add']>[0]): void {
    this.#record++
    const rule = this.#skips.needsText ? this.#skips.ruleFor(text ?? json.toString()) : null
    if (rule !== null) return this.#skips.add(this.#fileIndex, rule)
    const head = Buffer.from(`${[this.#fileIndex, this.#record, line, reason ?? ''].join(SEPARATOR)}${SEPARATOR}`)
    const body = typeof json === 'string' ? Buffer.from(json) : json
    this.#pending.push(head, body, NEWLINE)
    const bytes = head.length + body.length + 1
    this.#pendingBytes += bytes
    if (bytes > this.staged.longestBytes) this.staged.longestBytes = bytes
  }

  /** To be awaited between chunks, so that memory stays bounded. */
  async drain(atLeastBytes = FLUSH_BYTES): Promise<void> {
    if (this.#pendingBytes < atLeastBytes || this.#pendingBytes === 0) return
    const bytes = Buffer.concat(this.#pending, this.#pendingBytes)
    this.#pending = []
    this.#pendingBytes = 0
    this.#writtenBytes += bytes.length
    await this.#file.appendFile(bytes)
  }

  async close(): Promise<void> {
    try {
      await this.drain(0)
    } finally {
      await this.#file.close()
    }
  }
}

const NEWLINE = Buffer.from('\n')

/** Relation over staged records with the columns file, record, line, reason, json; in order. */
export function stagedRelation(staged: readonly StagedRecords[]): string {
  if (staged[0]?.isMapped === true) {
    const files = staged.flatMap((source) => source.files)
    return `(SELECT * FROM ${MAPPED_TABLE} WHERE file BETWEEN ${Math.min(...files)} AND ${Math.max(...files)})`
  }
  const longest = Math.max(...staged.map(({ longestBytes }) => longestBytes)) + LINE_MARGIN_BYTES
  const maxLine = Math.max(MIN_LINE_BYTES, longest)
  const options = [
    `columns = {'file': 'INTEGER', 'record': 'BIGINT', 'line': 'BIGINT', 'reason': 'VARCHAR', 'json': 'VARCHAR'}`,
    `auto_detect = false, header = false, delim = E'\\x01\\x02\\x03', quote = '', escape = '', new_line = '\\n'`,
    `max_line_size = ${maxLine}, buffer_size = ${Math.max(MIN_BUFFER_BYTES, maxLine + LINE_MARGIN_BYTES)}`,
  ]
  return `read_csv([${staged.map(({ path }) => quoteLiteral(globLiteral(path))).join(', ')}], ${options.join(', ')})`
}
