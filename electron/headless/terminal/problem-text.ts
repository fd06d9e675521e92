import type { Problem } from '../../../shared/domain/problem.ts'
import { plainText } from './plain-text.ts'

/** A problem for people, three lines at most: what, where, what to try. Ends with a line break. */
export function problemText(problem: Problem): string {
  const lines = [`strata: ${plainText(problem.message)}`]
  const where = problemPlace(problem)
  if (where !== null) lines.push(`  where: ${plainText(where)}`)
  if (problem.hint !== null) lines.push(`  try:   ${plainText(problem.hint)}`)
  return `${lines.join('\n')}\n`
}

/** `file:line:column`, or the dataset or step, as far as the problem says. */
function problemPlace({ details }: Problem): string | null {
  const [file, line, column] = [details['file'] ?? details['path'], details['line'], details['column']]
  if (typeof file === 'string') return [file, line, column].filter((part) => typeof part === 'string' || typeof part === 'number').join(':')
  const thing = details['dataset'] ?? details['step'] ?? details['entityId']
  return typeof thing === 'string' ? thing : null
}
