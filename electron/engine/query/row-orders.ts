import { keepOrder, type KeptOrder, takeKeptOrder } from './copies/kept-order.ts'
import type { Duck } from './duckdb.ts'
import { createKeptTables, type KeptTable } from './kept-tables.ts'

/** Whole orders of places, as tables of the reader's instance: those that were used last, and beside a large version as files too. */
export interface RowOrders {
  /** The order, made if it is not there. */
  of(request: OrderRequest): RowOrder
  /** Whether the next page has it without waiting. */
  isReady(key: string): boolean
  isKnown(key: string): boolean
}

export type RowOrder = KeptTable<void>

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

export function createRowOrders({ open, log }: RowOrdersParts): RowOrders {
  const orders = createKeptTables<void>({ open, name: 'row_order', max: MAX_KEPT_ORDERS, maxRows: MAX_KEPT_ROWS })
  const keepAside = async (table: string, kept: KeptOrder): Promise<void> => {
    using duck = await open()
    await keepOrder(duck, table, { kept, log })
  }

  return {
    of: ({ key, sql, rowCount, kept }) =>
      orders.of(key, async (duck, table, signal) => {
        if (kept !== null && (await takeKeptOrder(duck, table, { kept, signal, log }))) return
        await duck.run(`CREATE TABLE ${table} AS ${sql}`, signal)
        if (kept !== null) void keepAside(table, kept)
      }, rowCount),
    isReady: orders.isReady,
    isKnown: orders.isKnown,
  }
}
