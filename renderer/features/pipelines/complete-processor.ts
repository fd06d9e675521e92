/**
 * What can be written next in an entity processor: what its context has, columns of the rows that it is given, and its parameters. It reads the text as it stands and
 * knows no types of the author's own.
 */

export interface ProcessorNames {
  /** Of the rows that are handed to it. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Of what it made the last time. */
  readonly made: readonly { readonly name: string; readonly type: string }[]
  readonly parameters: readonly string[]
}

export interface ProcessorSuggestion {
  readonly label: string
  readonly apply: string
  readonly kind: 'property' | 'method' | 'function' | 'class' | 'variable'
  readonly detail: string
}

const CONTEXT: readonly ProcessorSuggestion[] = [
  { label: 'runNumber', apply: 'runNumber', kind: 'property', detail: 'number of the run' },
  { label: 'dataType', apply: 'dataType', kind: 'property', detail: 'data type that runs' },
  { label: 'parameters', apply: 'parameters', kind: 'property', detail: 'values of this run, by name' },
  { label: 'signal', apply: 'signal', kind: 'property', detail: 'aborted when the run is cancelled or the time is up' },
  { label: 'log', apply: 'log(', kind: 'method', detail: 'a line in the log of the run' },
]
const EXPORTS: readonly ProcessorSuggestion[] = [
  { label: 'defineProcessor', apply: 'defineProcessor', kind: 'function', detail: 'gives a processor its types' },
  { label: 'RetryableError', apply: 'RetryableError', kind: 'class', detail: 'thrown: the entity is tried again later' },
]
const PLAIN_NAME = /^[\p{L}_$][\p{L}\p{N}_$]*$/u

/** Suggestions for the word that ends at `pos`, and where it begins. */
export function completeProcessor(names: ProcessorNames, text: string, pos: number): { from: number; options: readonly ProcessorSuggestion[] } {
  const before = text.slice(0, pos)
  const word = /[\p{L}\p{N}_$]*$/u.exec(before)?.[0] ?? ''
  const from = pos - word.length
  const lead = before.slice(0, from)
  return { from, options: optionsAfter(lead, { names, text }).filter(({ label }) => label.toLowerCase().startsWith(word.toLowerCase())) }
}

function optionsAfter(lead: string, { names, text }: { names: ProcessorNames; text: string }): readonly ProcessorSuggestion[] {
  const member = /([\p{L}_$][\p{L}\p{N}_$]*(?:\[\d+\])?)(?:\.parameters)?(\??\.|\[['"])$/u.exec(lead)
  if (member !== null) return membersOf(member[1] ?? '', { lead, isQuoted: member[2]?.startsWith('[') === true, names, text })
  if (/\bimport\s*\{[^}]*$/.test(lead) && /^[^}]*\}\s*from\s*['"]strata['"]/.test(text.slice(lead.length))) return EXPORTS
  return isKeyOfObject(lead) ? keysOf(names) : []
}

function membersOf(name: string, { lead, isQuoted, names, text }: { lead: string; isQuoted: boolean; names: ProcessorNames; text: string }): readonly ProcessorSuggestion[] {
  if (name === contextName(text)) {
    if (!/\.parameters(\??\.|\[['"])$/.test(lead)) return isQuoted ? [] : CONTEXT
    return names.parameters.map((parameter) => ({ label: parameter, apply: parameter, kind: 'variable', detail: 'parameter of the run' }))
  }
  if (!rowNames(text).has(name)) return []
  return names.columns.filter((column) => isQuoted || PLAIN_NAME.test(column.name)).map(({ name: column, type }) => ({ label: column, apply: column, kind: 'property', detail: typeWords(type) }))
}

/** What the third parameter of `process` is called. */
function contextName(text: string): string {
  return /\bprocess\s*\(\s*[\w$]+\s*,\s*[\w$]+\s*,\s*([\w$]+)/.exec(text)?.[1] ?? 'context'
}

/** Names that stand for one of the rows. */
function rowNames(text: string): ReadonlySet<string> {
  const rows = /\bprocess\s*\(\s*[\w$]+\s*,\s*([\w$]+)/.exec(text)?.[1] ?? 'rows'
  const quoted = rows.replaceAll('$', String.raw`\$`)
  const found = [
    ...text.matchAll(new RegExp(String.raw`\b${quoted}\s*\.\s*\w+\(\s*\(?\s*([\w$]+)`, 'g')),
    ...text.matchAll(new RegExp(String.raw`\bfor\s*\(\s*(?:const|let)\s+([\w$]+)\s+of\s+${quoted}\b`, 'g')),
    ...text.matchAll(new RegExp(String.raw`\b(?:const|let)\s+([\w$]+)\s*=\s*${quoted}\s*\[`, 'g')),
    ...text.matchAll(new RegExp(String.raw`\bconst\s*\[\s*([\w$]+)[^\]]*\]\s*=\s*${quoted}\b`, 'g')),
    ...text.matchAll(new RegExp(String.raw`\b(${quoted}\[\d+\])`, 'g')),
  ]
  return new Set(found.flatMap((match) => match[1] ?? []))
}

/** Where a key of `z.object({ … })` is written: columns of what is read, or of what is made. */
function isKeyOfObject(lead: string): boolean {
  if (!/[{,]\s*$/.test(lead)) return false
  let depth = 0
  for (let at = lead.length - 1; at >= 0; at -= 1) {
    const character = lead[at]
    if (character === '}' || character === ')' || character === ']') depth += 1
    else if (character === '{' || character === '(' || character === '[') {
      if (depth === 0) return character === '{' && /\bz\.(?:object|strictObject|looseObject)\(\s*$/.test(lead.slice(0, at))
      depth -= 1
    }
  }
  return false
}

function keysOf({ columns, made }: ProcessorNames): readonly ProcessorSuggestion[] {
  const read = columns.map(({ name, type }) => ({ name, detail: typeWords(type) }))
  const own = made.filter(({ name }) => !read.some((column) => column.name === name)).map(({ name, type }) => ({ name, detail: `${type.toLowerCase()}, of the result` }))
  return [...read, ...own].map(({ name, detail }) => ({ label: name, apply: PLAIN_NAME.test(name) ? `${name}: ` : `${JSON.stringify(name)}: `, kind: 'property', detail }))
}

/** As the value arrives: what a number cannot hold is text. */
function typeWords(type: string): string {
  const isText = /^(DECIMAL|U?BIGINT|U?HUGEINT|DATE|TIME)/i.test(type)
  return isText ? `${type.toLowerCase()}, as text` : type.toLowerCase()
}
