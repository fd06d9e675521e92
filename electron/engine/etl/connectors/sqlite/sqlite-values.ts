import type { TableSink } from '../table/table-stager.ts'
import { KIND, kindOfBigInt, numberText } from '../table/value-kinds.ts'

/**
 * What a column's declared type promises (https://www.sqlite.org/datatype3.html, 3.1). SQLite keeps any value in any column; only a
 * declaration of whole numbers, numbers, text or bytes says what belongs there. Null: as its values are.
 */
export function promisedType(declared: string | null): string | null {
  const type = (declared ?? '').toUpperCase()
  if (type.includes('INT')) return 'BIGINT'
  if (/CHAR|CLOB|TEXT/.test(type)) return 'VARCHAR'
  if (type.includes('BLOB')) return 'BLOB'
  return /REAL|FLOA|DOUB/.test(type) ? 'DOUBLE' : null
}

export interface SqliteColumn {
  position: number
  /** Declared by the source, else promised by the table. */
  type: string | null
}

/** One value of a row to its column; what the column cannot hold sends the row to quarantine. */
export function takeValue(sink: TableSink, { position, type }: SqliteColumn, value: unknown): void {
  if (value === null || value === undefined) return
  if (Buffer.isBuffer(value)) {
    if (type === null || type === 'BLOB') return sink.set(position, value.toString('hex'), KIND.blob)
    return sink.refuse(position, `it holds ${value.length} bytes, which do not fit ${type}`)
  }
  if (type === 'BLOB') return sink.refuse(position, `"${String(value).slice(0, SHOWN_LENGTH)}" does not fit BLOB`)
  if (type === 'BOOLEAN' && isTruth(value)) return sink.set(position, String(Number(value) === 1), KIND.boolean)
  if (typeof value === 'bigint') return sink.set(position, value.toString(), kindOfBigInt(value))
  if (typeof value === 'number') {
    const { text } = numberText(value)
    // Whole as it may be, it was kept as a floating-point number.
    return sink.set(position, text, KIND.double)
  }
  sink.set(position, String(value), KIND.text)
}

/** "Boolean values are stored as integers 0 (false) and 1 (true)" (datatype3.html, 2.1). */
function isTruth(value: unknown): boolean {
  return (typeof value === 'number' || typeof value === 'bigint') && (Number(value) === 0 || Number(value) === 1)
}

const SHOWN_LENGTH = 80
