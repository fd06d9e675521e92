import type { Declaration, Nested } from '../../../../shared/contract/ingest.contract.ts'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { Duck } from '../../query/duckdb.ts'
import { isMadeUp } from './declare-columns.ts'
import { NestedOutline } from './nested-outline.ts'
import { proposeTables } from './nested-tables.ts'

interface Looking {
  declaration: Declaration
  columns: readonly Column[]
  signal: AbortSignal
}

const FORMATS: ReadonlySet<unknown> = new Set(['json', 'ndjson', 'xml'])
/** Of nested values that are looked into, as text; what is beyond is not looked at, and that is said. */
const MOST_BYTES = 32 * 1024 * 1024
const AT_ONCE = 200

/** What the nested values of the table `trial` could be as columns and tables of their own. Null where nothing is nested, or `fields` says already how it is read. */
export async function nestedIn(duck: Duck, { declaration, columns, signal }: Looking): Promise<Nested | null> {
  const own = columns.filter(({ isProvenance }) => !isProvenance)
  const isNested = FORMATS.has(declaration['format']) && declaration['fields'] === undefined && own.some(({ type }) => type === 'JSON')
  // A name that was made for a second key of that name leads nowhere as a path.
  if (!isNested || own.some(({ name }) => isMadeUp(name, own))) return null
  const outline = new NestedOutline()
  const json = own.filter(({ type }) => type === 'JSON').map(({ name }) => name)
  const length = json.map((name) => `coalesce(strlen(${quoteIdentifier(name)}::VARCHAR), 0)`).join(' + ')
  const [{ most = 0 } = {}] = await duck.rows(`SELECT count(*) FILTER (so_far <= ${MOST_BYTES}) AS most FROM (SELECT sum(${length}) OVER (ORDER BY rowid) AS so_far FROM trial)`, signal)
  for (let from = 0; from < Number(most); from += AT_ONCE) {
    const rows = await duck.rows(`SELECT ${own.map(({ name, type }) => valueSql(name, type)).join(', ')} FROM trial WHERE rowid BETWEEN ${from} AND ${Math.min(from + AT_ONCE, Number(most)) - 1} ORDER BY rowid`, signal)
    for (const row of rows) outline.add(recordOf(row, json))
  }
  return proposeTables(outline.outline(), declaration['format'] === 'xml')
}

function valueSql(name: string, type: string): string {
  const column = quoteIdentifier(name)
  return type === 'JSON' ? column : `${column}::VARCHAR AS ${column}`
}

function recordOf(row: Readonly<Record<string, unknown>>, json: readonly string[]): Record<string, unknown> {
  return { ...row, ...Object.fromEntries(json.map((name): [string, unknown] => [name, typeof row[name] === 'string' ? JSON.parse(row[name]) : row[name]])) }
}
