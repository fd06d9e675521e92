import { z } from 'zod'
import type { RunTrigger } from '../../../shared/contract/runs.contract.ts'
import type { RunState } from '../../../shared/domain/run-status.ts'
import type { Ledger } from './ledger.ts'
import { int, json } from './rows.ts'

export interface RunFilter {
  dataType?: string | undefined
  states?: RunState[] | undefined
  triggers?: RunTrigger[] | undefined
  text?: string | undefined
  /** Queued at or after, ISO. */
  from?: string | undefined
  /** Queued before, ISO. */
  to?: string | undefined
  offset: number
  limit: number
}

/** Shorter texts have no three letters to be found by. */
const INDEXED_LENGTH = 3

/**
 * The runs that pass a filter, newest first: ids alone, so that sums over steps and entities are made for the rows that are shown
 * and no others.
 */
export function listRuns(ledger: Ledger, filter: RunFilter): { total: number; ids: number[] } {
  const { terms, bindings, search } = termsOf(filter)
  const where = terms.length === 0 ? '' : `WHERE ${terms.join(' AND ')}`
  const page = { ...bindings, limit: filter.limit, offset: filter.offset }
  if (search === null) {
    const total = int(ledger.get(`SELECT count(*) AS n FROM runs r ${where}`, bindings) ?? {}, 'n')
    return { total, ids: ledger.all(`SELECT r.id FROM runs r ${where} ${NEWEST_FIRST}`, page).map((row) => int(row, 'id')) }
  }
  // A text may be in nearly every run: found once, counted and cut to the page.
  const found = `WITH found AS MATERIALIZED (SELECT r.id, r.queued_at FROM run_texts x JOIN runs r ON r.id = x.rowid ${where === '' ? 'WHERE' : `${where} AND`} run_texts MATCH :search)
    SELECT (SELECT count(*) FROM found) AS n, (SELECT json_group_array(id) FROM (SELECT r.id FROM found r ${NEWEST_FIRST})) AS ids`
  const row = ledger.get(found, { ...page, search }) ?? {}
  return { total: int(row, 'n'), ids: z.array(z.int()).parse(json(row, 'ids')) }
}

const NEWEST_FIRST = 'ORDER BY r.queued_at DESC, r.id DESC LIMIT :limit OFFSET :offset'

interface Terms {
  terms: string[]
  bindings: Record<string, string | number>
  /** A phrase for the index of texts. */
  search: string | null
}

function termsOf({ dataType, states = [], triggers = [], text = '', from, to }: RunFilter): Terms {
  const terms: string[] = []
  const bindings: Record<string, string | number> = {}
  const add = (term: string, values: Record<string, string | number>): void => {
    terms.push(term)
    Object.assign(bindings, values)
  }
  if (dataType !== undefined) add('r.data_type_id = (SELECT id FROM data_types WHERE name = :dataType)', { dataType })
  addOneOf('r.state', states)
  addOneOf('r."trigger"', triggers)
  if (from !== undefined) add('r.queued_at >= :from', { from: Date.parse(from) })
  if (to !== undefined) add('r.queued_at < :to', { to: Date.parse(to) })
  const search = text.trim()
  const isIndexed = search.length >= INDEXED_LENGTH
  if (search !== '' && !isIndexed) add(`(r.summary LIKE :short ESCAPE '\\' OR r.number LIKE :short ESCAPE '\\')`, { short: `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%` })
  return { terms, bindings, search: isIndexed ? `"${search.replaceAll('"', '""')}"` : null }

  /** One value is compared, so that an index gives the rows in their order. */
  function addOneOf(column: string, values: readonly string[]): void {
    const names = values.map((_, index) => `value${terms.length}_${index}`)
    const [only] = names
    if (only === undefined) return
    const given = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
    add(names.length === 1 ? `${column} = :${only}` : `${column} IN (${names.map((name) => `:${name}`).join(', ')})`, given)
  }
}
