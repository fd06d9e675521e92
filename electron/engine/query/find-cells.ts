import { LRUCache } from 'lru-cache'
import { quoteIdentifier, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import { textSql } from './cell-sql.ts'
import { chosenColumns } from './read-page.ts'
import type { Duck } from './duckdb.ts'
import { refuseMasked } from './mask-sql.ts'
import { partStartsSql } from './part-starts.ts'
import { createShared, type Shared } from './shared-work.ts'
import { orderKey, type SortedRows } from './sorted-rows.ts'
import { numberedRelation } from './version-relation.ts'

/**
 * Cells that contain a text, in the order in which rows are shown. All of them are looked for once, and kept as positions, so that going from one to the next
 * costs milliseconds at any depth, and their number is known.
 */

type FindInput = OpInput<'reader', 'find'>
type FindOutput = OpOutput<'reader', 'find'>

export interface FindCells {
  find(duck: Duck, input: FindInput, signal: AbortSignal): Promise<FindOutput>
}

const MAX_SEARCHES = 4

interface Search {
  table: string
  work: Shared<void>
}

/** `open` gives connections to the instance that keeps what was found. */
export function createFindCells(open: () => Promise<Duck>, sortedRows: Pick<SortedRows, 'positions'>): FindCells {
  let lastId = 0
  const drop = async ({ table }: Search): Promise<void> => {
    using duck = await open()
    await duck.run(`DROP TABLE IF EXISTS ${table}`)
  }
  const searches = new LRUCache<string, Search>({ max: MAX_SEARCHES, dispose: (search) => void search.work.settled.then(() => drop(search)) })

  function searchOf(input: FindInput): Search {
    const key = JSON.stringify([orderKey(input), input.text.toLowerCase(), input.columns])
    const known = searches.get(key)
    if (known !== undefined && !known.work.isAbandoned()) return known
    const table = `found_cells_${++lastId}`
    const work = createShared(async (signal) => {
      using duck = await open()
      const positions = await sortedRows.positions(duck, input, signal)
      // In the order of the version a place says the position by itself; a join of all rows would take longer than the search.
      const found = positions === null ? `SELECT "row" + ${partStartsSql(input.source)}[part + 1] AS pos, col FROM (${matchesSql(input)})` : `SELECT p.pos, m.col FROM (${matchesSql(input)}) AS m JOIN (${positions}) AS p ON p.part = m.part AND p."row" = m."row"`
      await duck.run(`CREATE TABLE ${table} AS ${found}`, signal)
    })
    const search = { table, work }
    searches.set(key, search)
    void work.settled.then((succeeded) => {
      if (!succeeded && searches.get(key) === search) searches.delete(key)
    })
    return search
  }

  return {
    async find(duck, input, signal) {
      if (input.text === '' || input.columns.length === 0) return { found: null, total: 0 }
      for (const column of chosenColumns(input.source, input.columns)) refuseMasked(column, 'be searched')
      const { table, work } = searchOf(input)
      await work.wait(signal)
      const rows = await duck.rows(nextSql(table, input), signal)
      const [next] = rows
      const column = input.columns[Number(next?.['col'])]
      const found = next === undefined || column === undefined ? null : { row: Number(next['pos']), column, index: Number(next['index']) }
      return { found, total: Number(next?.['total'] ?? 0) }
    },
  }
}

/** A row for each cell that contains the text, in any case, as people see it. */
function matchesSql({ source, columns, text }: FindInput): string {
  const contains = chosenColumns(source, columns).map((column) => `coalesce(contains(lower(${textSql(column, quoteIdentifier(column.name))}), lower(${quoteLiteral(text)})), false)`)
  const found = contains.map((condition, index) => `CASE WHEN ${condition} THEN ${index} END`).join(', ')
  return `SELECT part, "row", col FROM (
    SELECT "__part"::USMALLINT AS part, "__row"::UINTEGER AS "row", unnest([${found}])::USMALLINT AS col FROM (${numberedRelation(source)}) WHERE ${contains.join(' OR ')}
  ) WHERE col IS NOT NULL`
}

/** The cell after the given place, or before it; round the end, from the other. */
function nextSql(table: string, { from, columns, backward }: FindInput): string {
  const at = columns.indexOf(from?.column ?? '')
  const [row, col] = from === null ? [-1, -1] : [from.row, at >= 0 ? at : backward ? columns.length : -1]
  const beyond = backward ? `pos < ${row} OR (pos = ${row} AND col < ${col})` : `pos > ${row} OR (pos = ${row} AND col > ${col})`
  const direction = backward ? 'DESC' : 'ASC'
  return `SELECT pos::VARCHAR AS pos, col::VARCHAR AS col, (SELECT count(*) FROM ${table} AS t WHERE t.pos < n.pos OR (t.pos = n.pos AND t.col <= n.col))::VARCHAR AS "index", (SELECT count(*) FROM ${table})::VARCHAR AS total
    FROM (SELECT pos, col FROM ${table} ORDER BY (${beyond}) DESC, pos ${direction}, col ${direction} LIMIT 1) AS n`
}
