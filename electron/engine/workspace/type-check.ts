import { z } from 'zod'
import { type DatasetId, type DatasetName, parseDatasetId } from '../../../shared/domain/naming.ts'
import { PROVENANCE_COLUMNS } from '../../../shared/domain/table-query.ts'
import type { AnalysisCache, AnalystPort } from './analyst-port.ts'
import type { SqlVariable } from '../workers/wire.ts'
import type { FindingList, Place } from './finding-list.ts'
import { reportAnalyst, sha256 } from './statement-book.ts'

export interface TypedColumn {
  name: string
  type: string
}

/** A SELECT that can be typed: a step, which gives its dataset columns, or a check, which gives nothing. */
export interface TypeableStatement {
  id: string
  /** The dataset whose place it has; a check borrows the zone of its own and takes a name that no dataset can have. */
  dataset: DatasetName
  sql: string
  inputs: readonly DatasetId[]
  /** Parameters of its data type, for their types. */
  variables: readonly SqlVariable[]
  file: string
  placeOf(offset: number): Place
}

export interface TypeCheckOptions {
  /** In an order in which each comes after those it reads. */
  statements: readonly TypeableStatement[]
  /** Columns of datasets that no SELECT makes, as their last version has them. */
  knownColumns(dataset: DatasetId): TypedColumn[] | null
  analyst: AnalystPort
  cache: AnalysisCache
  findings: FindingList
}

export interface DatasetColumns {
  columns: TypedColumn[]
  /** True when they follow from an earlier version, which the next run may give other columns. */
  isFromHistory: boolean
}

const resultSchema = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string() })).nullable(),
  error: z.object({ message: z.string(), offset: z.number().nullable() }).nullable(),
})
type Result = z.infer<typeof resultSchema>

/**
 * Types every statement whose inputs are known, over empty tables, and reports what DuckDB would say at run time. What rests on the
 * columns of an earlier version is only a warning: the next run may bring others.
 */
export async function typeCheck(options: TypeCheckOptions): Promise<Map<DatasetId, DatasetColumns>> {
  const known = new Map<DatasetId, DatasetColumns>()
  const keys = new Map<string, string>()
  const typeable = findTypeable(options, known, keys)
  const results = await describeAll(typeable, { options, known, keys })
  const failed = new Set<string>()
  for (const statement of typeable) {
    const result = results.get(statement.id)
    const isFromHistory = statement.inputs.some((input) => known.get(input)?.isFromHistory ?? true)
    if (result?.columns != null) known.set(statement.id, { columns: result.columns, isFromHistory })
    else if (statement.inputs.some((input) => failed.has(input))) failed.add(statement.id)
    else if (result?.error != null) {
      failed.add(statement.id)
      report(options.findings, { statement, error: result.error, isFromHistory })
    }
  }
  return known
}

/** Those whose inputs all have columns. Fills in the columns that are known before, and a key for what each statement's type depends on. */
function findTypeable({ statements, knownColumns }: TypeCheckOptions, known: Map<DatasetId, DatasetColumns>, keys: Map<string, string>): TypeableStatement[] {
  const own = new Set(statements.map(({ id }) => id))
  const hasColumns = (dataset: DatasetId): boolean => {
    if (keys.has(dataset)) return true
    const columns = own.has(dataset) ? null : knownColumns(dataset)
    if (columns === null) return false
    const complete = withProvenance(dataset, columns)
    known.set(dataset, { columns: complete, isFromHistory: true })
    keys.set(dataset, sha256(JSON.stringify(complete.map(({ name, type }) => [name, type]))))
    return true
  }
  return statements.filter((statement) => {
    if (!statement.inputs.every(hasColumns)) return false
    const inputKeys = statement.inputs.map((input) => `${input} ${keys.get(input)}`).toSorted()
    keys.set(statement.id, sha256(JSON.stringify([statement.dataset.dataType, statement.sql, inputKeys, ...statement.variables.map(({ name, type }) => [name, type])])))
    return true
  })
}

/** Raw datasets answer to `_file` and `_record` whether or not they are stored. */
export function withProvenance(dataset: DatasetId, columns: readonly TypedColumn[]): TypedColumn[] {
  if (parseDatasetId(dataset)?.zone !== 'raw') return [...columns]
  const missing = PROVENANCE_COLUMNS.filter((name) => !columns.some((column) => column.name === name))
  return [...columns, ...missing.map((name) => ({ name, type: name === '_record' ? 'BIGINT' : 'VARCHAR' }))]
}

interface DescribeContext {
  options: TypeCheckOptions
  known: ReadonlyMap<DatasetId, DatasetColumns>
  keys: ReadonlyMap<string, string>
}

/** From the cache as far as it goes; the rest in one call, over what the cached ones give. */
async function describeAll(statements: readonly TypeableStatement[], { options, known, keys }: DescribeContext): Promise<Map<string, Result>> {
  const { cache, analyst, findings } = options
  const cacheKey = (id: string): string => sha256(`describe 1\n${keys.get(id)}`)
  const results = new Map<string, Result>()
  for (const { id } of statements) {
    const cached = resultSchema.safeParse(cache.get(cacheKey(id)))
    if (cached.success) results.set(id, cached.data)
  }
  const unknown = statements.filter(({ id }) => !results.has(id))
  if (unknown.length === 0) return results
  const tables = [...new Set(unknown.flatMap(({ inputs }) => inputs))].flatMap((id) => {
    const dataset = parseDatasetId(id)
    const columns = known.get(id)?.columns ?? results.get(id)?.columns
    return dataset === null || columns == null ? [] : [{ dataset, columns }]
  })
  const descriptions = await analyst.describe({ tables, statements: unknown.map(({ id, dataset, sql, variables }) => ({ id, dataset, sql, variables: [...variables] })) }).catch((error: unknown) => reportAnalyst(error, findings))
  const fresh = new Map<string, Result>()
  for (const { id, columns, error } of descriptions ?? []) {
    const result = { columns: columns?.map(({ name, type }) => ({ name, type })) ?? null, error }
    results.set(id, result)
    fresh.set(cacheKey(id), result)
  }
  cache.setAll(fresh)
  return results
}

function report(findings: FindingList, { statement, error, isFromHistory }: { statement: TypeableStatement; error: NonNullable<Result['error']>; isFromHistory: boolean }): void {
  const [message = error.message, ...rest] = error.message.split('\n').map((line) => line.trim())
  findings.add({
    severity: isFromHistory ? 'warning' : 'error',
    code: 'sql-type',
    file: statement.file,
    at: statement.placeOf(error.offset ?? 0),
    message: `SQL: ${message}`,
    suggestion: suggestionOf(rest),
  })
}

/** DuckDB puts what it found nearest on the lines after the message. */
function suggestionOf(lines: readonly string[]): string | null {
  const [line = ''] = lines
  const candidates = /^Candidate bindings: (.+)$/.exec(line)?.[1]
  if (candidates !== undefined) return `Did you mean ${candidates.replaceAll('"', '')}?`
  return line === '' || line.startsWith('Candidate functions') ? null : line
}
