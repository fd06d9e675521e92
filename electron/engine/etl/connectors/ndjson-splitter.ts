import { isUtf8 } from 'node:buffer'
import { printableBytes } from '../encodings/bad-bytes.ts'
import { JsonValueScanner } from './json-value-scanner.ts'
import { unreadable } from '../source-problem.ts'
import { MAX_RECORD_BYTES, type RecordSplitter, type SplitterOptions } from './record-splitter.ts'
import type { RecordSink } from './record-stager.ts'

const LF = 10
const CR = 13
const SPACE = 32
export const CONTROL_CHARACTER = 'a control character in the line'
/** Why a last line is rejected that is no whole value. */
export const CUT_LINE = 'the file ends in the middle of this line'
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** One record a line; blank lines are no records. */
export class NdjsonSplitter implements RecordSplitter {
  readonly #file: string
  readonly #sink: RecordSink
  readonly #encoding: string
  #rest: Buffer[] = []
  #restBytes = 0
  #line = 0

  constructor({ file, encoding, sink }: SplitterOptions) {
    this.#file = file
    this.#encoding = encoding
    this.#sink = sink
  }

  write(chunk: Buffer): void {
    let start = 0
    const isPlain = isPlainText(chunk)
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      const isWithin = this.#restBytes === 0
      this.#take(this.#whole(chunk.subarray(start, end)), { cutReason: null, isPlain: isPlain && isWithin })
      start = end + 1
    }
    if (start === chunk.length) return
    this.#rest.push(chunk.subarray(start))
    this.#restBytes += chunk.length - start
    if (this.#restBytes > MAX_RECORD_BYTES) {
      throw unreadable(`the line is longer than ${MAX_RECORD_BYTES / 1024 / 1024} MB`, { file: this.#file, line: this.#line + 1, hint: 'Declare format: json when the file is not one record a line' })
    }
  }

  end(): void {
    if (this.#restBytes > 0) this.#take(this.#whole(Buffer.alloc(0)), { cutReason: CUT_LINE, isPlain: false })
  }

  #whole(tail: Buffer): Buffer {
    if (this.#rest.length === 0) return tail
    const line = Buffer.concat([...this.#rest, tail])
    this.#rest = []
    this.#restBytes = 0
    return line
  }

  #take(text: Buffer, { cutReason, isPlain }: { cutReason: string | null; isPlain: boolean }): void {
    this.#line++
    const record = lineRecord(text, { isFirst: this.#line === 1, encoding: isPlain ? null : this.#encoding, cutReason })
    if (record !== null) this.#sink.add({ line: this.#line, ...record })
  }
}

interface LineToRead {
  isFirst: boolean
  /** It was delivered in; null where the line is known to be plain text. */
  encoding: string | null
  /** Of a last line without an end, unless it is a whole value. */
  cutReason: string | null
}

/** The record in a line, or null for a blank one. @param text without its LF */
export function lineRecord(text: Buffer, { isFirst, encoding, cutReason }: LineToRead): { json: Buffer | string; reason: string | null } | null {
  let from = isFirst && text.subarray(0, 3).equals(BOM) ? 3 : 0
  let to = text.length
  while (to > from && isSpace(text[to - 1])) to--
  while (from < to && isSpace(text[from])) from++
  if (from === to) return null
  const json = text.subarray(from, to)
  const reason = encoding === null ? null : plainProblem(json, encoding)
  if (reason !== null) return { json: oneLine(json), reason }
  return { json, reason: cutReason !== null && isCutLine(json) ? cutReason : null }
}

function isSpace(byte: number | undefined): boolean {
  return byte === SPACE || byte === CR || byte === 9
}

/** Whether no line in it can have a plain problem: asked once for many lines. Characters cut by the end of the chunk are in its last line. */
function isPlainText(chunk: Buffer): boolean {
  return isUtf8(chunk.subarray(0, chunk.lastIndexOf(LF) + 1)) && !chunk.includes(0) && !chunk.includes(1) && !chunk.includes(CR)
}

/** What DuckDB cannot even read as a line of text. Control characters are not allowed in JSON outside escapes. */
function plainProblem(json: Buffer, encoding: string): string | null {
  if (!isUtf8(json)) return notText(encoding)
  return json.includes(0) || json.includes(1) || json.includes(CR) ? CONTROL_CHARACTER : null
}

/** Why a record is rejected that holds bytes which are no text. */
export function notText(encoding: string): string {
  return `bytes that are not ${encoding === 'utf-8' ? 'UTF-8' : encoding} text, shown as \\x..`
}

/** Text of a record that cannot be staged as it is. */
export function oneLine(bytes: Buffer): string {
  return printableBytes(bytes).replaceAll(/\p{Cc}/gu, ' ')
}

/** Whether a last line without an end is a value that was begun and not ended. What is wrong with a whole one is for the parser that reads it. */
export function isCutLine(line: Buffer): boolean {
  const text = Buffer.from(line.toString('latin1').trim(), 'latin1')
  const scanner = new JsonValueScanner()
  if (text.length === 0) return false
  if (scanner.begin(text[0] ?? 0) && !scanner.isScalar) return scanner.scan(text, 0) < text.length || !scanner.isDone
  return !isJson(text)
}

function isJson(text: Buffer): boolean {
  try {
    JSON.parse(text.toString('utf8'))
    return true
  } catch {
    return false
  }
}
