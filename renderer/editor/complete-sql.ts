import type { SqlFunction, SqlNames } from '../../shared/contract/sql-pad.contract.ts'
import { isReservedName, quoteIdentifier } from '../../shared/domain/naming.ts'
import { ZONES } from '../../shared/domain/zone.ts'
import { SQL_KEYWORDS } from './duckdb-language.ts'
import { type SqlScope, sqlScope } from './sql-scope.ts'

/** One thing that could be written at the cursor. */
export interface SqlSuggestion {
  label: string
  /** What is written, where it is not the label. */
  apply?: string
  kind: 'column' | 'table' | 'folder' | 'function' | 'keyword' | 'alias'
  detail: string
  /** The higher the earlier, among those that fit as well. */
  boost: number
  about?: SqlFunction
}

export interface SqlSuggestions {
  /** Where the text begins that they replace. */
  from: number
  options: SqlSuggestion[]
}

type Datasets = SqlNames['datasets']

/** What can be written at the cursor: names of what there is, by what the statement around it reads. */
export function completeSql(names: SqlNames, text: string, cursor: number): SqlSuggestions {
  const scope = sqlScope(text, cursor)
  if (scope.isInText) return { from: cursor, options: [] }
  return { from: scope.from, options: scope.path.length > 0 ? afterDot(names, scope) : scope.wantsTable ? tables(names, scope) : anything(names, scope) }
}

function afterDot({ datasets }: SqlNames, { path, tables: inScope }: SqlScope): SqlSuggestion[] {
  const written = path.join('.').toLowerCase()
  const [first = '', second] = path.map((part) => part.toLowerCase())
  const table = inScope.find(({ alias, name }) => alias?.toLowerCase() === written || (alias === null && (name === written || name.split('.').at(-1) === written)))
  const columns = table === undefined ? [] : columnsOf(datasets, [table])
  // The name that is being written stands in the statement as well, and is no table yet.
  if (columns.length > 0) return columns
  if (path.length === 1 && isZoneName(first)) return datasets.filter(({ dataset }) => dataset.split('.')[1] === first).map((one) => tableOption(one, nameIn(one.dataset)))
  const ofType = datasets.filter(({ dataset }) => dataset.startsWith(`${first}.`))
  if (path.length === 1) return zonesOf(ofType)
  if (path.length === 2) return ofType.filter(({ dataset }) => dataset.split('.')[1] === second).map((one) => tableOption(one, nameIn(one.dataset)))
  return columnsOf(datasets, [{ name: written, alias: null }])
}

function isZoneName(text: string): boolean {
  return (ZONES as readonly string[]).includes(text)
}

function nameIn(dataset: string): string {
  return dataset.split('.')[2] ?? dataset
}

function zonesOf(ofType: Datasets): SqlSuggestion[] {
  return ZONES.flatMap((zone, i): SqlSuggestion[] => {
    const count = ofType.filter(({ dataset }) => dataset.split('.')[1] === zone).length
    return count === 0 ? [] : [{ label: zone, kind: 'folder', detail: `${count} ${count === 1 ? 'dataset' : 'datasets'}`, boost: -i }]
  })
}

function tableOption({ dataset, rowCount }: Datasets[number], label: string): SqlSuggestion {
  const [dataType = '', zone = ''] = dataset.split('.')
  return { label, kind: 'table', detail: `${dataType}.${zone}, ${rowCount.toLocaleString('en')} ${rowCount === 1 ? 'row' : 'rows'}`, boost: zone === 'curated' ? 3 : zone === 'results' ? 2 : 1 }
}

/** By its whole name or by its last part alone: both are written out, since a short name means something only in one data type. */
function tables({ datasets, functions }: SqlNames, { ctes }: SqlScope): SqlSuggestion[] {
  const types = [...new Set(datasets.map(({ dataset }) => dataset.split('.')[0] ?? ''))]
  return [
    ...ctes.map((name): SqlSuggestion => ({ label: name, kind: 'alias', detail: 'of this statement', boost: 6 })),
    ...datasets.map((one) => ({ ...tableOption(one, nameIn(one.dataset)), apply: one.dataset })),
    ...datasets.map((one) => ({ ...tableOption(one, one.dataset), boost: -1 })),
    ...types.map((name): SqlSuggestion => ({ label: name, kind: 'folder', detail: 'data type', boost: 0 })),
    ...functions.filter(({ kind }) => kind === 'table').map((one) => functionOption(one, -20)),
  ]
}

function anything({ datasets, functions }: SqlNames, { tables: inScope, ctes, typed }: SqlScope): SqlSuggestion[] {
  const aliases = inScope.flatMap(({ alias, name }) => (alias === null ? [] : [{ alias, name }]))
  return [
    ...columnsOf(datasets, inScope),
    ...aliases.map(({ alias, name }): SqlSuggestion => ({ label: alias, kind: 'alias', detail: name, boost: 5 })),
    ...ctes.map((name): SqlSuggestion => ({ label: name, kind: 'alias', detail: 'of this statement', boost: 4 })),
    ...functions.filter(({ kind }) => kind !== 'table').map((one) => functionOption(one, 0)),
    ...SQL_KEYWORDS.map((word): SqlSuggestion => ({ label: cased(word, typed), kind: 'keyword', detail: '', boost: -1 })),
  ]
}

/** Keywords as the person writes them: small letters where what was typed has any. */
function cased(word: string, typed: string): string {
  return /[a-z]/.test(typed) && !/[A-Z]/.test(typed) ? word : word.toUpperCase()
}

function columnsOf(datasets: Datasets, inScope: SqlScope['tables']): SqlSuggestion[] {
  const seen = new Map<string, SqlSuggestion>()
  for (const { name, alias } of inScope) {
    const found = datasets.filter(({ dataset }) => dataset === name || dataset.split('.').slice(1).join('.') === name)
    for (const { dataset, columns } of found) {
      for (const column of columns) {
        const known = seen.get(column.name)
        if (known !== undefined) known.detail = `${column.type.toLowerCase()}, in several`
        else seen.set(column.name, { label: column.name, ...plain(column.name), kind: 'column', detail: `${column.type.toLowerCase()}, ${alias ?? nameIn(dataset)}`, boost: 10 })
      }
    }
  }
  return [...seen.values()]
}

/** A name that SQL would take for something else is written in quotes. */
function plain(name: string): { apply?: string } {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !isReservedName(name) ? {} : { apply: quoteIdentifier(name) }
}

function functionOption(about: SqlFunction, boost: number): SqlSuggestion {
  const takesNothing = about.signatures.length > 0 && about.signatures.every((signature) => signature.startsWith('()'))
  return { label: about.name, apply: takesNothing ? `${about.name}()` : `${about.name}(`, kind: 'function', detail: about.kind === 'aggregate' ? 'aggregate' : '', boost, about }
}
