import { ProblemError } from '../../../../../shared/domain/problem.ts'
import { quoteLiteral } from '../../../../../shared/domain/naming.ts'
import { jsonPointer } from '../infer-columns.ts'

/** A member, or (`each`) what a list holds. `isOptional`: where the member is missing, the thing itself. */
export type FieldStep = { key: string; isOptional: boolean } | 'each'

const JSON_STEP = /\.([\p{L}\p{N}_@#$-]+)(\?)?|\.?\[?"((?:[^"\\]|\\.)*)"\]?(\?)?|\[\*\]/uy

/**
 * Where a value is inside a record: `$.a.b`, `$.list[*].name`, `$."a b"`, `$.wrapper?.name` in JSON, `a/b/@id`, `a/b?/c` in XML; `$` or `.` is the
 * record itself.
 * @throws BAD_INPUT
 */
export function parseFieldPath(text: string, isXml: boolean): FieldStep[] {
  if (isXml) return xmlSteps(text)
  if (!text.startsWith('$')) throw badPath(text, 'it must begin with $', 'Write it like $.a.b or $.list[*].name')
  const steps: FieldStep[] = []
  const step = new RegExp(JSON_STEP)
  step.lastIndex = 1
  while (step.lastIndex < text.length) {
    const at = step.lastIndex
    const match = step.exec(text)
    if (match === null) throw badPath(text, `"${text.slice(at)}" is not understood`, 'Write it like $.a.b or $.list[*].name')
    const key = match[1] ?? match[3]
    steps.push(key === undefined ? 'each' : { key: key.replaceAll(/\\(.)/g, '$1'), isOptional: (match[2] ?? match[4]) !== undefined })
  }
  return steps
}

function xmlSteps(text: string): FieldStep[] {
  if (text === '.') return []
  const names = text.replace(/^\//, '').split('/')
  const bad = names.find((name) => !/^[^/\s]+$/.test(name))
  if (bad !== undefined) throw badPath(text, 'it is no path of elements', 'Write it like name/given or @id')
  return names.map((name) => (name.endsWith('?') ? { key: name.slice(0, -1), isOptional: true } : { key: name, isOptional: false }))
}

function badPath(text: string, reason: string, hint: string): ProblemError {
  return new ProblemError('BAD_INPUT', `The path ${text} cannot be read: ${reason}`, { details: { path: text }, hint })
}

export function pathText(steps: readonly FieldStep[]): string {
  return `$${steps.map((step) => (step === 'each' ? '[*]' : `.${/^[\p{L}\p{N}_@#-]+$/u.test(step.key) ? step.key : JSON.stringify(step.key)}${step.isOptional ? '?' : ''}`)).join('')}`
}

const OPENED = "flatten(list_transform(LIST, lambda e: CASE json_type(e) WHEN 'ARRAY' THEN json_extract(e, '$[*]') ELSE [e] END))"
const ELEMENTS = "flatten(list_transform(LIST, lambda e: CASE json_type(e) WHEN 'ARRAY' THEN json_extract(e, '$[*]') WHEN 'NULL' THEN [] ELSE [e] END))"

/**
 * SQL for the list of JSON values that a path leads to. A list on the way stands for its elements, and one thing where a list is expected for a list of
 * one, so that records of both shapes give the same.
 * @param root SQL of the JSON value to begin with
 */
export function walkSql(root: string, steps: readonly FieldStep[]): string {
  return steps.reduce((list, step) => {
    if (step === 'each') return elementsOf(list)
    const pointer = quoteLiteral(jsonPointer(step.key))
    const member = step.isOptional ? `coalesce(json_extract(e, ${pointer}), e)` : `json_extract(e, ${pointer})`
    return `list_filter(list_transform(${OPENED.replace('LIST', () => list)}, lambda e: ${member}), lambda e: e IS NOT NULL)`
  }, `[${root}]`)
}

/** SQL for what a list of JSON values holds, lists in it opened. */
export function elementsOf(list: string): string {
  return ELEMENTS.replace('LIST', () => list)
}

/** SQL for the value of a field: null where there is none, all of them as a list where there are several or a list is asked for. */
export function fieldSql(root: string, { steps, isList }: { steps: readonly FieldStep[]; isList: boolean }): string {
  const last = steps.at(-1) === 'each' ? steps.slice(0, -1) : steps
  const found = walkSql(root, last)
  if (isList) return `CASE WHEN len(${found}) = 0 THEN NULL ELSE to_json(${walkSql(root, [...last, 'each'])}) END`
  const several = `CASE len(${found}) WHEN 0 THEN NULL WHEN 1 THEN (${found})[1] ELSE to_json(${found}) END`
  const keys = steps.flatMap((step) => (step === 'each' || step.isOptional ? [] : [step.key]))
  // Nearly always there is no list on the way, and then one look is enough.
  return keys.length === steps.length && keys.length > 0 ? `coalesce(json_extract(${root}, ${quoteLiteral(keys.map(jsonPointer).join(''))}), ${several})` : several
}
