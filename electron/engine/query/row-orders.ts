import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { keepOrder, type KeptOrder, takeKeptOrder } from './copies/kept-order.ts'
import type { Duck } from './duckdb.ts'
import { createShared, type Shared } from './shared-work.ts'

/** Whole orders of places, as tables of the reader's instance: those that were used last, and beside a large version as files too. */
export interface RowOrders {
  /** The order, made if it is not there. */
  of(request: OrderRequest): RowOrder
  /** Whether the next page has it without waiting. */
  isReady(key: string): boolean
  isKnown(key: string): boolean
}

export interface RowOrder {
  table: string
  work: Shared<void>
}

interface OrderRequest {
  key: string
  /** SELECT of `part` and `row` in the order. */
  sql: string
  rowCount: number
  /** Null: it is made again by the next reader. */
  kept: KeptOrder | null
}

export interface RowOrdersParts {
  /** Gives connections to the instance that keeps the orders. */
  open: () => Promise<Duck>
  log: (text: string) => void
}

/** Rows over all kept orders; about 11 bytes of DuckDB's memory each, which it may spill. */
const MAX_KEPT_ROWS = 30_000_000
const MAX_KEPT_ORDERS = 8

interface Entry extends RowOrder {
  rowCount: number
  isReady: boolean
}

export function createRowOrders({ open, log }: RowOrdersParts): RowOrders {
  const drop = async ({ table }: RowOrder): Promise<void> => {
    using duck = await open()
    await duck.run(`DROP TABLE IF EXISTS ${table}`)
  }
  const orders = new LRUCache<string, Entry>({
    max: MAX_KEPT_ORDERS,
    maxSize: MAX_KEPT_ROWS,
    maxEntrySize: Number.MAX_SAFE_INTEGER,
    sizeCalculation: ({ rowCount }) => Math.min(MAX_KEPT_ROWS, Math.max(1, rowCount)),
    // A page that still reads the order keeps its snapshot; the table goes when the work on it is done.
    dispose: (order) => void order.work.settled.then(() => drop(order)),
  })
  const keepAside = async (table: string, kept: KeptOrder): Promise<void> => {
    using duck = await open()
    await keepOrder(duck, table, { kept, log })
  }

  return {
    of({ key, sql, rowCount, kept }) {
      const known = orders.get(key)
      if (known !== undefined && !known.work.isAbandoned()) return known
      const table = `row_order_${randomUUID().replaceAll('-', '')}`
      const work = createShared(async (signal) => {
        using duck = await open()
        if (kept !== null && (await takeKeptOrder(duck, table, { kept, signal, log }))) return
        await duck.run(`CREATE TABLE ${table} AS ${sql}`, signal)
        if (kept !== null) void keepAside(table, kept)
      })
      const order: Entry = { table, rowCount, work, isReady: false }
      orders.set(key, order)
      void work.settled.then((succeeded) => {
        order.isReady = succeeded
        if (!succeeded && orders.get(key) === order) orders.delete(key)
      })
      return order
    },
    isReady: (key) => orders.peek(key)?.isReady === true,
    isKnown: (key) => orders.has(key),
  }
}
