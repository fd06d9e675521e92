import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { toColumn } from '../../../shared/domain/table-query.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import { emptyTables } from './describe-statements.ts'
import type { Duck } from './duckdb.ts'
import { selectText } from './select-text.ts'
import { sqlProblem } from './sql-problem.ts'

type TypeInput = OpInput<'analyst', 'typeQueries'>
type Typed = OpOutput<'analyst', 'typeQueries'>[number]

/** The columns of each SELECT over empty typed tables, or what is wrong with it and where. `duck` must be an instance of its own. */
export async function typeQueries(duck: Duck, { tables, statements }: TypeInput, signal: AbortSignal): Promise<Typed[]> {
  await duck.run(emptyTables(tables, statements.flatMap(({ defaultDataType }) => defaultDataType ?? [])), signal)
  await duck.run('SET errors_as_json = true')
  const typed: Typed[] = []
  for (const statement of statements) typed.push(await typeOne(duck, statement, signal))
  return typed
}

async function typeOne(duck: Duck, { id, sql, defaultDataType }: TypeInput['statements'][number], signal: AbortSignal): Promise<Typed> {
  const wrapped = { before: 'DESCRIBE SELECT * FROM (', sql, after: ')' }
  try {
    await duck.run(`USE ${defaultDataType === null ? 'memory' : quoteIdentifier(defaultDataType)}`, signal)
    const rows = await duck.rows(`${wrapped.before}${selectText(sql)}${wrapped.after}`, signal)
    return { id, columns: rows.map((row) => toColumn(String(row['column_name']), String(row['column_type']))), problem: null }
  } catch (error) {
    signal.throwIfAborted()
    const placed = sqlProblem(error, wrapped)
    if (!(placed instanceof ProblemError)) throw error
    const { message, details, hint } = placed.problem
    const offset = typeof details['offset'] === 'number' ? details['offset'] : null
    return { id, columns: null, problem: { message: message.replace(/ \(line \d+, column \d+\)$/, ''), offset, hint } }
  }
}
