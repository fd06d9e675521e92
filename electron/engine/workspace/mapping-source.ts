import { PROVENANCE_COLUMNS } from '../../../shared/domain/table-query.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import { parseFieldPath } from '../etl/connectors/mapping/field-path.ts'
import { PARENT_RECORD } from '../etl/connectors/mapping/map-records.ts'
import { readColumnType } from './column-type.ts'
import type { FieldSpec, RecordMapping, SourceSpec } from './model.ts'
import type { FieldsFile } from './pipeline-file.schema.ts'
import type { SourceContext } from './source-context.ts'

interface Fields {
  fields: FieldSpec[]
  /** Declared types by field. */
  columns: Record<string, string>
}

/** The source itself with its declared fields, and a source for each of its children, which reads what that one was delivered. */
export function readMapping(context: SourceContext, spec: SourceSpec): { spec: SourceSpec; children: SourceSpec[] } {
  const { source, name } = context
  const isXml = spec.format === 'xml'
  const own = source.fields === undefined ? null : readFields(context, { fields: source.fields, at: ['fields'], isXml })
  const mapped: SourceSpec = own === null ? spec : { ...spec, columns: { ...spec.columns, ...own.columns }, mapping: { fields: own.fields, child: null } }
  const declared = Object.entries(source.children ?? {})
  const children = declared.map(([child, { record, fields, keys = [] }]): SourceSpec => {
    const at = ['children', child]
    checkPath(context, { path: record, at: [...at, 'record'], isXml })
    const keyNames = [keys].flat()
    const found = keyNames.flatMap((key) => own?.fields.find((field) => field.name === key) ?? [])
    for (const key of keyNames.filter((one) => !found.some((field) => field.name === one))) {
      complainAt(context, [...at, 'keys'], { code: 'invalid-value', message: `"${key}" is no field of source "${name}"`, suggestion: own === null ? `Declare it under fields of ${name}` : `Its fields: ${own.fields.map((field) => field.name).join(', ')}` })
    }
    const read = readFields(context, { fields, at: [...at, 'fields'], isXml, taken: [PARENT_RECORD, ...keyNames] })
    const types = Object.fromEntries(found.flatMap((field) => (own?.columns[field.name] === undefined ? [] : [[field.name, own.columns[field.name] ?? '']])))
    const mapping: RecordMapping = { fields: read.fields, child: { record, keys: found } }
    const { incremental: _, ...shared } = spec
    return { ...shared, name: `${name}_${child}`, childOf: name, columns: { ...types, ...read.columns }, mapping }
  })
  return { spec: mapped, children }
}

interface FieldsAt {
  fields: FieldsFile
  at: string[]
  isXml: boolean
  /** Names that are columns already. */
  taken?: readonly string[]
}

function readFields(context: SourceContext, { fields, at, isXml, taken = [] }: FieldsAt): Fields {
  const names = new Map([...PROVENANCE_COLUMNS, ...taken].map((name) => [name.toLowerCase(), name]))
  const columns: Record<string, string> = {}
  const specs = Object.entries(fields).map(([name, written]): FieldSpec => {
    const { path, type } = typeof written === 'string' ? { path: written, type: undefined } : written
    const earlier = names.get(name.toLowerCase())
    if (earlier !== undefined) complainAt(context, [...at, name], { code: 'duplicate', part: 'key', message: `There is a column "${earlier}" already` })
    names.set(name.toLowerCase(), name)
    checkPath(context, { path, at: typeof written === 'string' ? [...at, name] : [...at, name, 'path'], isXml })
    const reading = type === undefined ? null : readColumnType(type)
    if (reading?.ok === false) complainAt(context, [...at, name, 'type'], { code: 'unknown-type', message: reading.problem, suggestion: reading.suggestion })
    if (reading?.ok === true) columns[name] = reading.type
    return { name, path, isList: path.endsWith('[*]') || (reading?.ok === true && reading.type.endsWith('[]')) }
  })
  return { fields: specs, columns }
}

function checkPath(context: SourceContext, { path, at, isXml }: { path: string; at: string[]; isXml: boolean }): void {
  try {
    parseFieldPath(path, isXml)
  } catch (error) {
    const { message, hint } = toProblem(error)
    complainAt(context, at, { code: 'invalid-value', message, suggestion: hint })
  }
}

interface MistakeAt {
  code: string
  message: string
  suggestion?: string | null
  part?: 'key' | 'value'
}

function complainAt({ name, document, findings }: SourceContext, at: string[], { part = 'value', ...mistake }: MistakeAt): void {
  findings.add({ ...mistake, file: document.file, at: document.place(['sources', name, ...at], part) })
}
