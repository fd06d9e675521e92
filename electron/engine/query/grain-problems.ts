import { type DatasetName, datasetId, quoteLiteral } from '../../../shared/domain/naming.ts'
import type { GrainProblem, OpInput, OpOutput } from '../workers/wire.ts'
import type { Duck } from './duckdb.ts'
import { checkGrain } from './entity-grain.ts'
import { charOffset } from '../../../shared/domain/sql-text.ts'

type Input = OpInput<'analyst', 'grain'>
type Statement = Input['statements'][number]

/** Says for each SELECT what keeps it from running a few entities at a time. Nothing is executed. */
export async function findGrainProblems(duck: Duck, { statements }: Input, signal?: AbortSignal): Promise<OpOutput<'analyst', 'grain'>> {
  const names = await duck.rows(`SELECT DISTINCT function_name AS name FROM duckdb_functions() WHERE function_type = 'aggregate'`, signal)
  const aggregates = new Set(names.map((row) => String(row['name'])))
  const found: OpOutput<'analyst', 'grain'> = []
  for (const statement of statements) {
    const [row] = await duck.rows(`SELECT json_serialize_sql(${quoteLiteral(statement.sql.replaceAll('\0', ' '))})::VARCHAR AS tree`, signal)
    const tree: unknown = JSON.parse(String(row?.['tree'] ?? '{}'))
    found.push({ id: statement.id, findings: [...mixedTypes(statement), ...problemsOf(statement, tree, aggregates)] })
  }
  return found
}

function problemsOf({ sql, key, dataType, reads }: Statement, tree: unknown, aggregates: ReadonlySet<string>): GrainProblem[] {
  const statement: unknown = typeof tree === 'object' && tree !== null && 'statements' in tree && Array.isArray(tree.statements) ? tree.statements[0] : null
  const columns = new Map(reads.map(({ dataset, columns: all }) => [datasetId(dataset), all.map(({ name }) => name.toLowerCase())]))
  const columnsOf = (name: string): readonly string[] => columns.get(name.split('.').length === 2 ? `${dataType}.${name}` : name) ?? []
  return checkGrain({ statement, key, columnsOf, aggregates }).map(({ position, ...rest }) => ({ ...rest, offset: position === null ? 0 : charOffset(sql, position) }))
}

/** '01' and 1 are equal in a join and two entities in the ledger, so the key must be of one type everywhere. */
function mixedTypes({ key, reads }: Statement): GrainProblem[] {
  const keyed = reads.flatMap(({ dataset, columns }) => columns.filter(({ name }) => name.toLowerCase() === key.toLowerCase()).map(({ type }) => ({ dataset, type })))
  const [first, ...others] = keyed
  const other = others.find(({ type }) => type !== first?.type)
  if (first === undefined || other === undefined) return []
  const told = ({ dataset, type }: { dataset: DatasetName; type: string }): string => `${type} in ${datasetId(dataset)}`
  return [{ message: `The key "${key}" is ${told(first)} but ${told(other)}, so it cannot be told which rows are of one entity`, offset: 0, suggestion: `Cast ${key} to one type in the steps before` }]
}
