import { z } from 'zod'
import { didYouMean } from '../../../shared/domain/naming.ts'
import type { FindingList } from './finding-list.ts'
import type { YamlDocument } from './yaml-document.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

/** One mistake of a value against its schema, in words. */
interface Reading {
  path: Path
  part: 'key' | 'value'
  code: string
  message: string
  suggestion: string | null
}

/**
 * Reads a YAML document with a schema and reports every mistake, unless the file is no YAML. What is wrong is then left out and the rest read again, so that one
 * bad key does not hide a file's other contents: null only when nothing is left.
 */
export function readWithSchema<S extends z.ZodType>(document: YamlDocument, schema: S, findings: FindingList): z.output<S> | null {
  for (let round = 0; ; round++) {
    const root: unknown = document.value ?? Object.create(null)
    const result = schema.safeParse(root)
    if (result.success) return result.data
    const readings = withoutEchoes(result.error.issues).flatMap((issue) => readIssue(issue, { schema, root, base: [] }))
    for (const { path, part, code, message, suggestion } of readings) {
      // Leaving things out makes mistakes of its own (a required key that was wrong is now missing): only the first reading is news.
      if (round === 0 && !document.isBroken) findings.add({ code, file: document.file, at: document.place(path, part), message, suggestion })
    }
    if (!document.leaveOut(readings.map(({ path }) => path))) return null
  }
}

/** A condition on an object is not told when a misspelt key in it explains why it does not hold. */
function withoutEchoes(issues: readonly Issue[]): Issue[] {
  const misspelt = new Set(issues.flatMap(({ code, path }) => (code === 'unrecognized_keys' ? [JSON.stringify(path)] : [])))
  return issues.filter(({ code, path }) => code !== 'custom' || !misspelt.has(JSON.stringify(path)))
}

interface IssueContext {
  schema: z.ZodType
  root: unknown
  /** What the issue's own path begins at, for one inside a union. */
  base: Path
}

function readIssue(issue: Issue, { schema, root, base }: IssueContext): Reading[] {
  const path = [...base, ...issue.path]
  const value = valueAt(root, path)
  const reading = (message: string, more: Partial<Reading> = {}): Reading[] => [
    { path, part: 'value', code: 'invalid-value', message: `${nameOf(path)} ${message}`, suggestion: null, ...more },
  ]
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, keysAt(schema, path)))
    case 'invalid_union':
      return readUnion(issue.errors, { schema, root, path, value })
    case 'invalid_type':
      return value === undefined
        ? reading(`is missing: ${expectation(issue.expected)}`, { code: 'missing-key' })
        : reading(`must be ${expectation(issue.expected)}, but is ${describeValue(value)}`, { code: 'wrong-type', suggestion: typeSuggestion(issue.expected, value) })
    case 'invalid_value': {
      const choices = issue.values.map(String)
      if (!issue.message.startsWith('Invalid')) return reading(issue.message)
      return reading(`must be ${choices.join(' or ')}, but is ${describeValue(value)}`, { suggestion: typeof value === 'string' ? didYouMean(value, choices) : null })
    }
    case 'too_small':
      return reading(issue.origin === 'string' || issue.origin === 'array' ? 'must not be empty' : `must be at least ${issue.minimum}, but is ${describeValue(value)}`)
    case 'too_big':
      return reading(`must be at most ${issue.maximum}, but is ${describeValue(value)}`)
    case 'invalid_format':
      return reading(`${issue.message}, but is ${describeValue(value)}`)
    default:
      return reading(issue.message)
  }
}

/** Of the ways a value could have been written, the one it comes closest to. */
function readUnion(branches: Issue[][], { schema, root, path, value }: { schema: z.ZodType; root: unknown; path: Path; value: unknown }): Reading[] {
  const isWrongKind = ({ path: at, code }: Issue): boolean => at.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && typeof value !== 'string'))
  const likely = branches.filter((issues) => !issues.some(isWrongKind))
  const [closest] = likely.toSorted((a, b) => a.length - b.length)
  if (closest !== undefined) return withoutEchoes(closest).flatMap((issue) => readIssue(issue, { schema, root, base: path }))
  const kinds = [...new Set(branches.flat().flatMap((issue) => (issue.code === 'invalid_type' ? [expectation(issue.expected)] : [])))]
  const isMissing = value === undefined
  const message = isMissing ? `is missing: ${kinds.join(' or ')}` : `must be ${kinds.join(' or ')}, but is ${describeValue(value)}`
  return [{ path, part: 'value', code: isMissing ? 'missing-key' : 'wrong-type', message: `${nameOf(path)} ${message}`, suggestion: null }]
}

function unknownKey(key: string, path: Path, known: readonly string[]): Reading {
  const suggestion = didYouMean(key, known) ?? (known.length === 0 ? null : `Known here: ${known.join(', ')}`)
  return { path: [...path, key], part: 'key', code: 'unknown-key', message: `Unknown key "${key}"${path.length === 0 ? '' : ` in ${path.map(String).join('.')}`}`, suggestion }
}

/** The keys that the schema knows at a place, over all the ways it may be written. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodUnion) return [...new Set(inner.options.flatMap((option: z.core.$ZodType) => keysAt(option, path)))]
  const [head, ...rest] = path
  if (head === undefined) return inner instanceof z.ZodObject ? Object.keys(inner.shape) : []
  if (inner instanceof z.ZodArray) return keysAt(inner.element, rest)
  if (inner instanceof z.ZodRecord) return keysAt(inner.valueType, rest)
  const child: unknown = inner instanceof z.ZodObject ? inner.shape[String(head)] : undefined
  return child instanceof z.ZodType ? keysAt(child, rest) : []
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema
}

function nameOf(path: Path): string {
  return path.length === 0 ? 'The file' : `"${path.map(String).join('.')}"`
}

const EXPECTATIONS: Readonly<Record<string, string>> = { string: 'text', int: 'a whole number', number: 'a number', boolean: 'true or false', array: 'a list', object: 'a mapping of keys', record: 'a mapping of keys' }

function expectation(expected: string): string {
  return EXPECTATIONS[expected] ?? expected
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping of keys'
  return typeof value === 'string' ? `"${value}"` : String(value)
}

function typeSuggestion(expected: string, value: unknown): string | null {
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return `Put it in quotes: "${value}"`
  return null
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (isContainer(value) ? value[String(key)] : undefined), root)
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
