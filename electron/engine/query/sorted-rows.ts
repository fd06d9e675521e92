import { ProblemError, toProblem } from '../../../shared/domain/problem.ts'
import type { Filter, Sort } from '../../../shared/domain/table-query.ts'
import type { CopyDir } from '../workers/copy.wire.ts'
import type { VersionSource } from '../workers/wire.ts'
import type { KeptOrder } from './copies/kept-order.ts'
import type { Duck } from './duckdb.ts'
import { orderSql } from './filter-sql.ts'
import { filterWhere } from './filter-where.ts'
import { maskedNames } from './mask-sql.ts'
import { createRowOrders, type RowOrder, type RowOrdersParts } from './row-orders.ts'
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
  /** Another query is asked for: an order that is made ahead for what was looked at before gives way to it. */
  giveWay(query: Ordered): void
}

/** Up to this depth DuckDB's top-N is quicker than a full order. */
const TOP_N_ROWS = 10_000

export function createSortedRows(parts: RowOrdersParts): SortedRows {
  const orders = createRowOrders(parts)
  const orderOf = async (duck: Duck, query: Ordered, signal: AbortSignal): Promise<RowOrder> => {
    const where = await filterWhere(duck, query.filter, { columns: query.source.columns, signal })
    return orders.of({ key: orderKey(query), sql: placesSql(query, where), rowCount: query.source.rowCount, kept: keptOrder(query) })
  }
  const ahead = createAhead(parts, { isKnown: orders.isKnown, make: async (duck, query, signal) => (await orderOf(duck, query, signal)).work.wait(signal) })
  return {
    async places(duck, query, signal) {
      const { offset, limit } = query
      if (!orders.isReady(orderKey(query)) && offset + limit <= TOP_N_ROWS) {
        const where = await filterWhere(duck, query.filter, { columns: query.source.columns, signal })
        return readPlaces(await duck.rows(`${placesSql(query, where)} LIMIT ${limit} OFFSET ${offset}`, signal))
      }
      const order = await orderOf(duck, query, signal)
      await order.work.wait(signal)
      const range = `rowid >= ${offset} AND rowid < ${offset + limit}`
      return readPlaces(await duck.rows(`SELECT part, "row" FROM ${order.table} WHERE ${range} ORDER BY rowid`, signal))
    },
    async positions(duck, query, signal) {
      if (query.sort.length === 0 && query.filter.length === 0) return null
      const order = await orderOf(duck, query, signal)
      await order.work.wait(signal)
      return `SELECT part, "row", rowid AS pos FROM ${order.table}`
    },
    ...ahead,
  }
}

interface AheadParts {
  isKnown(key: string): boolean
  make(duck: Duck, query: Ordered, signal: AbortSignal): Promise<void>
}

/** Makes one order at a time while nobody waits for it: the one that was asked for last. */
function createAhead({ open, log }: RowOrdersParts, { isKnown, make }: AheadParts): Pick<SortedRows, 'prepare' | 'giveWay'> {
  let current: { key: string; controller: AbortController } | null = null
  const begin = async (query: Ordered, signal: AbortSignal): Promise<void> => {
    using duck = await open()
    await make(duck, query, signal)
  }
  const giveWay: SortedRows['giveWay'] = (query) => {
    if (current !== null && current.key !== orderKey(query)) current.controller.abort(new ProblemError('CANCELLED', 'Another order is wanted'))
  }
  const prepare: SortedRows['prepare'] = (query) => {
    const key = orderKey(query)
    if (current?.key === key || isKnown(key)) return
    giveWay(query)
    const started = { key, controller: new AbortController() }
    current = started
    const { signal } = started.controller
    begin(query, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) log(`An order could not be made ahead: ${toProblem(error).message}`)
      })
      .finally(() => {
        if (current === started) current = null
      })
  }
  return { prepare, giveWay }
}

/** Null: its order is made again by the next reader. */
function keptOrder(query: Ordered): KeptOrder | null {
  const { copyDir = null } = query
  if (copyDir === null) return null
  return { copyDir, key: orderKey(query), rowCount: query.filter.length === 0 ? query.source.rowCount : null }
}

/** Parts never change, so their paths name the rows; sort and filter the order; and what is masked, whose order that is. */
export function orderKey({ source, sort, filter }: Ordered): string {
  return JSON.stringify([source.parts.map((part) => part.path), source.rejectsPath, sort, filter, maskedNames(source)])
}

function placesSql({ source, sort }: Ordered, where: string): string {
  // Unsorted, DuckDB keeps the order of the source.
  const order = sort.length === 0 ? '' : `ORDER BY ${orderSql(sort, source.columns)}`
  // Narrow before they are sorted: the order takes a fifth less.
  const narrow = 'REPLACE ("__part"::USMALLINT AS "__part", "__row"::UINTEGER AS "__row")'
  return `SELECT "__part" AS part, "__row" AS "row" FROM (SELECT * ${narrow} FROM (${numberedRelation(source)})) WHERE ${where} ${order}`
}

function readPlaces(rows: Record<string, unknown>[]): RowPlace[] {
  return rows.map((row) => ({ part: Number(row['part']), row: Number(row['row']) }))
}
