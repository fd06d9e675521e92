import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteIdentifier, quoteLiteral } from '../../../../shared/domain/naming.ts'
import { type Duck, openDuck } from '../duckdb.ts'
import { CASES } from './column-lineage.cases.ts'
import { type ColumnOrigin, columnLineage } from './column-lineage.ts'

/** Column lineage against the truth: whatever a source column is said to have a part in changes when its data change, and nothing else. */

const TABLES: Record<string, Record<string, string>> = {
  // Random data under a seed: the expression is evaluated for each row i of 24, with r() between 0 and 99 by column, row and seed.
  t: {
    id: 'i + seed * 1000', k: 'r % (6 + seed)', g: '1 + r % (3 + seed)', a: 'CASE WHEN seed < 3 OR r % 5 > 0 THEN r END', b: 'r', c: 'r', s: "{'f': r, 'h': r * 7 % 100}", l: '[r, r * 3 % 100, r * 7 % 100][1:1 + r % 3]', txt: "if(seed = 2, '', 'w') || r",
  },
  u: { k: 'r % (6 + seed)', x: 'r', y: 'r', a: 'r' },
  v: { g: '1 + r % (3 + seed)', p: 'r', q: 'r' },
  wide: { n1: 'r', n2: 'r', m1: 'r', label: "'x' || r" },
}
const ROWS: Record<string, number> = { t: 24, u: 9, v: 4, wide: 6 }
const SEEDS = [1, 2, 3]

/** A table whose columns are made with seed 0, but for one with another. */
function selectTable(table: string, changed: { column: string; seed: number } | null): string {
  const columns = Object.entries(TABLES[table] ?? {}).map(([column, expression]) => {
    const seed = changed?.column === column ? changed.seed : 0
    const random = `CAST(hash(i * 131 + ${seed} * 7919, ${quoteLiteral(`${table}.${column}`)}) % 100 AS INTEGER)`
    return `${expression.replaceAll(/\br\b/gv, random).replaceAll(/\bseed\b/gv, String(seed))} AS ${quoteIdentifier(column)}`
  })
  return `SELECT ${columns.join(', ')} FROM range(${ROWS[table] ?? 0}) r(i)`
}

/** A schema with all tables, one column of one of them with other data. */
async function makeSchema(schema: string, changed: { table: string; column: string; seed: number } | null): Promise<void> {
  const tables = Object.keys(TABLES).map((table) => `CREATE TABLE ${schema}.${table} AS ${selectTable(table, changed?.table === table ? changed : null)}`)
  await duck.run([`CREATE SCHEMA ${schema}`, ...tables].join('; '))
}

const schemaOf = (table: string, column: string, seed: number): string => `${table}_${column}_${seed}`

let duck: Duck
let aggregates: Set<string>

beforeAll(async () => {
  duck = await openDuck({ memoryMb: 512, threads: 1, tempDir: tmpdir() })
  await makeSchema('undisturbed', null)
  for (const [table, columns] of Object.entries(TABLES)) {
    for (const column of Object.keys(columns)) for (const seed of SEEDS) await makeSchema(schemaOf(table, column, seed), { table, column, seed })
  }
  await duck.run('SET schema = undisturbed')
  const rows = await duck.rows("SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'")
  aggregates = new Set(rows.map((row) => String(row['function_name'])))
})
afterAll(() => duck[Symbol.dispose]())

async function lineageOf(sql: string): Promise<ColumnOrigin[]> {
  const [parsed] = await duck.rows(`SELECT json_serialize_sql(${quoteLiteral(sql)})::VARCHAR AS tree`)
  const described = await duck.rows(`DESCRIBE ${sql}`)
  const tableOf = ([name = '', ...more]: readonly string[]): { dataset: string; columns: string[] } | null => {
    const columns = TABLES[name]
    return more.length > 0 || columns === undefined ? null : { dataset: name, columns: Object.keys(columns) }
  }
  return columnLineage(JSON.parse(String(parsed?.['tree'])), described.map((row) => String(row['column_name'])), { tableOf, aggregates })
}

