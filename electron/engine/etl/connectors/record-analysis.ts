import { unreadable } from '../source-problem.ts'
import type { ExtractJob } from './connector.ts'
import { inferColumns, type RecordColumn, seenValues } from './infer-columns.ts'
import { goodRecords, IS_RECORD } from './record-rejects.ts'
import type { RecordShapes } from './record-splitter.ts'

/** What a table can have: beyond it, memory goes to the columns instead of the rows. */
export const MAX_COLUMNS = 4_096

/** Rows of keys that are looked at in one piece; where there are more, there are too many anyway. */
const MAX_FOUND = 5 * MAX_COLUMNS

/** More than a file has records. */
const FILE_RECORDS = 1_000_000_000_000n
/** The number of a record that is not known: behind all others of its file. */
export const UNKNOWN_RECORD = 999_999_999_999

/** Where a key was first seen: which record of which file, and where in it. */
interface Place {
  record: bigint
  at: number
}

/**
 * Finds the keys of all records and what their values are, piece by piece, so that it goes on while the next piece is still being cut out
 * of its file.
 */
export class RecordAnalysis implements RecordShapes {
  /** All that was added, and of that what is no record. */
  records = 0
  bad = 0
  readonly #job: ExtractJob
  readonly #places = new Map<string, Place>()
  readonly #seen = new Map<string, number>()

  constructor(job: ExtractJob) {
    this.#job = job
  }

  /** @param relation with file, record, reason, json */
  async add(relation: string): Promise<void> {
    const { duck, signal, source } = this.#job
    const { records, bad } = await this.place(relation)
    this.records += records
    this.bad += bad
    this.#refuseTooMany()
    const declared = new Set(Object.keys(source.columns))
    const open = this.keys().filter((key) => !declared.has(key))
    const seen = await seenValues(duck, { records: goodRecords(relation, bad === 0), keys: open, signal })
    for (const [key, values] of seen) this.#seen.set(key, (this.#seen.get(key) ?? 0) | values)
  }

  /** A key that came as the nth of a record of a file. */
  placeAt(key: string, { file, record, nth }: { file: number; record: number; nth: number }): void {
    this.#note(key, { record: BigInt(file) * FILE_RECORDS + BigInt(record), at: nth })
  }

  note(key: string, seen: number): void {
    if (!this.#places.has(key)) {
      this.#places.set(key, { record: BigInt(this.#places.size), at: 0 })
      this.#refuseTooMany()
    }
    this.#seen.set(key, (this.#seen.get(key) ?? 0) | seen)
  }

  noteBad(): void {
    this.bad++
  }

  #refuseTooMany(): void {
    if (this.#places.size <= MAX_COLUMNS) return
    throw unreadable(`the records have ${this.#places.size.toLocaleString('en')} different keys or more; at most ${MAX_COLUMNS.toLocaleString('en')} can be columns`, { file: this.#job.source.name, hint: 'Keys that hold data belong one level deeper: set the record path' })
  }

  /** Notes where the keys of records come first. */
  async place(relation: string): Promise<{ records: number; bad: number }> {
    const rows = await this.#job.duck.rows(
      `WITH shapes AS (
        SELECT keys, min(file * ${FILE_RECORDS} + record) AS first, count(*) AS n
        FROM (SELECT file::HUGEINT AS file, record, CASE WHEN ${IS_RECORD} THEN json_keys(json) END AS keys FROM ${relation}) GROUP BY keys)
      SELECT NULL AS key, NULL AS record, NULL AS nth, coalesce(sum(n), 0)::DOUBLE AS n, coalesce(sum(n) FILTER (keys IS NULL), 0)::DOUBLE AS bad FROM shapes
      UNION ALL
      (SELECT key, place.r::VARCHAR, place.p::INTEGER, 0, 0 FROM (
        SELECT key, min({r: first, p: nth}) AS place FROM (SELECT unnest(keys) AS key, generate_subscripts(keys, 1) AS nth, first FROM shapes) GROUP BY key LIMIT ${MAX_FOUND}))`,
      this.#job.signal,
    )
    const total = rows.find((row) => row['key'] === null)
    for (const row of rows) if (row['key'] !== null) this.#note(String(row['key']), { record: BigInt(String(row['record'])), at: Number(row['nth']) })
    return { records: Number(total?.['n'] ?? 0), bad: Number(total?.['bad'] ?? 0) }
  }

  /** Whether a key came first in a record whose number was not known. */
  get hasUnplaced(): boolean {
    return [...this.#places.values()].some(({ record }) => record % FILE_RECORDS === BigInt(UNKNOWN_RECORD))
  }

  #note(key: string, place: Place): void {
    const before = this.#places.get(key)
    if (before === undefined || isBefore(place, before)) this.#places.set(key, place)
  }

  /** In the order of their first appearance. */
  keys(): string[] {
    return [...this.#places].toSorted(([key, a], [other, b]) => (isBefore(a, b) ? -1 : isBefore(b, a) ? 1 : key < other ? -1 : 1)).map(([key]) => key)
  }

  /** @param names instead of the keys that were found, where they are declared */
  columns(names: readonly string[] = this.keys()): RecordColumn[] {
    if (names.some((name) => name.includes('\0'))) throw unreadable('a key of the records holds a zero byte', { file: this.#job.source.name, hint: 'Mend the file: such a key cannot be a column' })
    return inferColumns({ keys: names, declared: this.#job.source.columns, seen: this.#seen })
  }
}

function isBefore(a: Place, b: Place): boolean {
  return a.record === b.record ? a.at < b.at : a.record < b.record
}
