import { parse } from 'yaml'
import { z } from 'zod'
import { toProblem, ProblemError } from '../../../../shared/domain/problem.ts'
import { readColumnType } from '../../workspace/column-type.ts'
import type { FileAddition } from '../suggest/add-to-contract.ts'
import { anomalyOptionsSchema, fileSeverity, type FileSeverity, ownRule, sensitiveOf } from './odcs-own.ts'
import { DRIFT_PROPERTY, type OdcsDocument, odcsDocumentSchema, odcsName, type OdcsProperty, type OdcsQuality, type OdcsTable } from './odcs-document.ts'

export interface OdcsReading {
  additions: FileAddition[]
  /** What the document says and a contract of ours has no words for, a sentence each. */
  leftOut: string[]
}

/** What a document of the Open Data Contract Standard promises of a dataset. @throws BAD_INPUT when it is no such document */
export function readOdcs(text: string, dataset: string): OdcsReading {
  const document = parseDocument(text)
  const table = tableFor(document, dataset)
  const leftOut = unknownParts(document, ['kind', 'apiVersion', 'schema', 'id', 'name', 'version', 'status', 'domain', 'description'], '')
  const others = document.schema.filter((other) => other !== table)
  if (others.length > 0) leftOut.push(`The tables ${others.map(({ name }) => name).join(', ')}: a contract is about one dataset`)
  leftOut.push(...unknownParts(table, ['name', 'physicalName', 'logicalType', 'physicalType', 'description', 'customProperties', 'properties', 'quality'], `${table.name}.`))
  const additions: FileAddition[] = [...(table.description === undefined ? [] : [{ kind: 'set' as const, path: ['description'], value: table.description }]), ...driftOf(table, leftOut), ...keyOf(table)]
  const isOwnKey = hasOwnKey(table)
  for (const property of table.properties ?? []) additions.push(...propertyAdditions(isOwnKey ? { ...property, primaryKey: false } : property, leftOut))
  for (const quality of table.quality ?? []) additions.push(...tableAdditions(quality, leftOut))
  return { additions, leftOut }
}

function parseDocument(text: string): OdcsDocument {
  let value: unknown
  try {
    value = parse(text)
  } catch (error) {
    throw new ProblemError('BAD_INPUT', `The file is no YAML: ${toProblem(error).message}`)
  }
  const parsed = odcsDocumentSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ProblemError('BAD_INPUT', `The file is no document of the Open Data Contract Standard: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`, { hint: 'It needs kind: DataContract and a schema' })
}

function tableFor({ schema }: OdcsDocument, dataset: string): OdcsTable {
  const found = schema.find(({ name, physicalName }) => physicalName === dataset || name === odcsName(dataset) || name === dataset) ?? (schema.length === 1 ? schema[0] : undefined)
  if (found !== undefined) return found
  throw new ProblemError('BAD_INPUT', `None of the ${schema.length} tables is ${dataset}: ${schema.map(({ name }) => name).join(', ')}`, { hint: 'Give the table the physicalName of the dataset, or leave only one in the file' })
}

function unknownParts(value: Readonly<Record<string, unknown>>, known: readonly string[], place: string): string[] {
  return Object.keys(value).filter((key) => !known.includes(key)).map((key) => `${place}${key}`)
}

function driftOf({ name, customProperties = [] }: OdcsTable, leftOut: string[]): FileAddition[] {
  const others = customProperties.filter(({ property }) => property !== DRIFT_PROPERTY)
  leftOut.push(...others.map(({ property }) => `${name}.customProperties.${property}`))
  return customProperties.filter((one) => !others.includes(one)).map(({ value }) => ({ kind: 'set', path: ['drift'], value }))
}

/** A key that does not block stands as quality of ours, with its severity. */
function hasOwnKey({ quality = [] }: OdcsTable): boolean {
  return quality.some((one) => ownRule(one)?.name === 'key')
}

function keyOf(table: OdcsTable): FileAddition[] {
  const { properties = [] } = table
  if (hasOwnKey(table)) return []
  const key = properties.filter(({ primaryKey }) => primaryKey === true).toSorted((a, b) => (a.primaryKeyPosition ?? 0) - (b.primaryKeyPosition ?? 0))
  return key.length === 0 ? [] : [{ kind: 'key', columns: key.map(columnName) }]
}

function columnName({ name, physicalName }: OdcsProperty): string {
  return physicalName ?? name
}

