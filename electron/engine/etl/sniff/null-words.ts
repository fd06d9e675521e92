import type { Declaration, Doubt } from '../../../../shared/contract/ingest.contract.ts'
import { quoteIdentifier } from '../../../../shared/domain/naming.ts'
import type { ColumnProfile, GuessedColumn } from './column-guess.ts'

/** Formats whose source can say which words stand for no value. */
const WITH_NULL: ReadonlySet<string> = new Set(['csv', 'fixed', 'xlsx'])

interface Settled {
  columns: GuessedColumn[]
  declaration: Declaration
  doubts: Doubt[]
}

/**
 * Words that stand for no value in columns of numbers or dates. `null` of a source holds for all its columns: where a text column has
 * the same word, which may mean something there, it is asked instead of taken.
 */
export function dropNullWords(columns: readonly GuessedColumn[], profiles: readonly ColumnProfile[], declaration: Declaration): Settled {
  const words = new Set(columns.flatMap(({ name, nullWords }) => (nullWords ? wordsOf(profiles, name) : [])))
  if (words.size === 0) return { columns: [...columns], declaration, doubts: [] }
  const format = declaration['format']
  const inText = columns.filter(({ name, type, nullWords }) => type === 'VARCHAR' && !nullWords && wordsOf(profiles, name).some((word) => words.has(word)))
  const list = [...words].toSorted()
  const change = { null: list }
  const canSay = typeof format === 'string' && WITH_NULL.has(format)
  if (canSay && inText.length === 0) return { columns: [...columns], declaration: { ...declaration, ...change }, doubts: [] }
  const said = list.map((word) => JSON.stringify(word)).join(', ')
  const reason = canSay ? `, but ${inText.map(({ name }) => name).join(', ')} has it as text` : `, which ${String(format)} cannot declare`
  return {
    columns: columns.map((column) => (column.nullWords ? asText(column, said) : column)),
    declaration,
    doubts: [{ about: 'null', text: `${said} stands for no value in ${columns.filter(({ nullWords }) => nullWords).map(({ name }) => name).join(', ')}${reason}`, choices: canSay ? [{ label: 'text as it is', change: { null: null } }, { label: `no value: ${said}`, change }] : [] }],
  }
}

function wordsOf(profiles: readonly ColumnProfile[], name: string): string[] {
  return profiles.find((profile) => profile.name === name)?.nullWords ?? []
}

function asText(column: GuessedColumn, words: string): GuessedColumn {
  return { ...column, type: 'VARCHAR', becomes: 'VARCHAR', declared: null, way: null, choices: [], sql: quoteIdentifier(column.name), doubt: `${column.seen}, besides ${words}` }
}
