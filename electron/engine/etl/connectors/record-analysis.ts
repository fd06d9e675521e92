import { unreadable } from '../source-problem.ts'
import type { ExtractJob } from './connector.ts'
import { inferColumns, type RecordColumn, seenValues } from './infer-columns.ts'
import { goodRecords, IS_RECORD } from './record-rejects.ts'

/** What a table can have: beyond it, memory goes to the columns instead of the rows. */
export const MAX_COLUMNS = 4_096

/** Rows of keys that are looked at in one piece; where there are more, there are too many anyway. */
const MAX_FOUND = 5 * MAX_COLUMNS

/** Where a key was first seen: which record of which file, and where in it. */
interface Place {
  record: bigint
  at: number
}

/**
 * Finds the keys of all records and what their values are, piece by piece, so that it goes on while the next piece is still being cut out
 * of its file.
 */
export class RecordAnalysis {
  /** Lines and values that are no records. */
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
    const rows = await duck.rows(
      `WITH shapes AS (
        SELECT keys, min(file * 1000000000000 + record) AS first, count(*) AS n
        FROM (SELECT file::HUGEINT AS file, record, CASE WHEN ${IS_RECORD} THEN json_keys(json) END AS keys FROM ${relation}) GROUP BY keys)
      SELECT NULL AS key, NULL AS record, NULL AS nth, coalesce(sum(n), 0)::DOUBLE AS bad FROM shapes WHERE keys IS NULL
      UNION ALL
      (SELECT key, place.r::VARCHAR, place.p::INTEGER, 0 FROM (
        SELECT key, min({r: first, p: nth}) AS place FROM (SELECT unnest(keys) AS key, generate_subscripts(keys, 1) AS nth, first FROM shapes) GROUP BY key LIMIT ${MAX_FOUND}))`,
      signal,
    )
    let bad = 0
    for (const row of rows) {
      if (row['key'] === null) bad += Number(row['bad'])
      else this.#note(String(row['key']), { record: BigInt(String(row['record'])), at: Number(row['nth']) })
    }
    this.bad += bad
    if (this.#places.size > MAX_COLUMNS) {
      throw unreadable(`the records have ${this.#places.size} different keys or more; at most ${MAX_COLUMNS} can be columns`, { file: source.name, hint: 'Keys that hold data belong one level deeper: set the record path' })
    }
    const declared = new Set(Object.keys(source.columns))
    const open = this.keys().filter((key) => !declared.has(key))
    const seen = await seenValues(duck, { records: goodRecords(relation, bad === 0), keys: open, signal })
    for (const [key, values] of seen) this.#seen.set(key, (this.#seen.get(key) ?? 0) | values)
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
