import { ProblemError } from '../../../../shared/domain/problem.ts'

/** A member of an object, or every element of a list. */
export type PathStep = { key: string } | 'each'

/** `.name`, `[*]`, `."name"` or `["name"]`, `['name']`. */
const STEP = /\.([\p{L}\p{N}_@#$-]+)|\[\*\]|\.?\[?"((?:[^"\\]|\\.)*)"\]?|\['((?:[^'\\]|\\.)*)'\]/uy

/**
 * `$.a.b[*]`, `$."a b"`, `$['a b']`: where the records of a JSON document are. A list at the end of the path stands for its elements.
 * @throws BAD_INPUT
 */
export function parseRecordPath(text: string): PathStep[] {
  if (!text.startsWith('$')) throw badPath(text, 'it must begin with $')
  const steps: PathStep[] = []
  const step = new RegExp(STEP)
  step.lastIndex = 1
  while (step.lastIndex < text.length) {
    const at = step.lastIndex
    const match = step.exec(text)
    if (match === null) throw badPath(text, `"${text.slice(at)}" is not understood`)
    const key = match[1] ?? match[2] ?? match[3]
    steps.push(key === undefined ? 'each' : { key: key.replaceAll(/\\(.)/g, '$1') })
  }
  return steps
}

function badPath(text: string, reason: string): ProblemError {
  return new ProblemError('BAD_INPUT', `The record path ${text} cannot be read: ${reason}`, {
    details: { record: text },
    hint: 'Write it like $.studies[*] or $.a."b c"[*]',
  })
}
