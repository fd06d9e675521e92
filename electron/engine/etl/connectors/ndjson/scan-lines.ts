import { isUtf8 } from 'node:buffer'
import { readChunks } from '../../read-chunks.ts'
import { CUT_LINE, lineRecord } from '../ndjson-splitter.ts'
import { UNSURE } from './json-scalars.ts'
import { blanksEnd, type LineBlock, lineEnd, type LineScanner } from './line-scanner.ts'

const LF = 10
/** DuckDB's reader takes twice as many. */
const MAX_LINE_BYTES = 8 << 20
/** Beyond these, each record is better looked at by DuckDB. */
const MAX_UNSURE_LINES = 100_000
const MAX_UNSURE_BYTES = 32 << 20
const FEW_UNSURE_LINES = 1_000
const MAX_UNSURE_SHARE = 0.1

/** A line that somebody else has to look at. */
export interface UnsureLine {
  /** From 1; so is the record. */
  line: number
  record: number
  /** Null for a line that is blank after all. */
  json: string | null
  reason: string | null
  /** Its place in the file in bytes, without its LF. */
  start: number
  end: number
}

export interface ScannedLines {
  recordCount: number
  unsure: UnsureLine[]
  longestBytes: number
  /** In which record keys came first that no file before had; those of one record in its order. */
  firstSeen: { key: string; record: number }[]
}

interface ScanOptions {
  signal: AbortSignal
  /** @param bytes read so far */
  onBytes(bytes: number): void
}

/** @returns null where so much is unsure that another way is better */
export async function scanLines(path: string, scanner: LineScanner, { signal, onBytes }: ScanOptions): Promise<ScannedLines | null> {
  const scan = new FileScan(scanner)
  for await (const chunk of readChunks(path, signal)) {
    scan.write(chunk)
    if (scan.isHopeless) return null
    onBytes(scan.bytesRead)
  }
  scan.end()
  return scan.isHopeless ? null : { recordCount: scan.recordCount, unsure: scan.unsure, longestBytes: scan.longestBytes, firstSeen: scan.firstSeen }
}

class FileScan {
  readonly unsure: UnsureLine[] = []
  readonly firstSeen: ScannedLines['firstSeen'] = []
  recordCount = 0
  longestBytes = 0
  bytesRead = 0
  readonly #scanner: LineScanner
  #rest: Buffer[] = []
  #restBytes = 0
  #restStart = 0
  #line = 0
  #unsureBytes = 0

  constructor(scanner: LineScanner) {
    this.#scanner = scanner
  }

  get isHopeless(): boolean {
    const count = this.unsure.length
    return this.#restBytes > MAX_LINE_BYTES || count > MAX_UNSURE_LINES || this.#unsureBytes > MAX_UNSURE_BYTES || (count > FEW_UNSURE_LINES && count > MAX_UNSURE_SHARE * this.recordCount)
  }

  write(chunk: Buffer): void {
    const start = this.bytesRead
    this.bytesRead += chunk.length
    const first = chunk.indexOf(LF)
    if (first === -1) return this.#keep(chunk, start)
    const isContinued = this.#restBytes > 0
    if (isContinued) this.#scanRest(chunk.subarray(0, first + 1))
    const [from, to] = [isContinued ? first + 1 : 0, chunk.lastIndexOf(LF) + 1]
    if (from < to) this.#scanBlock(chunk.subarray(from, to), { start: start + from, cutReason: null })
    if (to < chunk.length) this.#keep(chunk.subarray(to), start + to)
  }

  end(): void {
    if (this.#restBytes > 0) this.#scanRest(Buffer.of(LF), CUT_LINE)
  }

  /** A chunk is valid until the next one. */
  #keep(piece: Buffer, start: number): void {
    if (this.#restBytes === 0) this.#restStart = start
    this.#rest.push(Buffer.from(piece))
    this.#restBytes += piece.length
  }

  #scanRest(tail: Buffer, cutReason: string | null = null): void {
    this.#scanBlock(Buffer.concat([...this.#rest, tail]), { start: this.#restStart, cutReason })
    this.#rest = []
    this.#restBytes = 0
  }

  #scanBlock(bytes: Buffer, { start, cutReason }: { start: number; cutReason: string | null }): void {
    const block: LineBlock = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
    const isText = isUtf8(bytes)
    for (let at = 0; at < bytes.length; ) {
      this.#line++
      const from = blanksEnd(bytes, at)
      const scanned = this.#scanner.scan(block, from)
      const end = scanned === UNSURE ? bytes.indexOf(LF, at) : scanned
      if (scanned !== UNSURE && (isText || isUtf8(bytes.subarray(at, end)))) this.#addSure()
      else if (lineEnd(bytes, from) === UNSURE) this.#addUnsure(bytes.subarray(at, end), { start: start + at, cutReason })
      if (end - at > this.longestBytes) this.longestBytes = end - at
      at = end + 1
    }
  }

  #addSure(): void {
    this.recordCount++
    if (this.#scanner.firstSeen.length > 0) for (const key of this.#scanner.firstSeen.splice(0)) this.firstSeen.push({ key, record: this.recordCount })
  }

  #addUnsure(text: Buffer, { start, cutReason }: { start: number; cutReason: string | null }): void {
    const record = lineRecord(text, { isFirst: this.#line === 1, encoding: 'utf-8', cutReason })
    if (record !== null) this.recordCount++
    this.unsure.push({ line: this.#line, record: this.recordCount, json: record === null ? null : String(record.json), reason: record?.reason ?? null, start, end: start + text.length })
    this.#unsureBytes += text.length
  }
}
