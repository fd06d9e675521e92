import { open, type FileHandle } from 'node:fs/promises'
import { quoteLiteral } from '../../../../shared/domain/naming.ts'
import { globLiteral } from '../../query/glob-literal.ts'
import type { SkippedRecords } from '../skipped-records.ts'

/**
 * Records on their way from a delivered file to DuckDB: one line each, with its file, its ordinal, the line where it began and, where
 * it is known already, why it is rejected. DuckDB reads them as CSV with a separator that no JSON text can hold.
 */
export interface StagedRecords {
  /** Indexes of the delivered files in it, in order. */
  files: number[]
  pieces: StagedPiece[]
  /** They are in a table already. */
  isMapped?: boolean
}

export interface StagedPiece {
  path: string
  /** Longest line in bytes: DuckDB silently drops lines longer than its buffer, so it must be told. */
  longestBytes: number
}

export interface RecordSink {
  /**
   * @param record.json bytes are valid until it returns
   * @param record.text what rules on the text of a record look at; without it, its JSON
   * @returns false for a record that a rule leaves out
   */
  add(record: { line: number | bigint; json: Buffer | string; reason: string | null; text?: string }): boolean
}

/** Records as the source maps them, with the columns of the staging files. */
export const MAPPED_TABLE = 'mapped_records'

const SEPARATOR = '\u0001\u0002\u0003'
const FLUSH_BYTES = 1 << 20
const BUFFER_BYTES = 4 << 20
const MAX_KEPT_BYTES = 64 << 20
/** Of a character of a JavaScript string. */
const MAX_UTF8_BYTES = 3
const LF = 10
/** A piece is complete that has so many bytes. */
const PIECE_BYTES = 48 << 20
const LINE_MARGIN_BYTES = 1_024
const MIN_LINE_BYTES = 64 << 10
const MIN_CSV_BUFFER_BYTES = 4 << 20

interface StagerOptions {
  /** Prefix of the files that it writes. */
  path: string
  /** Is asked whether a record is left out. */
  skips: SkippedRecords
  /** A piece is complete, the last one too. */
  onPiece?: ((piece: StagedRecords) => void) | undefined
}

export class RecordStager implements RecordSink {
  readonly staged: StagedRecords = { files: [], pieces: [] }
  readonly #options: StagerOptions
  #file: FileHandle | null = null
  #piece: StagedPiece = { path: '', longestBytes: 0 }
  #pieceBytes = 0
  #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  /** Of the buffer, in use. */
  #pendingBytes = 0
  #longestBytes = 0
  #writtenBytes = 0
  #fileIndex = 0
  #record = 0

  constructor(options: StagerOptions) {
    this.#options = options
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

  add({ line, json, reason, text }: Parameters<RecordSink['add']>[0]): boolean {
    this.#record++
    const rule = this.#options.skips.needsText ? this.#options.skips.ruleFor(text ?? json.toString()) : null
    if (rule !== null) {
      this.#options.skips.add(this.#fileIndex, rule)
      return false
    }
    const head = `${this.#fileIndex}${SEPARATOR}${this.#record}${SEPARATOR}${line}${SEPARATOR}${reason ?? ''}${SEPARATOR}`
    const before = this.#pendingBytes
    this.#reserve(head.length * MAX_UTF8_BYTES + json.length * (typeof json === 'string' ? MAX_UTF8_BYTES : 1) + 1)
    this.#pendingBytes += this.#buffer.write(head, this.#pendingBytes)
    this.#pendingBytes += typeof json === 'string' ? this.#buffer.write(json, this.#pendingBytes) : json.copy(this.#buffer, this.#pendingBytes)
    this.#buffer[this.#pendingBytes++] = LF
    const bytes = this.#pendingBytes - before
    if (bytes > this.#longestBytes) this.#longestBytes = bytes
    return true
  }

  #reserve(bytes: number): void {
    if (this.#pendingBytes + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#buffer.length, this.#pendingBytes + bytes))
    this.#buffer.copy(larger, 0, 0, this.#pendingBytes)
    this.#buffer = larger
  }

  /** To be awaited between chunks, so that memory stays bounded. */
  async drain(atLeastBytes = FLUSH_BYTES): Promise<void> {
    if (this.#pendingBytes < atLeastBytes || this.#pendingBytes === 0) return
    this.#file ??= await this.#nextPiece()
    const bytes = this.#pendingBytes
    await this.#file.appendFile(this.#buffer.subarray(0, bytes))
    this.#piece.longestBytes = Math.max(this.#piece.longestBytes, this.#longestBytes)
    this.#longestBytes = 0
    this.#pendingBytes = 0
    this.#writtenBytes += bytes
    this.#pieceBytes += bytes
    // One huge record must not keep its room to the end.
    if (this.#buffer.length > MAX_KEPT_BYTES) this.#buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES)
    if (this.#pieceBytes >= PIECE_BYTES) await this.#endPiece()
  }

  async #nextPiece(): Promise<FileHandle> {
    this.#piece = { path: `${this.#options.path}-${this.staged.pieces.length}`, longestBytes: 0 }
    this.#pieceBytes = 0
    const file = await open(this.#piece.path, 'w')
    this.staged.pieces.push(this.#piece)
    return file
  }

  async #endPiece(): Promise<void> {
    await this.#file?.close()
    this.#file = null
    this.#options.onPiece?.({ files: this.staged.files, pieces: [this.#piece] })
  }

  async close(): Promise<void> {
    try {
      await this.drain(0)
    } finally {
      if (this.#file !== null) await this.#endPiece()
    }
  }
}

/** Relation over staged records with the columns file, record, line, reason, json; in order. */
export function stagedRelation(staged: readonly StagedRecords[]): string {
  if (staged[0]?.isMapped === true) {
    const files = staged.flatMap((source) => source.files)
    return `(SELECT * FROM ${MAPPED_TABLE} WHERE file BETWEEN ${Math.min(...files)} AND ${Math.max(...files)})`
  }
  const pieces = staged.flatMap((source) => source.pieces)
  if (pieces.length === 0) return `(SELECT NULL::INTEGER AS file, NULL::BIGINT AS record, NULL::BIGINT AS line, NULL::VARCHAR AS reason, NULL::VARCHAR AS json WHERE false)`
  const maxLine = Math.max(MIN_LINE_BYTES, Math.max(...pieces.map(({ longestBytes }) => longestBytes)) + LINE_MARGIN_BYTES)
  const options = [
    `columns = {'file': 'INTEGER', 'record': 'BIGINT', 'line': 'BIGINT', 'reason': 'VARCHAR', 'json': 'VARCHAR'}`,
    `auto_detect = false, header = false, delim = E'\\x01\\x02\\x03', quote = '', escape = '', new_line = '\\n'`,
    `max_line_size = ${maxLine}, buffer_size = ${Math.max(MIN_CSV_BUFFER_BYTES, maxLine + LINE_MARGIN_BYTES)}`,
  ]
  return `read_csv([${pieces.map(({ path }) => quoteLiteral(globLiteral(path))).join(', ')}], ${options.join(', ')})`
}
