import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete'
import type { SqlFunction, SqlNames } from '../../shared/contract/sql-pad.contract.ts'
import { completeSql, type SqlSuggestion } from './complete-sql.ts'

/** Completion of SQL for the editor: while a name is typed, after a dot, and wherever it is asked for. */
export function sqlCompletion(names: SqlNames, { state, pos, explicit }: CompletionContext): CompletionResult | null {
  const text = state.doc.toString()
  const before = text[pos - 1] ?? ''
  if (!explicit && !/[\p{L}\p{N}_.]/u.test(before)) return null
  const { from, options } = completeSql(names, text, pos)
  // Digits alone are a number, not the beginning of a name.
  if (options.length === 0 || (!explicit && /^\d/.test(text.slice(from, pos)))) return null
  return { from, options: options.map(toCompletion), validFor: /^\w*$/ }
}

function toCompletion({ label, apply, kind, detail, boost, about }: SqlSuggestion): Completion {
  return { label, ...(apply === undefined ? {} : { apply }), type: kind, detail, boost, ...(about === undefined ? {} : { info: () => aboutFunction(about) }) }
}

/** Made by hand, because the editor's popup is not React's. */
function aboutFunction({ description, signatures, example, name }: SqlFunction): HTMLElement {
  const box = document.createElement('div')
  const add = (tag: 'p' | 'code', text: string): void => {
    const element = document.createElement(tag)
    element.textContent = text
    box.append(element)
  }
  if (description !== null) add('p', description)
  for (const signature of signatures.slice(0, 4)) add('code', `${name}${signature}`)
  if (example !== null) add('p', `Example: ${example}`)
  return box
}