const KNOWN_KEYS = ['name', 'physicalName', 'physicalType', 'logicalType', 'logicalTypeOptions', 'description', 'classification', 'required', 'unique', 'primaryKey', 'primaryKeyPosition', 'relationships', 'quality']
const TYPES: Readonly<Partial<Record<NonNullable<OdcsProperty['logicalType']>, string>>> = { string: 'VARCHAR', date: 'DATE', timestamp: 'TIMESTAMP', time: 'TIME', boolean: 'BOOLEAN', integer: 'BIGINT', number: 'DOUBLE' }

function propertyAdditions(property: OdcsProperty, leftOut: string[]): FileAddition[] {
  const column = columnName(property)
  leftOut.push(...unknownParts(property, KNOWN_KEYS, `${column}.`))
  const rule = (value: FileRule): FileAddition => ({ kind: 'rule', column, rule: value })
  const options = optionRules(property, leftOut)
  // A relationship of ours stands as quality too, with the dataset's real name.
  const own = (property.quality ?? []).some(({ engine }) => engine === 'strata')
  if (!own) for (const { to } of property.relationships ?? []) leftOut.push(`${column}.relationships: ${String(to)} names no dataset of ours`)
  return [
    { kind: 'column', column, ...typeOf(property, leftOut), ...(property.description === undefined ? {} : { description: property.description }), ...sensitivityOf(property, leftOut) },
    ...(property.required === true && property.primaryKey !== true ? [rule('not_null')] : []),
    ...(property.unique === true && property.primaryKey !== true ? [rule('unique')] : []),
    ...options.map(rule),
    ...(property.quality ?? []).flatMap((quality) => qualityRules(quality, `${column}.quality`, leftOut).map(rule)),
  ]
}

function sensitivityOf(property: OdcsProperty, leftOut: string[]): { sensitive?: boolean } {
  if (property.classification === undefined) return {}
  const sensitive = sensitiveOf(property.classification)
  if (sensitive === null) leftOut.push(`${columnName(property)}.classification: ${property.classification}`)
  return sensitive === null ? {} : { sensitive }
}

type FileRule = Extract<FileAddition, { kind: 'rule' }>['rule']

function typeOf({ name, physicalType, logicalType }: OdcsProperty, leftOut: string[]): { type?: string } {
  const reading = physicalType === undefined ? null : readColumnType(physicalType)
  if (reading !== null && reading.ok) return { type: reading.type }
  if (physicalType !== undefined) leftOut.push(`${name}.physicalType: ${physicalType} is no type of DuckDB`)
  const type = logicalType === undefined ? undefined : TYPES[logicalType]
  return physicalType !== undefined || type === undefined ? {} : { type }
}

const optionSchema = z.object({ min: z.union([z.number(), z.string()]).optional(), max: z.union([z.number(), z.string()]).optional() })

function optionRules({ name, logicalTypeOptions = {} }: OdcsProperty, leftOut: string[]): FileRule[] {
  const { minLength, maxLength, minimum, maximum, pattern, ...others } = logicalTypeOptions
  leftOut.push(...Object.keys(others).map((key) => `${name}.logicalTypeOptions.${key}`))
  const bounds = (min: unknown, max: unknown): Record<string, unknown> | null => {
    const parsed = optionSchema.safeParse({ min, max })
    return parsed.success && (min !== undefined || max !== undefined) ? Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined)) : null
  }
  const [length, range] = [bounds(minLength, maxLength), bounds(minimum, maximum)]
  return [...(length === null ? [] : [{ length }]), ...(range === null ? [] : [{ range }]), ...(typeof pattern === 'string' ? [{ pattern: unanchored(pattern) }] : [])]
}

/** Our patterns match the whole text anyway. */
function unanchored(pattern: string): string {
  return pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '')
}

const OWN_RULES = new Set(['range', 'length', 'distinct', 'relationship'])

type RuleReader = (quality: OdcsQuality, severity: FileSeverity) => FileRule | null

/** A rule without options is its name alone. */
function short(name: 'not_null' | 'unique', severity: FileSeverity): FileRule {
  return 'severity' in severity ? { [name]: severity } : name
}