/** The values of every column, each sorted: order alone is no change. */
async function valuesIn(schema: string, sql: string, columns: readonly string[]): Promise<string[]> {
  const list = columns.map((column, i) => `list_sort(list(to_json(${quoteIdentifier(column)})::VARCHAR))::VARCHAR AS c${i}`)
  await duck.run(`SET schema = ${schema}`)
  const [row] = await duck.rows(`SELECT ${list.join(', ')} FROM (${sql})`)
  await duck.run('SET schema = undisturbed')
  return columns.map((_, i) => String(row?.[`c${i}`]))
}

/** Output columns that change when the data of one source column do. */
async function changedBy(sql: string, source: { table: string; column: string }, before: { columns: string[]; values: string[] }): Promise<Set<string>> {
  const changed = new Set<string>()
  for (const seed of SEEDS) {
    const values = await valuesIn(schemaOf(source.table, source.column, seed), sql, before.columns)
    for (const [i, column] of before.columns.entries()) if (values[i] !== before.values[i]) changed.add(column)
  }
  return changed
}

const sourcesIn = ({ sources }: ColumnOrigin, isValue: boolean): string[] =>
  sources.filter(({ ways }) => !isValue || ways.includes('value')).map(({ dataset, column }) => `${dataset}.${column}`)

function written(origins: readonly ColumnOrigin[]): string {
  return origins.map((origin) => `${origin.column}:${sourcesIn(origin, true).map((source) => ` ${source}`).join('')}`).join('; ')
}

const inOrder = (values: string): string =>
  values
    .split('; ')
    .map((entry) => {
      const [column = '', sources = ''] = entry.split(':')
      return `${column}:${sources.split(' ').filter(Boolean).toSorted().map((source) => ` ${source}`).join('')}`
    })
    .join('; ')

describe('column lineage', () => {
  it.each(CASES)('%s', async (sql, values) => {
    const origins = await lineageOf(sql)
    expect(written(origins)).toBe(inOrder(values))
    expect(origins.flatMap(({ unknown }) => unknown)).toEqual([])
    const columns = origins.map(({ column }) => column)
    const before = { columns, values: await valuesIn('undisturbed', sql, columns) }
    const wrong: string[] = []
    for (const [table, itsColumns] of Object.entries(TABLES)) {
      if (!new RegExp(String.raw`\b${table}\b`, 'iv').test(sql)) continue
      for (const column of Object.keys(itsColumns)) wrong.push(...mistakes(origins, `${table}.${column}`, await changedBy(sql, { table, column }, before)))
    }
    expect(wrong).toEqual([])
  })
})

/** A dataset, the output columns that are said to be copied from it, and from which of its columns. */
interface Copies {
  table: string
  columns: { output: string; base: string }[]
}

function copiesOf(origins: readonly ColumnOrigin[]): Copies[] {
  const found = origins.flatMap(({ column, sources }) => sources.flatMap(({ dataset, column: base, ways, isSame }) => (isSame && ways.includes('value') ? [{ table: dataset, output: column, base }] : [])))
  return [...Map.groupBy(found, ({ table }) => table)].map(([table, columns]) => ({ table, columns }))
}

const isEqual = (column: string, json: unknown): string => `to_json(${quoteIdentifier(column)})::VARCHAR = ${quoteLiteral(String(json))}`

