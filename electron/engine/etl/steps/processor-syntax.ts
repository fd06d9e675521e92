import { stripTypeScriptTypes } from 'node:module'
import type { SyntaxMistake } from '../../workers/processor-syntax.wire.ts'

/**
 * The first thing in a processor that keeps it from being loaded; null when its syntax is right. It is read by what takes the types out of it in a run, so that
 * both say the same; nothing of it is run.
 */
export function processorMistake(text: string): SyntaxMistake | null {
  try {
    stripTypeScriptTypes(text, { mode: 'strip' })
    return null
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { message: error.message, suggestion: suggestionFor(error), ...placeIn(text, error.stack ?? '') }
  }
}

function suggestionFor(error: SyntaxError): string | null {
  return 'code' in error && error.code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX' ? 'Use only TypeScript that can be erased: no enum, no namespace, no parameter properties' : null
}

/** The stack begins with the line's number, the line, of which blanks at its beginning may be missing, and a mark below the place. */
function placeIn(text: string, stack: string): { line: number; column: number } {
  const [head = '', printed = '', mark = ''] = stack.split('\n')
  const line = Number(/:(\d+)$/.exec(head)?.[1] ?? 1)
  const missing = indentOf(text.split('\n')[line - 1] ?? '') - indentOf(printed)
  return { line, column: Math.max(0, mark.indexOf('^')) + Math.max(0, missing) + 1 }
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
