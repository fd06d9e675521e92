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

function mistakes(origins: readonly ColumnOrigin[], source: string, changed: ReadonlySet<string>): string[] {
  return origins.flatMap((origin) => {
    const isChanged = changed.has(origin.column)
    const missing = isChanged && !sourcesIn(origin, false).includes(source) ? [`${origin.column} depends on ${source}, and nothing says so`] : []
    const invented = !isChanged && sourcesIn(origin, true).includes(source) ? [`${origin.column} is said to take values of ${source}, and does not`] : []
    return [...missing, ...invented]
  })
}
