import { problemSchema, type Problem } from '../../../shared/domain/problem.ts'

/** Readers of single cells of an SQLite row: the edge between the ledger's file and the types. */

type Row = Readonly<Record<string, unknown>>

export function int(row: Row, key: string): number {
  const value = row[key]
  if (typeof value === 'number') return value
  throw new TypeError(`ledger: ${key} is ${typeof value}, expected a number`)
}

export function intOrNull(row: Row, key: string): number | null {
  return row[key] === null || row[key] === undefined ? null : int(row, key)
}

export function text(row: Row, key: string): string {
  const value = row[key]
  if (typeof value === 'string') return value
  throw new TypeError(`ledger: ${key} is ${typeof value}, expected text`)
}

export function textOrNull(row: Row, key: string): string | null {
  return row[key] === null || row[key] === undefined ? null : text(row, key)
}

export function bool(row: Row, key: string): boolean {
  return int(row, key) !== 0
}

export function json(row: Row, key: string): unknown {
  return JSON.parse(text(row, key))
}

export function problemOrNull(row: Row, key: string): Problem | null {
  return row[key] === null || row[key] === undefined ? null : problemSchema.parse(json(row, key))
}

/** Milliseconds to the contract's ISO text. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

export function isoOrNull(row: Row, key: string): string | null {
  const ms = intOrNull(row, key)
  return ms === null ? null : isoTime(ms)
}