/** Rows that the statement still gives with the same values when the rows they are said to be copied from are gone. */
async function rowsWithoutOrigin(sql: string, { table, columns }: Copies): Promise<unknown[]> {
  const list = columns.map(({ output }, i) => `to_json(${quoteIdentifier(output)})::VARCHAR AS c${i}`)
  const some = await duck.rows(`SELECT DISTINCT ${list.join(', ')} FROM (${sql}) WHERE ${columns.map(({ output }) => `${quoteIdentifier(output)} IS NOT NULL`).join(' AND ')} ORDER BY ALL LIMIT 3`)
  const left: unknown[] = []
  for (const row of some) {
    const own = columns.map(({ base }, i) => isEqual(base, row[`c${i}`])).join(' AND ')
    const views = Object.keys(TABLES).map((name) => `CREATE OR REPLACE VIEW trial.${name} AS SELECT * FROM undisturbed.${name}${name === table ? ` WHERE (${own}) IS NOT TRUE` : ''}`)
    await duck.run(['CREATE SCHEMA IF NOT EXISTS trial', ...views, 'SET schema = trial'].join('; '))
    const found = await duck.rows(`SELECT * FROM (${sql}) WHERE ${columns.map(({ output }, i) => isEqual(output, row[`c${i}`])).join(' AND ')}`)
    await duck.run('SET schema = undisturbed')
    if (found.length > 0) left.push(row)
  }
  return left
}

/** What a union or a full join gives may be the other side's. */
const COPYING = CASES.filter(([sql]) => !/\b(?:union|full)\b/iv.test(sql))

describe('copied values', () => {
  it.each(COPYING)('%s', async (sql) => {
    const origins = await lineageOf(sql)
    if (new Set(origins.map(({ column }) => column.toLowerCase())).size < origins.length) return
    for (const copies of copiesOf(origins)) expect(await rowsWithoutOrigin(sql, copies)).toEqual([])
  })

  it.each([
    ['SELECT a, b + 1 AS b, id AS n FROM t', 'a = t.a; n = t.id'],
    ['SELECT t.id, u.x FROM t JOIN u USING (k)', 'id = t.id; x = u.x'],
    ['SELECT t.k, u.x FROM t JOIN u USING (k)', 'k = t.k u.k; x = u.x'],
    ['SELECT t.k, v.p FROM t JOIN u ON t.k = u.k JOIN v ON v.g = u.k', 'k = t.k u.k v.g; p = v.p'],
    ['SELECT t.k FROM t, u WHERE u.k = t.k AND u.x > 3', 'k = t.k u.k'],
    ['SELECT g, count(*) AS n FROM t GROUP BY g', 'g = t.g'],
    ['SELECT one.id, two.b FROM t AS one JOIN t AS two ON one.k = two.id', ''],
    ['WITH c AS (SELECT id, k FROM t) SELECT one.id FROM c AS one JOIN c AS two USING (k)', ''],
    ['SELECT a FROM t UNION ALL SELECT b FROM t', ''],
    ['SELECT a FROM t UNION ALL SELECT x FROM u', 'a = t.a u.x'],
    ['WITH RECURSIVE r(n) AS (SELECT a FROM t UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r', ''],
    ['SELECT s.f AS f, l FROM t', 'l = t.l'],
    ['SELECT c::VARCHAR AS c, (SELECT max(x) FROM u) AS m FROM t', ''],
  ])('%s: %s', async (sql, expected) => {
    const origins = await lineageOf(sql)
    const copies = origins.flatMap(({ column, sources }) => {
      const same = sources.flatMap(({ dataset, column: base, isSame }) => (isSame ? [`${dataset}.${base}`] : []))
      return same.length === 0 ? [] : [`${column} = ${same.join(' ')}`]
    })
    expect(copies.join('; ')).toBe(expected)
  })
})

function mistakes(origins: readonly ColumnOrigin[], source: string, changed: ReadonlySet<string>): string[] {
  return origins.flatMap((origin) => {
    const isChanged = changed.has(origin.column)
    const missing = isChanged && !sourcesIn(origin, false).includes(source) ? [`${origin.column} depends on ${source}, and nothing says so`] : []
    const invented = !isChanged && sourcesIn(origin, true).includes(source) ? [`${origin.column} is said to take values of ${source}, and does not`] : []
    return [...missing, ...invented]
  })
}
