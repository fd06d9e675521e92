import { datasetId, didYouMean, quoteDataset, quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { GivenRows, StatementTest, StatementTestResult, TextRows } from '../../workers/step-test.wire.ts'
import type { WorkerInit } from '../../workers/wire.ts'
import { emptyTables } from '../describe-statements.ts'
import type { Duck } from '../duckdb.ts'
import { readJson } from '../read-json.ts'
import { setVariables } from '../set-variables.ts'
import { testCellSql, testValueSql } from '../test-cell.ts'
import { describeResult, inLocked, type Sandbox } from './sandbox.ts'

/** More are counted, not shown. */
const MOST_SHOWN = 1_000
const ACTUAL = 'temp.main."actual"'
const EXPECTED = 'temp.main."expected"'

/**
 * Runs a statement over given rows in the locked sandbox and compares what it gives, row by row as often as each occurs, with what is
 * expected. Floating-point numbers are equal when their first 12 digits are.
 * @throws BAD_INPUT for a cell that is not of its column's type, or an expected column that the statement does not give; as inSandbox
 */
export function testStatement(test: StatementTest, init: WorkerInit, signal: AbortSignal): Promise<StatementTestResult> {
  const { expected, given, dataType, variables } = test
  const define = async (duck: Duck): Promise<string[]> => {
    await duck.run(emptyTables(given.map(({ dataset, types }) => ({ dataset, columns: types })), [dataType]))
    for (const table of given) await fillGiven(duck, table)
    await duck.run(`USE ${quoteIdentifier(dataType)}`)
    await setVariables(duck, variables)
    return []
  }
  return inLocked(test, { init, signal, define }, async (sandbox, ended) => {
    const columns = await describeResult(sandbox)
    const compared = comparedColumns(columns, expected)
    await keepActual(sandbox, columns, ended)
    await fillExpected(sandbox.duck, { compared, expected })
    return { columns, ...(await compare(sandbox.duck, { columns, compared }, ended)) }
  })
}

interface TypedColumn {
  name: string
  type: string
}

async function fillGiven(duck: Duck, { dataset, types, columns, rows }: GivenRows): Promise<void> {
  const cellTypes = columns.map((name) => types.find((column) => sameName(column.name, name)) ?? { name, type: 'VARCHAR' })
  const isNumbered = types.some(({ name }) => name === '_record') && !columns.includes('_record')
  const target = `${quoteDataset(dataset)} (${[...columns, ...(isNumbered ? ['_record'] : [])].map(quoteIdentifier).join(', ')})`
  const numbers = (row: number): string[] => (isNumbered ? [String(row + 1)] : [])
  await insert(duck, { target, types: cellTypes, rows, more: numbers, what: `given, ${datasetId(dataset)}` })
}

/** The columns of the statement that rows name; all, where no row is expected. */
function comparedColumns(columns: readonly Column[], expected: TextRows): (TypedColumn & { position: number })[] {
  const found = expected.columns.map((name) => ({ name, position: columns.findIndex((column) => sameName(column.name, name)) }))
  const unknown = found.find(({ position }) => position < 0)
  if (unknown !== undefined) {
    const known = columns.map(({ name }) => name)
    throw new ProblemError('BAD_INPUT', `expect: the SELECT gives no column "${unknown.name}"`, { hint: didYouMean(unknown.name, known) ?? `It gives ${known.join(', ')}` })
  }
  if (found.length === 0) return columns.map(({ name, type }, position) => ({ name, type, position }))
  return found.map(({ name, position }) => ({ name, position, type: columns[position]?.type ?? 'VARCHAR' }))
}

async function keepActual({ duck, within }: Sandbox, columns: readonly Column[], signal: AbortSignal): Promise<void> {
  const names = columns.map((_, i) => `c${i}`).join(', ')
  await within({ before: `CREATE TEMP TABLE "actual" AS SELECT * FROM (`, after: `) AS t(${names})` }, (text) => duck.run(text, signal))
}

async function fillExpected(duck: Duck, { compared, expected }: { compared: readonly TypedColumn[]; expected: TextRows }): Promise<void> {
  await duck.run(`CREATE TEMP TABLE "expected" (${compared.map(({ type }, i) => `e${i} ${type}`).join(', ')})`)
  // Rows without any column, `{}`, have nothing to compare.
  if (expected.columns.length > 0) await insert(duck, { target: EXPECTED, types: compared, rows: expected.rows, more: () => [], what: 'expect' })
}

interface Insertion {
  target: string
  types: readonly TypedColumn[]
  rows: TextRows['rows']
  more: (row: number) => string[]
  what: string
}

const ROWS_AT_ONCE = 500

async function insert(duck: Duck, { target, types, rows, more, what }: Insertion): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = rows.slice(at, at + ROWS_AT_ONCE)
    const values = some.map((row, i) => {
      const cells = [...row.map((cell, c) => testValueSql(types[c]?.type ?? 'VARCHAR', cell, 'CAST')), ...more(at + i)]
      // A row of a dataset that no row names a column of.
      return cells.length === 0 ? null : `(${cells.join(', ')})`
    })
    if (values.includes(null)) throw new ProblemError('BAD_INPUT', `${what}, row ${at + 1} has no values`, { hint: 'Name at least one column' })
    try {
      await duck.run(`INSERT INTO ${target} VALUES ${values.join(', ')}`)
    } catch (cause) {
      throw (await cellProblem(duck, { types, rows: some, at, what })) ?? cause
    }
  }
}

