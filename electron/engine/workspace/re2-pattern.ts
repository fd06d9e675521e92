/** Whether a regular expression is one for RE2, the engine of DuckDB, found out without DuckDB. */

const UNSUPPORTED: readonly [RegExp, string][] = [
  [/^\(\?<?[=!]/, 'looking ahead or behind is not possible in RE2'],
  [/^\\[1-9]/, 'back references are not possible in RE2'],
  [/^\\k</, 'back references are not possible in RE2'],
  [/^\(\?>/, 'atomic groups are not possible in RE2'],
]

/** RE2's own forms as JavaScript writes them, or as something of the same shape. */
const TRANSLATED: readonly [RegExp, string][] = [
  [/^\(\?P?<[A-Za-z_]\w*>/, '('],
  [/^\(\?[imsU-]+\)/, ''],
  [/^\(\?[imsU-]*:/, '(?:'],
  [/^\\[AzC]/, ''],
  [/^\\[pP](\{\^?\w+\}|\w)/, 'x'],
  [/^\\x\{[0-9a-fA-F]+\}/, 'x'],
]

const MAX_REPEAT = 1_000

/** What is wrong with the pattern, or null. */
export function re2PatternProblem(pattern: string): string | null {
  let rest = pattern
  let translated = ''
  let inClass = false
  while (rest !== '') {
    if (!inClass) {
      const problem = UNSUPPORTED.find(([form]) => form.test(rest))?.[1]
      if (problem !== undefined) return problem
    }
    const [token, text] = nextToken(rest, inClass)
    if (token === '[' && !inClass) inClass = true
    else if (token === ']' && inClass) inClass = false
    translated += text
    rest = rest.slice(token.length)
  }
  const tooMany = [...translated.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].some(([, from, to]) => Number(from) > MAX_REPEAT || Number(to ?? 0) > MAX_REPEAT)
  if (tooMany) return `RE2 repeats at most ${MAX_REPEAT} times`
  try {
    new RegExp(translated, 's')
    return null
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return message.replace(/^Invalid regular expression: .*: /s, '').toLowerCase()
  }
}

/** The next piece as written and as translated. */
function nextToken(rest: string, inClass: boolean): [string, string] {
  if (inClass) {
    const named = /^\[:\^?[a-z]+:\]/.exec(rest)?.[0]
    if (named !== undefined) return [named, 'a-z']
  } else {
    if (rest.startsWith('[]') || rest.startsWith('[^]')) return ['[', '[']
    for (const [form, text] of TRANSLATED) {
      const match = form.exec(rest)?.[0]
      if (match !== undefined) return [match, text]
    }
  }
  const escape = /^\\[\s\S]/.exec(rest)?.[0]
  if (escape !== undefined) return [escape, escape]
  const [char = ''] = rest
  return [char, char]
}