const COLUMN_RULES: readonly RuleReader[] = [
  ({ metric, mustBe }, severity) => (metric === 'nullValues' && mustBe === 0 ? short('not_null', severity) : null),
  ({ metric, mustBe }, severity) => (metric === 'duplicateValues' && mustBe === 0 ? short('unique', severity) : null),
  ({ metric, unit, mustBeLessOrEqualTo: most }, severity) => (metric === 'nullValues' && unit === 'percent' && most !== undefined ? { nulls: { max: `${most}%`, ...severity } } : null),
  (quality, severity) => (Array.isArray(invalidBy(quality, 'validValues')) ? { accepted_values: { values: invalidBy(quality, 'validValues'), ...severity } } : null),
  (quality, severity) => (typeof invalidBy(quality, 'pattern') === 'string' ? { pattern: { pattern: invalidBy(quality, 'pattern'), ...severity } } : null),
  (quality, severity) => {
    const own = ownRule(quality)
    return own !== null && OWN_RULES.has(own.name) ? { [own.name]: { ...own.options, ...severity } } : null
  },
]

function invalidBy({ metric, mustBe, arguments: given }: OdcsQuality, argument: string): unknown {
  return metric === 'invalidValues' && mustBe === 0 ? given?.[argument] : undefined
}

function qualityRules(quality: OdcsQuality, place: string, leftOut: string[]): FileRule[] {
  const severity = fileSeverity(quality)
  for (const read of COLUMN_RULES) {
    const rule = read(quality, severity)
    if (rule !== null) return [rule]
  }
  leftOut.push(`${place}: ${nameOf(quality)}`)
  return []
}

function nameOf({ name, metric, type }: OdcsQuality): string {
  return name ?? metric ?? type ?? 'a rule'
}

type TableReader = (quality: OdcsQuality, severity: FileSeverity) => FileAddition | FileAddition[] | null

const TABLE_RULES: readonly TableReader[] = [
  (quality, severity) => {
    const bounds = quality.metric === 'rowCount' ? rowBounds(quality) : {}
    return Object.keys(bounds).length === 0 ? null : { kind: 'set', path: ['rows'], value: { ...bounds, ...severity } }
  },
  ({ metric, mustBe, arguments: given }, severity) => {
    const columns = metric === 'duplicateValues' && mustBe === 0 ? given?.['properties'] : undefined
    if (!Array.isArray(columns)) return null
    return { kind: 'append', path: ['unique'], value: 'severity' in severity ? { columns, ...severity } : columns }
  },
  ({ type, mustBe, query, name = 'check' }, severity) => {
    const select = type === 'sql' && mustBe === 0 ? COUNTED.exec(query ?? '')?.[1] : undefined
    return select === undefined ? null : { kind: 'append', path: ['checks'], value: { name, ...severity, sql: `${select.trim()}\n` } }
  },
  (quality, severity) => {
    const own = ownRule(quality)
    if (own === null || !OWN_TABLE_RULES.has(own.name)) return null
    if (own.name === 'anomalies') return anomalyAdditions(own.options, severity)
    // How much may be in quarantine always blocks.
    return { kind: 'set', path: [own.name], value: own.name === 'quarantine' ? own.options : { ...own.options, ...severity } }
  },
]

const OWN_TABLE_RULES = new Set(['growth', 'freshness', 'quarantine', 'key', 'anomalies'])

/** A group of measures with its own bounds; what is looked back at is one for all. */
function anomalyAdditions(options: Record<string, unknown>, severity: FileSeverity): FileAddition[] | null {
  const parsed = anomalyOptionsSchema.safeParse(options)
  if (!parsed.success) return null
  const { of, over, at_least: atLeast, measure } = parsed.data
  return [
    { kind: 'set', path: ['anomalies', 'over'], value: over },
    { kind: 'set', path: ['anomalies', 'at_least'], value: atLeast },
    // Warning is what they do by themselves.
    { kind: 'set', path: ['anomalies', of], value: { ...measure, severity: severity.severity ?? 'block' } },
  ]
}

const COUNTED = /^\s*SELECT count\(\*\) FROM \(([\s\S]*)\)\s*$/i

function rowBounds({ mustBe, mustBeBetween, mustBeGreaterOrEqualTo: min, mustBeLessOrEqualTo: max }: OdcsQuality): Record<string, number | undefined> {
  if (mustBeBetween !== undefined) return { min: mustBeBetween[0], max: mustBeBetween[1] }
  if (typeof mustBe === 'number') return { min: mustBe, max: mustBe }
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
}

function tableAdditions(quality: OdcsQuality, leftOut: string[]): FileAddition[] {
  const severity = fileSeverity(quality)
  for (const read of TABLE_RULES) {
    const addition = read(quality, severity)
    if (addition !== null) return [addition].flat()
  }
  leftOut.push(`quality: ${nameOf(quality)}`)
  return []
}
