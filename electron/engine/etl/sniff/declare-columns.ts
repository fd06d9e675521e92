import type { Declaration, DeclaredColumn } from '../../../../shared/contract/ingest.contract.ts'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import { columnsOf, contentOf, frameOf, withColumns } from '../../../../shared/domain/source-declaration.ts'
import type { GuessedColumn } from './column-guess.ts'
import { conversionSql } from './written-columns.ts'

/** Formats whose values have types of their own; what is text there was meant so. */
const TYPED: ReadonlySet<string> = new Set(['json', 'ndjson', 'xlsx', 'parquet', 'sqlite', 'duckdb', 'arrow'])
/** Formats whose columns are as the file says: a text that is more is converted in the step. */
const FIXED_TYPES: ReadonlySet<string> = new Set(['parquet', 'duckdb'])

/** The columns as the format allows them: what its source can declare, else what the step does. */
export function suitedTo(format: string, columns: readonly GuessedColumn[]): GuessedColumn[] {
  if (!TYPED.has(format)) return [...columns]
  return columns.map((column) => {
    if (column.declared === null) return column
    const asText = { ...column, type: 'VARCHAR', declared: null, way: null, sql: quoteIdentifier(column.name) }
    // What has a type and is text was made text by whoever wrote it, digits included; dates and amounts may have had no other way.
    if (column.declared === 'BIGINT' || column.declared === 'DOUBLE') return { ...asText, becomes: 'VARCHAR', seen: `text: ${column.seen}` }
    if (!FIXED_TYPES.has(format) && !isMadeUp(column.name, columns)) return column
    const way = column.way ?? { type: column.type, keys: {}, meaning: '' }
    return { ...asText, choices: [], sql: conversionSql(quoteIdentifier(column.name), way) }
  })
}

/** `id_2` beside `id` may be a name that was made for a second key of that name, and no key that could be declared. */
export function isMadeUp(name: string, columns: readonly { name: string }[]): boolean {
  const base = /^(.*)_\d+$/s.exec(name)?.[1]?.toLowerCase()
  return base !== undefined && columns.some((column) => column.name.toLowerCase() === base)
}

/** The declaration with what the columns were found to be; what it says of them already stays. */
export function withFound(declaration: Declaration, columns: readonly GuessedColumn[]): Declaration {
  const said = Object.entries(columnsOf(declaration)).flatMap(([name, column]): [string, DeclaredColumn][] => {
    const content = contentOf(column)
    return content === null ? [] : [[name, content]]
  })
  const found = columns.flatMap(({ name, declared }): [string, DeclaredColumn][] => (declared === null ? [] : [[name, declared]]))
  return withColumns(frameOf(declaration), Object.fromEntries([...found, ...said]))
}
