import type { Problem } from '../../../shared/domain/problem.ts'

/** A problem of a statement, told of the place in the text that the statement begins in at `from`. */
export function placeInText(problem: Problem, text: string, from: number): Problem {
  const { offset } = problem.details
  if (typeof offset !== 'number') return problem
  const lines = text.slice(0, from + offset).split('\n')
  const place = { offset: from + offset, line: lines.length, column: (lines.at(-1) ?? '').length + 1 }
  const message = problem.message.replace(/ \(line \d+, column \d+\)$/, '')
  return { ...problem, message: `${message} (line ${place.line}, column ${place.column})`, details: { ...problem.details, ...place } }
}
