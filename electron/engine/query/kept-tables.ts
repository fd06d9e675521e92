import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Duck } from './duckdb.ts'
import { createShared, type Shared } from './shared-work.ts'

/** A table of the reader's instance that several callers wait for. */
export interface KeptTable<T> {
  table: string
  work: Shared<T>
}

/** Tables that are computed once for a key; those that were used last are kept. */
export interface KeptTables<T> {
  /** The table, made if it is not there. `rows`: how many it takes of the room, until they are counted. */
  of(key: string, compute: (duck: Duck, table: string, signal: AbortSignal) => Promise<T>, rows?: number): KeptTable<T>
  /** Whether it is there without waiting. */
  isReady(key: string): boolean
  isKnown(key: string): boolean
}

interface KeptTablesOptions<T> {
  /** Gives connections to the instance that keeps the tables. */
  open: () => Promise<Duck>
  /** Beginning of the tables' names. */
  name: string
  max: number
  /** Rows over all of them; without it, each counts as one. */
  maxRows?: number
  /** Rows of a table that is made, where they are not known before. */
  rowsOf?: (result: T) => number
}

interface Entry<T> extends KeptTable<T> {
  isReady: boolean
}

export function createKeptTables<T>({ open, name, max, maxRows = max, rowsOf }: KeptTablesOptions<T>): KeptTables<T> {
  const drop = async ({ table }: KeptTable<T>): Promise<void> => {
    using duck = await open()
    await duck.run(`DROP TABLE IF EXISTS ${table}`)
  }
  const kept = new LRUCache<string, Entry<T>>({
    max,
    maxSize: maxRows,
    maxEntrySize: Number.MAX_SAFE_INTEGER,
    // A page that still reads the table keeps its snapshot; the table goes when the work on it is done.
    dispose: (entry) => void entry.work.settled.then(() => drop(entry)),
  })
  const sizeOf = (rows: number): { size: number } => ({ size: Math.min(maxRows, Math.max(1, rows)) })

  return {
    of(key, compute, rows = 1) {
      const known = kept.get(key)
      if (known !== undefined && !known.work.isAbandoned()) return known
      const table = `${name}_${randomUUID().replaceAll('-', '')}`
      const work = createShared(async (signal) => {
        using duck = await open()
        const result = await compute(duck, table, signal)
        if (rowsOf !== undefined && kept.peek(key) === entry) kept.set(key, entry, sizeOf(rowsOf(result)))
        return result
      })
      const entry: Entry<T> = { table, work, isReady: false }
      kept.set(key, entry, sizeOf(rows))
      void work.settled.then((succeeded) => {
        entry.isReady = succeeded
        if (!succeeded && kept.peek(key) === entry) kept.delete(key)
      })
      return entry
    },
    isReady: (key) => kept.peek(key)?.isReady === true,
    isKnown: (key) => kept.has(key),
  }
}
