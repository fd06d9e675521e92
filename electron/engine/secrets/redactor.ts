import type { Problem } from '../../../shared/domain/problem.ts'
import { LEAST_SECRET_CHARACTERS } from '../../../shared/domain/secret-name.ts'

export const WIPED = '•••'

export interface Redactor {
  /** From now on, this value is wiped out of whatever passes. */
  learn(value: string): void
  text(text: string): string
  problem(problem: Problem): Problem
  /** Every text in a value, keys included. */
  deep(value: unknown): unknown
}

/** The one function that keeps secrets out of logs, errors and events: known values, in the forms in which they travel. */
export function createRedactor(): Redactor {
  const forms = new Set<string>()
  let pattern: RegExp | null = null
  const text = (value: string): string => (pattern === null ? value : value.replace(pattern, WIPED))
  const deep = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(deep)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [text(key), deep(inner)]))
  }
  return {
    learn(value) {
      if (value.length < LEAST_SECRET_CHARACTERS || forms.has(value)) return
      for (const form of formsOf(value)) forms.add(form)
      // The longest first, so that a value that holds another is wiped as a whole.
      pattern = new RegExp([...forms].toSorted((a, b) => b.length - a.length).map((form) => RegExp.escape(form)).join('|'), 'g')
    },
    text,
    problem: (problem) => (pattern === null ? problem : { ...problem, message: text(problem.message), hint: problem.hint === null ? null : text(problem.hint), details: Object.fromEntries(Object.entries(problem.details).map(([key, value]) => [text(key), deep(value)])) }),
    deep: (value) => (pattern === null ? value : deep(value)),
  }
}

/** As it is, in an address, in JSON, in base64. */
function formsOf(value: string): string[] {
  const base64 = Buffer.from(value).toString('base64')
  const forms = [value, encodeURIComponent(value), encodeURI(value), new URLSearchParams([['', value]]).toString().slice(1), JSON.stringify(value).slice(1, -1), base64, base64.replaceAll('=', ''), Buffer.from(value).toString('base64url')]
  return [...new Set(forms)]
}
