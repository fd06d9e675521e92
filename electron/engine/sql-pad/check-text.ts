import type { CheckedStatement } from '../../../shared/contract/sql-pad.contract.ts'
import type { QueryText } from '../../../shared/contract/query.contract.ts'
import { closestName, parseDatasetId } from '../../../shared/domain/naming.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import { sqlTokens, statementRanges, type StatementRange } from '../../../shared/domain/sql-text.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { StatementAnalysis } from '../workers/wire.ts'
import { readOf } from './query-results.ts'
import { namedVersions, type ResolveParts } from './resolve-reads.ts'

type TextToCheck = Omit<QueryText, 'timeoutMs'>

/** A statement that parses, with what its names mean. */
interface Bound {
  range: StatementRange
  sql: string
  versions: VersionRow[]
  defaultDataType: string | null
}

/** More than these are not looked at: a text of hundreds of statements is no query. */
const MOST_STATEMENTS = 50

/** What can be said of a text while somebody writes it: every statement is parsed and typed over empty tables, none is run. */
export async function checkText(parts: ResolveParts, text: TextToCheck, signal: AbortSignal | undefined): Promise<CheckedStatement[]> {
  const analyst = parts.workers.shared('analyst')
  const ranges = statementRanges(text.sql).slice(0, MOST_STATEMENTS)
  if (ranges.length === 0) return []
  const statements = ranges.map(({ from, to }, i) => ({ id: String(i), sql: text.sql.slice(from, to) }))
  const analyses = await analyst.call('analyse', { statements }, { signal })
  const looked = ranges.map((range, i): Bound | CheckedStatement => bind(parts, text, { range, analysis: analyses[i] }))
  const bound = looked.filter((one) => 'sql' in one)
  const typed = bound.length === 0 ? [] : await analyst.call('typeQueries', typing(bound), { signal })
  const byFrom = new Map(typed.map((one) => [one.id, one]))
  return looked.map((one) => {
    if (!('sql' in one)) return one
    const { columns = null, problem = null } = byFrom.get(String(one.range.from)) ?? {}
    const place = problem === null ? null : { message: problem.message, hint: problem.hint, ...rangeAt(text.sql, one.range, problem.offset) }
    return { ...one.range, reads: one.versions.map(readOf), columns, problem: place }
  })
}

function bind({ versions }: ResolveParts, text: TextToCheck, { range, analysis }: { range: StatementRange; analysis: StatementAnalysis | undefined }): Bound | CheckedStatement {
  const sql = text.sql.slice(range.from, range.to)
  const failed = (message: string, hint: string | null, offset: number | null): CheckedStatement => ({
    ...range, reads: [], columns: null, problem: { message, hint, ...rangeAt(text.sql, range, offset) },
  })
  const [error] = analysis?.errors ?? []
  if (analysis === undefined) return failed('It was not analysed', null, null)
  if (error !== undefined) return failed(error.message, error.suggestion, error.offset)
  try {
    const named = namedVersions(versions, { ...text, sql, tables: analysis.tables })
    const found = new Set(named.versions.map(({ dataset }) => dataset))
    const missing = analysis.tables.find(({ name }) => !found.has(fullName(name, named.defaultDataType)))
    if (missing === undefined) return { range, sql, ...named }
    const nearest = closestName(fullName(missing.name, named.defaultDataType), versions.datasets())
    return failed(`There is no published dataset "${missing.name}"`, nearest === null ? 'Datasets are named data_type.zone.name' : `Did you mean ${nearest}?`, missing.offset)
  } catch (cause) {
    // A version that was removed, or not there then: it is said where the text says its name, as far as that is known.
    const { message, hint, details } = toProblem(cause)
    const about = analysis.tables.find(({ name }) => name === details['dataset'])
    return failed(message, hint, about?.offset ?? null)
  }
}

function fullName(name: string, defaultDataType: string | null): string {
  return name.split('.').length === 2 && defaultDataType !== null ? `${defaultDataType}.${name}` : name
}

function typing(bound: readonly Bound[]) {
  const versions = new Map(bound.flatMap((one) => one.versions.map((version) => [version.dataset, version])))
  return {
    tables: [...versions.values()].flatMap(({ dataset, columns }) => {
      const name = parseDatasetId(dataset)
      return name === null ? [] : [{ dataset: name, columns: columns.map((column) => ({ name: column.name, type: column.type })) }]
    }),
    statements: bound.map(({ range, sql, defaultDataType }) => ({ id: String(range.from), sql, defaultDataType })),
  }
}

/** The word at a place in a statement, or all of the statement where no place is known. */
function rangeAt(sql: string, range: StatementRange, offset: number | null): StatementRange {
  if (offset === null) return range
  const from = Math.min(range.from + offset, Math.max(range.from, range.to - 1))
  const [token] = sqlTokens(sql.slice(from, range.to))
  return { from, to: token === undefined || token.offset > 0 ? from + 1 : from + token.text.length }
}
