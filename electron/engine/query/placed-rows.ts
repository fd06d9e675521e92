import { LRUCache } from 'lru-cache'
import { createRowCopies } from './copies/row-copies.ts'
import type { RowCopy } from './copies/row-copy.ts'
import type { Duck } from './duckdb.ts'
import { readJson } from './read-json.ts'
import { partStarts } from './part-starts.ts'
import type { RowOrdersParts } from './row-orders.ts'
import { createShared, type Shared } from './shared-work.ts'
import { createSortedRows, orderKey, type RowPlace, type SortedQuery, type SortedRows } from './sorted-rows.ts'
import { numberedRanges } from './version-relation.ts'
import type { VersionSource } from '../workers/wire.ts'

/** Rows of sorted and filtered pages: their places first, then the rows at these places. */

export interface PlacedQuery extends SortedQuery {
  /** SQL of a row as JSON text. */
  cells: string
  /** The cells of all columns, as a copy has them. */
  isWhole: boolean
}

export interface PlacedRows extends Pick<SortedRows, 'positions'> {
  read(query: PlacedQuery, signal: AbortSignal): Promise<string[]>
  /** A copy that has the rows as they are asked for; null where there is none. */
  copyOf(query: Pick<PlacedQuery, 'source' | 'isWhole' | 'copyDir'>): Promise<RowCopy | null>
}

/**
 * Rows scattered over a version cost about the same whether 200 or 5,000 of them are fetched, because every row group is opened anyway.
 * So they are fetched in blocks, and the pages next to one asked for are there already.
 */
const BLOCK_ROWS = 2_000
const MAX_KEPT_CHARS = 64_000_000

export function createPlacedRows({ open, log }: RowOrdersParts): PlacedRows {
  const sortedRows = createSortedRows({ open, log })
  const copies = createRowCopies()
  const copyOf: PlacedRows['copyOf'] = async ({ source, isWhole, copyDir = null }) => (isWhole ? copies.of(source, copyDir) : null)
  const blocks = new LRUCache<string, Shared<string[]>>({ maxSize: MAX_KEPT_CHARS })

  const fetch = async (query: PlacedQuery, signal: AbortSignal): Promise<string[]> => {
    using duck = await open()
    return await fetchPlaces(duck, query, { places: await sortedRows.places(duck, query, signal), signal })
  }
  const blockOf = (query: PlacedQuery): Shared<string[]> => {
    const key = JSON.stringify([orderKey(query), query.cells, query.offset])
    const known = blocks.get(key)
    if (known !== undefined && !known.isAbandoned()) return known
    const work = createShared(async (signal) => {
      const rows = await fetch(query, signal)
      blocks.set(key, work, { size: 1 + rows.reduce((sum, row) => sum + row.length, 0) })
      return rows
    })
    blocks.set(key, work, { size: 1 })
    void work.settled.then((succeeded) => {
      if (!succeeded && blocks.peek(key) === work) blocks.delete(key)
    })
    return work
  }

  /** By the copy, where it has these cells; else from the parts. */
  const fromCopy = async (query: PlacedQuery, signal: AbortSignal): Promise<string[] | null> => {
    const copy = await copyOf(query)
    if (copy === null) return null
    using duck = await open()
    return copy.read(positionsOf(query.source, await sortedRows.places(duck, query, signal)))
  }
  const fromParts = async (query: PlacedQuery, signal: AbortSignal): Promise<string[]> => {
    const { offset, limit } = query
    if (limit > BLOCK_ROWS) return fetch(query, signal)
    const first = Math.floor(offset / BLOCK_ROWS) * BLOCK_ROWS
    const starts = offset + limit <= first + BLOCK_ROWS ? [first] : [first, first + BLOCK_ROWS]
    const parts = await Promise.all(starts.map((start) => blockOf({ ...query, offset: start, limit: BLOCK_ROWS }).wait(signal)))
    return parts.flat().slice(offset - first, offset - first + limit)
  }

  return {
    positions: sortedRows.positions,
    copyOf,
    async read(query, signal) {
      sortedRows.giveWay(query)
      const rows = (await fromCopy(query, signal)) ?? (await fromParts(query, signal))
      // Who has seen the first page of a large table scrolls on; not at the same time, so that the page comes first.
      if ((query.copyDir ?? null) !== null) sortedRows.prepare(query)
      return rows
    },
  }
}

function positionsOf(source: VersionSource, places: readonly RowPlace[]): number[] {
  const starts = partStarts(source)
  return places.map(({ part, row }) => (starts[part] ?? Number.NaN) + row)
}

/** The rows at these places, in their order. Only the parts concerned are read, and by a literal list, which DuckDB prunes with. */
async function fetchPlaces(duck: Duck, { source, cells }: PlacedQuery, { places, signal }: { places: RowPlace[]; signal: AbortSignal }): Promise<string[]> {
  if (places.length === 0) return []
  const byPart = Map.groupBy(places, (place) => place.part)
  const selects = [...byPart].flatMap(([index, wanted]) => {
    const part = source.parts[index]
    if (part === undefined) return []
    const rows = wanted.map((place) => place.row).toSorted((a, b) => a - b)
    const range = { part, from: rows[0] ?? 0, to: rows.at(-1) ?? 0 }
    return [`SELECT "__part" || ':' || "__row" || ':' || ${cells} AS r FROM (${numberedRanges(source, [range])}) WHERE "__row" IN (${rows.join(', ')})`]
  })
  const found = new Map((await readJson(duck, selects.join(' UNION ALL '), signal)).map((text) => splitPlace(text)))
  return places.flatMap(({ part, row }) => found.get(`${part}:${row}`) ?? [])
}

function splitPlace(text: string): [string, string] {
  const end = text.indexOf(':', text.indexOf(':') + 1)
  return [text.slice(0, end), text.slice(end + 1)]
}
