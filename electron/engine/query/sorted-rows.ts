import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { Filter, Sort } from '../../../shared/domain/table-query.ts'
import type { CopyDir } from '../workers/copy.wire.ts'
import type { VersionSource } from '../workers/wire.ts'
import { keepOrder, type KeptOrder, takeKeptOrder } from './copies/kept-order.ts'
import type { Duck } from './duckdb.ts'
import { orderSql } from './filter-sql.ts'
import { filterWhere } from './filter-where.ts'
import { createShared, type Shared } from './shared-work.ts'
import { numberedRelation } from './version-relation.ts'

/**
 * Which rows a sorted or filtered page shows. Ordering keys and places alone is several times cheaper than ordering whole rows. Near the top
 * a top-N does; further down the whole order is kept as a table of places, so that scrolling on costs milliseconds at any depth.
 */

export interface RowPlace {
  part: number
  row: number
}

export interface SortedQuery {
  source: VersionSource
  sort: Sort[]
  filter: Filter[]
  offset: number
  limit: number
  /** Where its order is kept; none: with the reader only. */
  copyDir?: CopyDir
}

type Ordered = Omit<SortedQuery, 'offset' | 'limit'>

export interface SortedRows {
  places(duck: Duck, query: SortedQuery, signal: AbortSignal): Promise<RowPlace[]>
  /** A SELECT of every row's place, `part` and `row`, with its number among those shown, `pos`, from 0; null: all are shown as the version has them. */
  positions(duck: Duck, query: Ordered, signal: AbortSignal): Promise<string | null>
  /** Makes the whole order while nobody waits for it, so that the next page has it. The last one that was asked for replaces the one before. */
  prepare(query: Ordered): void
}

/** Up to this depth DuckDB's top-N is quicker than a full order. */
const TOP_N_ROWS = 10_000
/** Rows over all kept orders; about 11 bytes of DuckDB's memory each, which it may spill. */
const MAX_KEPT_ROWS = 30_000_000
const MAX_KEPT_ORDERS = 8

interface Order {
  table: string
  rowCount: number
  work: Shared<void>
}

export interface SortedRowsParts {
  /** Gives connections to the instance that keeps the orders. */
  open: () => Promise<Duck>
  log: (text: string) => void
}

export function createSortedRows({ open, log }: SortedRowsParts): SortedRows {
  let prepared: { key: string; controller: AbortController } | null = null
  const drop = async ({ table }: Order): Promise<void> => {
    using duck = await open()
    await duck.run(`DROP TABLE IF EXISTS ${table}`)
  }
  const orders = new LRUCache<string, Order>({
    max: MAX_KEPT_ORDERS,
    maxSize: MAX_KEPT_ROWS,
    maxEntrySize: Number.MAX_SAFE_INTEGER,
    sizeCalculation: (order) => Math.min(MAX_KEPT_ROWS, Math.max(1, order.rowCount)),
    // A page that still reads the order keeps its snapshot; the table goes when the work on it is done.
    dispose: (order) => void order.work.settled.then(() => drop(order)),
  })

  const keepAside = async (table: string, kept: KeptOrder): Promise<void> => {
    using duck = await open()
    await keepOrder(duck, table, { kept, log })
  }

  function orderOf(query: Ordered, where: string): Order {
    const key = orderKey(query)
    const known = orders.get(key)
    if (known !== undefined && !known.work.isAbandoned()) return known
    const table = `row_order_${randomUUID().replaceAll('-', '')}`
    const work = createShared(async (signal) => {
      using duck = await open()
      const kept = keptOrder(query)
      if (kept !== null && (await takeKeptOrder(duck, table, { kept, signal, log }))) return
      await duck.run(`CREATE TABLE ${table} AS ${placesSql(query, where)}`, signal)
      if (kept !== null) void keepAside(table, kept)
    })
    const order = { table, rowCount: query.source.rowCount, work }
    orders.set(key, order)
    void work.settled.then((succeeded) => {
      if (!succeeded && orders.get(key) === order) orders.delete(key)
    })
    return order
  }

  return {
    async places(duck, query, signal) {
      const { offset, limit } = query
      const where = await filterWhere(duck, query.filter, { columns: query.source.columns, signal })
      const isKept = orders.has(orderKey(query))
      if (!isKept && offset + limit <= TOP_N_ROWS) {
        return readPlaces(await duck.rows(`${placesSql(query, where)} LIMIT ${limit} OFFSET ${offset}`, signal))
      }
      const order = orderOf(query, where)
      await order.work.wait(signal)
      const range = `rowid >= ${offset} AND rowid < ${offset + limit}`
      return readPlaces(await duck.rows(`SELECT part, "row" FROM ${order.table} WHERE ${range} ORDER BY rowid`, signal))
    },
    async positions(duck, query, signal) {
      if (query.sort.length === 0 && query.filter.length === 0) return null
      const order = orderOf(query, await filterWhere(duck, query.filter, { columns: query.source.columns, signal }))
      await order.work.wait(signal)
      return `SELECT part, "row", rowid AS pos FROM ${order.table}`
    },
    prepare(query) {
      const key = orderKey(query)
      if (prepared?.key === key || orders.has(key)) return
      prepared?.controller.abort(new ProblemError('CANCELLED', 'Another order is wanted'))
      const controller = new AbortController()
      prepared = { key, controller }
      const make = async (): Promise<void> => {
        using duck = await open()
        await orderOf(query, await filterWhere(duck, query.filter, { columns: query.source.columns, signal: controller.signal })).work.wait(controller.signal)
      }
      make()
        .catch((error: unknown) => {
          if (!controller.signal.aborted) log(`An order could not be made ahead: ${toProblem(error).message}`)
        })
        .finally(() => {
          if (prepared?.controller === controller) prepared = null
        })
    },
  }
}

/** Null: its order is made again by the next reader. */
function keptOrder(query: Ordered): KeptOrder | null {
  const { copyDir = null } = query
  if (copyDir === null) return null
  return { copyDir, key: orderKey(query), rowCount: query.filter.length === 0 ? query.source.rowCount : null }
}

/** Parts never change, so their paths name the rows; sort and filter the order. */
export function orderKey({ source, sort, filter }: Ordered): string {
  return JSON.stringify([source.parts.map((part) => part.path), source.rejectsPath, sort, filter])
}

function placesSql({ source, sort }: Ordered, where: string): string {
  // Unsorted, DuckDB keeps the order of the source.
  const order = sort.length === 0 ? '' : `ORDER BY ${orderSql(sort, source.columns)}`
  return `SELECT "__part"::USMALLINT AS part, "__row"::UINTEGER AS "row" FROM (${numberedRelation(source)})
    WHERE ${where} ${order}`
}

function readPlaces(rows: Record<string, unknown>[]): RowPlace[] {
  return rows.map((row) => ({ part: Number(row['part']), row: Number(row['row']) }))
}
