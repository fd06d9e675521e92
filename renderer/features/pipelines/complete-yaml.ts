import { z } from 'zod'
import type { YamlPlace } from './yaml-place.ts'

/** What can be written at a place of a YAML file, by the JSON Schema of its kind. */

export interface YamlSuggestion {
  label: string
  /** What is put in, where that is more than the label. */
  apply: string
  /** A word behind it: of what kind it is. */
  detail: string
  /** What it means. */
  about: string | null
}

interface SchemaNode {
  type?: string | string[] | undefined
  description?: string | undefined
  properties?: Record<string, SchemaNode> | undefined
  required?: string[] | undefined
  additionalProperties?: boolean | SchemaNode | undefined
  items?: SchemaNode | undefined
  enum?: unknown[] | undefined
  const?: unknown
  anyOf?: SchemaNode[] | undefined
  oneOf?: SchemaNode[] | undefined
  allOf?: SchemaNode[] | undefined
}

/** As zod writes it: everything in its place, without references. */
export const yamlSchema: z.ZodType<SchemaNode> = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  required: z.array(z.string()).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  get properties() {
    return z.record(z.string(), yamlSchema).optional()
  },
  get additionalProperties() {
    return z.union([z.boolean(), yamlSchema]).optional()
  },
  get items() {
    return yamlSchema.optional()
  },
  get anyOf() {
    return z.array(yamlSchema).optional()
  },
  get oneOf() {
    return z.array(yamlSchema).optional()
  },
  get allOf() {
    return z.array(yamlSchema).optional()
  },
})

/** Names of the workspace that the schema cannot know. */
export interface YamlNames {
  /** Keys of a mapping by its path, `columns` or `given`. */
  keysAt(path: readonly string[]): readonly string[]
  /** Values of a key, or of a list, by its path. */
  valuesAt(path: readonly string[]): readonly string[]
}

export function completeYaml(schema: SchemaNode, place: YamlPlace, names: YamlNames): YamlSuggestion[] {
  const nodes = nodesAt(schema, place.path)
  if (place.kind === 'value') return [...valuesOf(nodes.flatMap((node) => stepInto(node, place.key ?? ''))), ...namedValues(names.valuesAt([...place.path, place.key ?? '']))]
  const keys = nodes.flatMap(keysOf)
  const named = names.keysAt(place.path).map((label): YamlSuggestion => ({ label, apply: `${label}: `, detail: 'name', about: null }))
  const values = place.path.at(-1) === '*' ? [...valuesOf(nodes), ...namedValues(names.valuesAt(place.path.slice(0, -1)))] : []
  return unique([...named, ...keys, ...values]).filter(({ label }) => !place.siblings.includes(label))
}

function nodesAt(schema: SchemaNode, path: readonly string[]): SchemaNode[] {
  return path.reduce<SchemaNode[]>((nodes, key) => nodes.flatMap((node) => stepInto(node, key)), [schema])
}

/** All the ways in which a value may be written. */
function waysOf(node: SchemaNode): SchemaNode[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
  return inner.length === 0 ? [node] : [node, ...inner.flatMap(waysOf)]
}

function stepInto(node: SchemaNode, key: string): SchemaNode[] {
  return waysOf(node).flatMap((way) => {
    if (key === '*') return way.items ?? []
    const own = way.properties?.[key]
    if (own !== undefined) return own
    return typeof way.additionalProperties === 'object' ? way.additionalProperties : []
  })
}

function keysOf(node: SchemaNode): YamlSuggestion[] {
  return waysOf(node).flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([label, property]) => ({
      label,
      apply: isNested(property) ? `${label}:` : `${label}: `,
      detail: required.includes(label) ? 'required' : kindOf(property),
      about: property.description ?? null,
    })),
  )
}

function valuesOf(nodes: readonly SchemaNode[]): YamlSuggestion[] {
  return unique(nodes.flatMap(waysOf).flatMap((node) => {
    const values = node.enum ?? (node.const === undefined ? (node.type === 'boolean' ? [true, false] : []) : [node.const])
    return values.map((value): YamlSuggestion => ({ label: String(value), apply: String(value), detail: '', about: node.description ?? null }))
  }))
}

function namedValues(names: readonly string[]): YamlSuggestion[] {
  return names.map((label) => ({ label, apply: label, detail: 'name', about: null }))
}

function isNested(node: SchemaNode): boolean {
  return waysOf(node).every(({ type, anyOf, oneOf, allOf }) => type === 'object' || anyOf !== undefined || oneOf !== undefined || allOf !== undefined)
}

function kindOf(node: SchemaNode): string {
  const types = waysOf(node).flatMap(({ type, enum: values }) => (values === undefined ? (type ?? []) : ['choice']))
  return [...new Set(types)].map((type) => KIND_WORDS[type] ?? type).join(' or ')
}

const KIND_WORDS: Readonly<Record<string, string>> = { string: 'text', integer: 'whole number', object: 'mapping', array: 'list', boolean: 'true or false' }

function unique(suggestions: readonly YamlSuggestion[]): YamlSuggestion[] {
  return [...new Map(suggestions.map((suggestion) => [suggestion.label, suggestion])).values()]
}
