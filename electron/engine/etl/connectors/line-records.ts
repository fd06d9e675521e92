import { isUtf8 } from 'node:buffer'
import { hasStandIns, printableStandIns, textWithStandIns } from '../encodings/bad-bytes.ts'
import { notText } from './ndjson-splitter.ts'
import type { RecordSink } from './record-stager.ts'

/** A record that was cut out of lines of text, with what is wrong with it. */
export interface LineRecord {
  /** Physical line at which it begins, from 1. */
  line: number
  /** As it was delivered. */
  raw: string
  fields: readonly (string | null)[]
  problem: string | null
}

export interface LineRecordRules {
  columns: readonly string[]
  encoding: string
  /** What becomes of records with fewer fields than there are columns. */
  ragged: 'fill' | 'reject'
}

export function lineText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : textWithStandIns(bytes)
}

const NEEDS_ESCAPE = /["\\\p{Cc}\p{Cs}]/u

/** Hands records of lines to a sink: as JSON objects, or with the reason why not. */
export class LineRecordWriter {
  readonly #sink: RecordSink
  readonly #rules: LineRecordRules
  readonly #keys: readonly string[]

  constructor(sink: RecordSink, rules: LineRecordRules) {
    this.#sink = sink
    this.#rules = rules
    this.#keys = rules.columns.map((name) => JSON.stringify(name))
  }

  add(record: LineRecord): void {
    const reason = this.#reason(record)
    const json = reason === null ? this.#json(record.fields) : JSON.stringify(printableStandIns(record.raw).replaceAll('\0', '\\x00'))
    this.#sink.add({ line: record.line, json, reason, text: record.raw })
  }

  #reason({ raw, fields, problem }: LineRecord): string | null {
    const { columns, encoding, ragged } = this.#rules
    if (hasStandIns(raw)) return notText(encoding)
    if (raw.includes('\0')) return 'a zero byte in the record, shown as \\x00'
    if (problem !== null) return problem
    if (fields.length > columns.length) return `${fields.length} fields, but there are ${columns.length} columns`
    return fields.length < columns.length && ragged === 'reject' ? `${fields.length} fields, but there are ${columns.length} columns; with ragged: fill the rest is empty` : null
  }

  #json(fields: readonly (string | null)[]): string {
    const members = this.#keys.map((key, index) => {
      const value = fields[index] ?? null
      return `${key}:${value === null ? 'null' : NEEDS_ESCAPE.test(value) ? JSON.stringify(value) : `"${value}"`}`
    })
    return `{${members.join(',')}}`
  }
}
