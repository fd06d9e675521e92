import { type DatasetName, quoteDataset, quoteIdentifier } from '../../../shared/domain/naming.ts'
import type { OpInput, OpOutput, SqlVariable } from '../workers/wire.ts'
import type { Duck } from './duckdb.ts'
import { setVariables } from './set-variables.ts'
import { charOffset } from '../../../shared/domain/sql-text.ts'

type DescribeInput = OpInput<'analyst', 'describe'>
type Description = OpOutput<'analyst', 'describe'>[number]

/**
 * Types each SELECT over empty typed tables, in the given order: what one gives becomes a table for those after it. So steps are
 * checked before any data exist. `duck` must be an instance of its own: catalogs are attached to it and stay.
 */
export async function describeStatements(duck: Duck, { tables, statements }: DescribeInput, signal?: AbortSignal): Promise<Description[]> {
  await duck.run(skeleton([...tables, ...statements].map(({ dataset }) => dataset)), signal)
  for (const { dataset, columns } of tables) await duck.run(emptyTable(dataset, columns), signal)
  await duck.run('SET errors_as_json = true')
  const descriptions: Description[] = []
  for (const statement of statements) descriptions.push(await describeOne(duck, { ...statement, signal }))
  return descriptions
}

interface StatementToDescribe {
  id: string
  dataset: DatasetName
  sql: string
  variables?: readonly SqlVariable[]
  signal: AbortSignal | undefined
}

async function describeOne(duck: Duck, { id, dataset, sql, variables = [], signal }: StatementToDescribe): Promise<Description> {
  signal?.throwIfAborted()
  try {
    await duck.run(`USE ${quoteIdentifier(dataset.dataType)}`, signal)
    await setVariables(duck, variables)
    const columns = await duck.describe(sql)
    await duck.run(emptyTable(dataset, columns), signal)
    return { id, columns, error: null }
  } catch (error) {
    signal?.throwIfAborted()
    return { id, columns: null, error: readError(error, sql) }
  }
}

/** Tables of these columns with no rows, where queries find them at run time, and the catalogs of more data types. */
export function emptyTables(tables: DescribeInput['tables'], dataTypes: readonly string[]): string {
  return [skeleton(tables.map(({ dataset }) => dataset), dataTypes), ...tables.map(({ dataset, columns }) => emptyTable(dataset, columns))].join(';\n')
}

/** A catalog per data type, a schema per zone. */
function skeleton(datasets: readonly DatasetName[], dataTypes: readonly string[] = []): string {
  const catalogs = new Set([...datasets.map(({ dataType }) => dataType), ...dataTypes].map(quoteIdentifier))
  const schemas = new Set(datasets.map(({ dataType, zone }) => `${quoteIdentifier(dataType)}.${quoteIdentifier(zone)}`))
  return ['SELECT 1', ...[...catalogs].map((name) => `ATTACH ':memory:' AS ${name}`), ...[...schemas].map((name) => `CREATE SCHEMA ${name}`)].join(';\n')
}

function emptyTable(dataset: DatasetName, columns: readonly { name: string; type: string }[]): string {
  const list = columns.map(({ name, type }) => `${quoteIdentifier(name)} ${type}`)
  return `CREATE OR REPLACE TABLE ${quoteDataset(dataset)} (${list.join(', ')})`
}

/** With errors_as_json the message is, or ends in, a JSON object that names the place in bytes, `DESCRIBE ` included. */
function readError(error: unknown, sql: string): NonNullable<Description['error']> {
  const text = error instanceof Error ? error.message : String(error)
  try {
    const facts: unknown = JSON.parse(text.slice(text.indexOf('{')))
    if (typeof facts !== 'object' || facts === null || !('exception_message' in facts)) return { message: text, offset: null }
    const position = 'position' in facts ? Number(facts.position) - 'DESCRIBE '.length : Number.NaN
    return { message: String(facts.exception_message), offset: position >= 0 ? charOffset(sql, position) : null }
  } catch {
    return { message: text, offset: null }
  }
}
