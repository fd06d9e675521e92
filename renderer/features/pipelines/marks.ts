import type { Finding } from '../../../shared/contract/workspace.contract.ts'
import type { EditorMark } from '../../editor/code-editor.tsx'

/** Where a line and column, from 1, are in a text; the end where there is no such line. */
export function offsetOf(text: string, line: number, column: number): number {
  let at = 0
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', at)
    if (end === -1) return text.length
    at = end + 1
  }
  return Math.min(text.length, at + column - 1)
}

/** Findings of a file as marks in its text, each over the word that it is about. */
export function marksOf(findings: readonly Finding[], path: string, text: string): EditorMark[] {
  return findings.flatMap(({ file, line, column, severity, message, suggestion }) => {
    if (file !== path) return []
    const from = offsetOf(text, line ?? 1, column ?? 1)
    const word = /^[\p{L}\p{N}_."]+/u.exec(text.slice(from, from + 200))?.[0] ?? ''
    return [{ from, to: from + Math.max(1, word.length), severity, message: suggestion === null ? message : `${message}\n${suggestion}` }]
  })
}