async function cellProblem(duck: Duck, { types, rows, at, what }: Pick<Insertion, 'types' | 'rows' | 'what'> & { at: number }): Promise<ProblemError | null> {
  for (const [i, row] of rows.entries()) {
    for (const [c, cell] of row.entries()) {
      const { name, type } = types[c] ?? { name: '', type: 'VARCHAR' }
      if (cell === null) continue
      const [read] = await duck.rows(`SELECT ${testValueSql(type, cell, 'TRY_CAST')} IS NULL AS failed`)
      if (read?.['failed'] === true) return new ProblemError('BAD_INPUT', `${what}, row ${at + i + 1}, ${name}: "${cell}" is no ${type}`, { hint: 'Write it as that type is written, or leave it out' })
    }
  }
  return null
}

interface Comparison {
  columns: readonly Column[]
  compared: readonly (TypedColumn & { position: number })[]
}

async function compare(duck: Duck, { columns, compared }: Comparison, signal: AbortSignal): Promise<Omit<StatementTestResult, 'columns'>> {
  const names = compared.map(({ name }) => name)
  const actual = `SELECT ${compared.map(({ type, position }) => comparable(type, `c${position}`)).join(', ')} FROM ${ACTUAL}`
  const expected = `SELECT ${compared.map(({ type }, i) => comparable(type, `e${i}`)).join(', ')} FROM ${EXPECTED}`
  const listed = compared.map((_, i) => `d${i}`).join(', ')
  const without = (left: string, right: string): Promise<TextRows & { rowCount: number }> =>
    textRows(duck, { names, types: compared.map(({ type }) => type), from: `((${left}) EXCEPT ALL (${right})) AS t(${listed})`, ref: (i) => `d${i}` }, signal)
  return {
    actual: await textRows(duck, { names: columns.map(({ name }) => name), types: columns.map(({ type }) => type), from: ACTUAL, ref: (i) => `c${i}` }, signal),
    missing: await without(expected, actual),
    unexpected: await without(actual, expected),
  }
}

function comparable(type: string, ref: string): string {
  if (!/^(DOUBLE|FLOAT|REAL)$/.test(type)) return ref
  return `CASE WHEN isfinite(${ref}) THEN CAST(printf('%.11e', ${ref}::DOUBLE) AS DOUBLE) ELSE ${ref}::DOUBLE END`
}

interface TextQuery {
  names: string[]
  types: readonly string[]
  from: string
  ref: (index: number) => string
}

async function textRows(duck: Duck, { names, types, from, ref }: TextQuery, signal: AbortSignal): Promise<TextRows & { rowCount: number }> {
  const cells = types.map((type, i) => testCellSql(type, ref(i)))
  const [counted] = await duck.rows(`SELECT count(*)::VARCHAR AS n FROM ${from}`, signal)
  const rows = await readJson(duck, `SELECT json_array(${cells.join(', ')})::VARCHAR AS r FROM ${from} LIMIT ${MOST_SHOWN}`, signal)
  return { columns: names, rows: rows.map((row): (string | null)[] => JSON.parse(row)), rowCount: Number(counted?.['n']) }
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
