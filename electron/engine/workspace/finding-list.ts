import type { Finding } from '../../../shared/contract/workspace.contract.ts'

/** Line and column from 1; null when the file as a whole is meant. */
export interface Place {
  line: number | null
  column: number | null
}

export const WHOLE_FILE: Place = { line: null, column: null }

export interface Mistake {
  severity?: Finding['severity']
  code: string
  file: string
  at?: Place
  message: string
  suggestion?: string | null
}

/** Collects the mistakes of a workspace while it is read, so that they are all told at once. */
export class FindingList {
  readonly #findings: Finding[] = []

  add({ severity = 'error', code, file, at = WHOLE_FILE, message, suggestion = null }: Mistake): void {
    this.#findings.push({ severity, code, file, line: at.line, column: at.column, message, suggestion })
  }

  hasErrorIn(matches: (file: string) => boolean): boolean {
    return this.#findings.some(({ severity, file }) => severity === 'error' && matches(file))
  }

  /** By file and place, each once. */
  sorted(): Finding[] {
    const unique = new Map(this.#findings.map((finding) => [JSON.stringify(finding), finding]))
    return [...unique.values()].toSorted(
      (a, b) => compareText(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0) || compareText(a.code, b.code),
    )
  }
}

/** By code unit: the same order on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Place of a character offset in a text. */
export function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}
