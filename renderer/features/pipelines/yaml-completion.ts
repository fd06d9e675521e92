import type { CompletionContext, CompletionResult } from '../../editor/code-editor.tsx'
import { completeYaml, type YamlNames, yamlSchema, type YamlSuggestion } from './complete-yaml.ts'
import { yamlPlace } from './yaml-place.ts'

export type YamlKind = 'workspace' | 'pipeline' | 'contract' | 'test'
type Schema = ReturnType<typeof yamlSchema.parse>

/** Each comes when the first file of its kind is opened. */
const SCHEMAS: Readonly<Record<YamlKind, () => Promise<{ default: unknown }>>> = {
  workspace: () => import('../../../resources/schemas/strata.schema.json'),
  pipeline: () => import('../../../resources/schemas/pipeline.schema.json'),
  contract: () => import('../../../resources/schemas/contract.schema.json'),
  test: () => import('../../../resources/schemas/test.schema.json'),
}
const loaded = new Map<YamlKind, Promise<Schema>>()

/** The schema by which files of a kind are read. */
export function loadYamlSchema(kind: YamlKind): Promise<Schema> {
  const known = loaded.get(kind) ?? SCHEMAS[kind]().then((module) => yamlSchema.parse(module.default))
  loaded.set(kind, known)
  return known
}

/** Completion of a workspace file for the editor: keys and values as its schema and the workspace have them. */
export function yamlCompletion(schema: Schema, names: YamlNames, { state, pos, explicit }: CompletionContext): CompletionResult | null {
  const text = state.doc.toString()
  const place = yamlPlace(text, pos)
  if (place === null) return null
  const typed = text.slice(place.from, pos)
  // At the beginning of a line only who asks is answered; behind a colon a space is enough.
  if (!explicit && typed === '' && place.kind === 'key') return null
  const options = completeYaml(schema, place, names)
  return options.length === 0 ? null : { from: place.from, options: options.map((option) => toCompletion(option, place.kind)), validFor: /^[\w.-]*$/ }
}

function toCompletion({ label, apply, detail, about }: YamlSuggestion, kind: 'key' | 'value'): CompletionResult['options'][number] {
  return { label, apply, type: kind === 'key' ? 'property' : 'constant', detail, ...(about === null ? {} : { info: about }) }
}
