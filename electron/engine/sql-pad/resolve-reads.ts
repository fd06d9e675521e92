import type { QueryText } from '../../../shared/contract/query.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { currentOrAsOf, findVersion, refuseRemoved } from '../controllers/find-version.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import { placedProblem, refusedProblem } from '../query/sql-problem.ts'
import type { StatementAnalysis } from '../workers/wire.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'

/** What the names in a statement mean. */
export interface ResolvedReads {
  /** The versions that it names, each once. */
  versions: VersionRow[]
  /** Whose datasets may be named `zone.name`. */
  defaultDataType: string | null
}

export interface ResolveParts {
  versions: VersionsReader
  workers: WorkerPool
}

/**
 * Finds the versions that a statement reads.
 * @throws SQL_FAILED or SQL_REFUSED, placed in the text, VERSION_REMOVED, NOT_FOUND for a dataset that was not published then
 */
export async function resolveReads(parts: ResolveParts, query: QueryText, signal: AbortSignal | undefined): Promise<ResolvedReads> {
  const [analysis] = await parts.workers.shared('analyst').call('analyse', { statements: [{ id: 'query', sql: query.sql }] }, { signal })
  if (analysis === undefined) throw new ProblemError('INTERNAL', 'The statement was not analysed')
  const refused = refusedProblem(analysis, query.sql)
  if (refused !== null) throw refused
  const resolved = namedVersions(parts.versions, { ...query, tables: analysis.tables })
  refuseRemoved(resolved.versions)
  return resolved
}

type NamedTables = Omit<QueryText, 'timeoutMs'> & Pick<StatementAnalysis, 'tables'>

/** The versions of these names; names that nothing is published under are left out, for DuckDB to tell where they stand. */
export function namedVersions(versions: VersionsReader, { tables, asOf, pins = [], sql, dataType }: NamedTables): ResolvedReads {
  const known = currentOrAsOf(versions, asOf)
  const defaultDataType = dataType ?? onlyDataType(tables, known, sql)
  const named = new Set(tables.map(({ name }) => (name.split('.').length === 2 && defaultDataType !== null ? `${defaultDataType}.${name}` : name)))
  const pinned = new Map(pins.filter(({ dataset }) => named.has(dataset)).map((pin) => [pin.dataset, findVersion(versions, pin)]))
  if (asOf !== undefined) {
    const then = new Set([...known.map(({ dataset }) => dataset), ...pinned.keys()])
    const missing = versions.datasets().find((dataset) => named.has(dataset) && !then.has(dataset))
    // One that exists but was not published then would only be said to be no table.
    if (missing !== undefined) findVersion(versions, { dataset: missing, asOf })
  }
  return { versions: [...known.filter(({ dataset }) => named.has(dataset) && !pinned.has(dataset)), ...pinned.values()], defaultDataType }
}

/** Short names `zone.name` mean something when only one data type has them. */
function onlyDataType(tables: NamedTables['tables'], known: readonly VersionRow[], sql: string): string | null {
  const short = tables.filter(({ name }) => name.split('.').length === 2)
  if (short.length === 0) return null
  const names = new Set(short.map(({ name }) => name))
  const owners = new Set(known.flatMap(({ dataset }) => (names.has(dataset.split('.').slice(1).join('.')) ? [parseDatasetId(dataset)?.dataType ?? ''] : [])))
  if (owners.size > 1) {
    const message = `${[...names].join(', ')} could mean more than one data type: ${[...owners].sort().join(', ')}`
    throw placedProblem('SQL_REFUSED', { message, sql, offset: short[0]?.offset ?? null, hint: 'Write data_type.zone.name' })
  }
  return [...owners][0] ?? null
}
