import { datasetId } from '../../../shared/domain/naming.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { ColumnValue, MadeRow, ReplayRows } from '../workers/match-rows.wire.ts'
import type { WorkerInit } from '../workers/wire.ts'
import { rowJsonSql } from './cell-sql.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { compileFilter } from './filter-sql.ts'
import { filterOf } from './match-rows.ts'
import { readJson } from './read-json.ts'
import { selectText } from './select-text.ts'
import { setVariables } from './set-variables.ts'
import { versionRelation } from './version-relation.ts'
import { defineRelations } from './view-set.ts'

/** More candidates than this, or more time, and it is not told this way. */
const MOST_CANDIDATES = 20_000
const DEADLINE_MS = 2_500

const NUMBER = '"__strata_n"'
const CANDIDATES = 'memory.main.candidates'
const [FROM, TO, WITHOUT] = ["getvariable('__strata_from')", "getvariable('__strata_to')", "getvariable('__strata_without')"]
/** Rows that make a row together are taken away one by one, to see which of them matter; not above so many. */
const MOST_TOGETHER = 64

/**
 * The smallest groups of rows of one input by which a statement still makes the given rows, the other inputs staying whole: a half that makes
 * the row is halved again; where neither half does, the rows make it together, less those without which it is made all the same.
 */
export async function replayRows({ sql, dataType, variables, source, others, outputs, rows, limit }: ReplayRows['input'], { init, signal }: { init: WorkerInit; signal: AbortSignal }): Promise<ReplayRows['output']> {
  using duck = await openDuck(init)
  await duck.run(`CREATE TABLE ${CANDIDATES} AS SELECT 0::BIGINT AS ${NUMBER}, * FROM (${versionRelation(source)}) WHERE false`, signal)
  const few = `SELECT * EXCLUDE (${NUMBER}) FROM ${CANDIDATES} WHERE ${NUMBER} BETWEEN ${FROM} AND ${TO} AND NOT list_contains(${WITHOUT}, ${NUMBER})`
  const isInput = datasetId(source.dataset)
  await defineRelations(duck, { reads: [source, ...others], defaultDataType: dataType, relationOf: (one) => (datasetId(one.dataset) === isInput ? few : versionRelation(one)) })
  await setVariables(duck, variables)
  const replay = new Replay(duck, { statement: selectText(sql), outputs, signal })
  const found = new Set<string>()
  for (const row of rows) {
    const numbers = await numbersBehind(duck, { row, source, replay, signal })
    if (numbers === null) return null
    for (const json of await jsonOf(duck, { columns: source.columns, numbers, signal })) found.add(json)
  }
  return { rowsJson: `[${[...found].slice(0, limit).join(',')}]`, rowCount: found.size }
}

interface Looking {
  row: MadeRow
  source: ReplayRows['input']['source']
  replay: Replay
  signal: AbortSignal
}

/** Numbers of the candidates that make a row; null where it cannot be told. */
async function numbersBehind(duck: Duck, { row, source, replay, signal }: Looking): Promise<number[] | null> {
  const { where } = compileFilter(row.candidates.map(filterOf), source.columns)
  await duck.run(`DELETE FROM ${CANDIDATES}`, signal)
  await duck.run(`INSERT INTO ${CANDIDATES} SELECT row_number() OVER (), * FROM (${versionRelation(source)}) WHERE ${where} LIMIT ${MOST_CANDIDATES + 1}`, signal)
  const [counted] = await duck.rows(`SELECT count(*)::INTEGER AS n FROM ${CANDIDATES}`, signal)
  const count = Number(counted?.['n'])
  if (count > MOST_CANDIDATES) return null
  if (count === 0 || !(await replay.makes(row.values, { from: 1, to: count, without: [] }))) return null
  // Made of nothing: an outer join that found no partner, for example.
  if (await replay.makes(row.values, { from: 1, to: 0, without: [] })) return []
  return replay.halve(row.values, 1, count)
}

async function jsonOf(duck: Duck, { columns, numbers, signal }: { columns: readonly Column[]; numbers: readonly number[]; signal: AbortSignal }): Promise<string[]> {
  if (numbers.length === 0) return []
  return readJson(duck, `SELECT ${rowJsonSql(columns)} AS r FROM ${CANDIDATES} WHERE ${NUMBER} IN (${numbers.join(', ')}) ORDER BY ${NUMBER}`, signal)
}

/** Candidates that a statement is run over. */
interface Few {
  from: number
  to: number
  without: readonly number[]
}

class Replay {
  readonly #duck: Duck
  readonly #statement: string
  readonly #outputs: readonly Column[]
  readonly #signal: AbortSignal
  readonly #until = performance.now() + DEADLINE_MS

  constructor(duck: Duck, { statement, outputs, signal }: { statement: string; outputs: readonly Column[]; signal: AbortSignal }) {
    this.#duck = duck
    this.#statement = statement
    this.#outputs = outputs
    this.#signal = signal
  }

  /** Whether the statement over these candidates gives the row. */
  async makes(values: readonly ColumnValue[], { from, to, without }: Few): Promise<boolean> {
    await this.#duck.run(`SET VARIABLE __strata_from = ${from}; SET VARIABLE __strata_to = ${to}; SET VARIABLE __strata_without = [${without.join(', ')}]::BIGINT[]`)
    const { where } = compileFilter(values.map(filterOf), this.#outputs)
    return (await this.#duck.rows(`SELECT 1 FROM (${this.#statement}) WHERE ${where} LIMIT 1`, this.#signal)).length > 0
  }

  /** @returns the candidates that make the row, alone or together; null when it takes too long */
  async halve(values: readonly ColumnValue[], from: number, to: number): Promise<number[] | null> {
    if (from === to) return [from]
    if (this.#isLate()) return null
    const middle = Math.floor((from + to) / 2)
    const found: number[] = []
    for (const [first, last] of [[from, middle], [middle + 1, to]] as const) {
      if (!(await this.makes(values, { from: first, to: last, without: [] }))) continue
      const within = await this.halve(values, first, last)
      if (within === null) return null
      found.push(...within)
    }
    return found.length > 0 ? found : this.#together(values, from, to)
  }

  async #together(values: readonly ColumnValue[], from: number, to: number): Promise<number[] | null> {
    if (to - from >= MOST_TOGETHER) return null
    const all = Array.from({ length: to - from + 1 }, (_, index) => from + index)
    const without: number[] = []
    for (const number of all) {
      if (this.#isLate()) return null
      if (await this.makes(values, { from, to, without: [...without, number] })) without.push(number)
    }
    return all.filter((number) => !without.includes(number))
  }

  #isLate(): boolean {
    return performance.now() > this.#until
  }
}
