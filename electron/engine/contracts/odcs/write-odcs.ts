import { stringify } from 'yaml'
import type { Column } from '../../../../shared/domain/table-query.ts'
import type { CheckSpec, StepModel } from '../../workspace/model.ts'
import { anomalyQuality, classificationOf, fileTolerance, ownQuality, percent, severityWords } from './odcs-own.ts'
import { DRIFT_PROPERTY, type OdcsProperty, type OdcsQuality, odcsName, type OdcsTable } from './odcs-document.ts'

export interface PromisedTable {
  step: StepModel
  /** Of the current version; empty when there is none. */
  columns: readonly Column[]
  /** Its number; null when nothing is published. */
  version: number | null
}

interface Head {
  id: string
  name: string
  description: string | null
  tables: readonly PromisedTable[]
}

/** Contracts as one document of the Open Data Contract Standard 3.1.0. What the standard has no words for is written as quality of engine strata. */
export function writeOdcs({ id, name, description, tables }: Head): string {
  const [only] = tables
  const isOne = tables.length === 1
  const document = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id,
    name,
    version: isOne && only?.version !== null && only !== undefined ? `${only.version}.0.0` : '1.0.0',
    status: tables.some(({ version }) => version !== null) ? 'active' : 'draft',
    ...(isOne && only !== undefined ? { domain: only.step.dataType } : {}),
    ...(description === null ? {} : { description: { purpose: description } }),
    schema: tables.map(tableOf),
  }
  return stringify(document, { lineWidth: 0 })
}

function tableOf({ step, columns }: PromisedTable): OdcsTable {
  const { contract, dataset, drift } = step
  const checks = contract?.checks ?? []
  const key = contract?.key ?? []
  const quality = [...keyQuality(key, checks), ...checks.filter((check) => !isKey(check, key)).flatMap(tableQuality), ...anomalyQuality(checks)]
  return {
    name: odcsName(dataset),
    physicalName: dataset,
    logicalType: 'object',
    physicalType: 'table',
    ...(contract?.description == null ? {} : { description: contract.description }),
    ...(drift === DEFAULT_DRIFT ? {} : { customProperties: [{ property: DRIFT_PROPERTY, value: drift }] }),
    properties: namesOf(columns, contract).map((name) => propertyOf(name, { step, columns, checks: checks.filter((check) => columnOf(check) === name && !isKey(check, key)) })),
    ...(quality.length === 0 ? {} : { quality }),
  }
}

/** Columns of the version, and those that only the contract names. */
function namesOf(columns: readonly Column[], contract: StepModel['contract']): string[] {
  const own = columns.filter(({ isProvenance }) => !isProvenance)
  return [...new Set([...own, ...(contract?.columns ?? [])].map(({ name }) => name).concat(contract?.key ?? []))]
}

const DEFAULT_DRIFT = 'warn'

function isKey(check: CheckSpec, key: readonly string[]): boolean {
  return check.kind === 'unique' && check.columns.length === key.length && check.columns.every((column, i) => column === key[i])
}

/** A primary key of the standard blocks; one that does not says so. */
function keyQuality(key: readonly string[], checks: readonly CheckSpec[]): OdcsQuality[] {
  const check = checks.find((one) => isKey(one, key))
  return check === undefined || check.severity === 'block' ? [] : [ownQuality(check, { key: { columns: key } })]
}

function columnOf(check: CheckSpec): string | null {
  if (check.kind === 'unique') return check.columns.length === 1 ? (check.columns[0] ?? null) : null
  return 'column' in check ? check.column : null
}

interface PropertyFacts {
  step: StepModel
  columns: readonly Column[]
  checks: readonly CheckSpec[]
}

function propertyOf(name: string, { step: { contract }, columns, checks }: PropertyFacts): OdcsProperty {
  const declared = contract?.columns.find((column) => column.name === name)
  const quality = checks.flatMap(columnQuality)
  const relationships = checks.flatMap(relationshipOf)
  return {
    name,
    ...typesOf(declared?.type ?? columns.find((column) => column.name === name)?.type),
    ...(declared === undefined ? {} : wordsOf(declared)),
    ...presenceOf(checks, contract?.key.indexOf(name) ?? -1),
    ...(relationships.length === 0 ? {} : { relationships }),
    ...(quality.length === 0 ? {} : { quality }),
  }
}

function wordsOf({ description, sensitive }: NonNullable<StepModel['contract']>['columns'][number]): Pick<OdcsProperty, 'description' | 'classification'> {
  return { ...(description === null ? {} : { description }), ...(sensitive === null ? {} : { classification: classificationOf(sensitive) }) }
}

function typesOf(type: string | undefined): Pick<OdcsProperty, 'physicalType' | 'logicalType'> {
  return type === undefined ? {} : { physicalType: type, logicalType: logicalType(type) }
}

/** What the standard says of a property by yes or no. */
function presenceOf(checks: readonly CheckSpec[], keyPosition: number): Partial<OdcsProperty> {
  const blocks = (kind: CheckSpec['kind']): boolean => checks.some((check) => check.kind === kind && check.severity === 'block')
  return {
    ...(blocks('not_null') ? { required: true } : {}),
    ...(blocks('unique') && keyPosition < 0 ? { unique: true } : {}),
    ...(keyPosition < 0 ? {} : { primaryKey: true, primaryKeyPosition: keyPosition + 1 }),
  }
}

function relationshipOf(check: CheckSpec): { to: string }[] {
  return check.kind === 'relationship' && isIdentifier(check.toColumn) ? [{ to: `${odcsName(check.to)}.${check.toColumn}` }] : []
}

function isIdentifier(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name)
}

const LOGICAL: readonly [RegExp, NonNullable<OdcsProperty['logicalType']>][] = [
  [/\[\d*\]$/, 'array'],
  [/^(STRUCT|MAP|UNION|JSON)/, 'object'],
  [/INT(EGER)?$/, 'integer'],
  [/^(DECIMAL|DOUBLE|FLOAT|REAL|BIGNUM)/, 'number'],
  [/^BOOL/, 'boolean'],
  [/^DATE$/, 'date'],
  [/^TIMESTAMP/, 'timestamp'],
  [/^TIME/, 'time'],
]

function logicalType(type: string): NonNullable<OdcsProperty['logicalType']> {
  return LOGICAL.find(([pattern]) => pattern.test(type.toUpperCase()))?.[1] ?? 'string'
}

function head({ rule, severity }: CheckSpec): Pick<OdcsQuality, 'name' | 'severity' | 'customProperties'> {
  return { name: rule, ...severityWords(severity) }
}

/** Rules of a column that its property does not say. */
function columnQuality(check: CheckSpec): OdcsQuality[] {
  switch (check.kind) {
    case 'not_null':
      return check.severity === 'block' ? [] : [{ ...head(check), type: 'library', metric: 'nullValues', mustBe: 0 }]
    case 'unique':
      return check.severity === 'block' ? [] : [{ ...head(check), type: 'library', metric: 'duplicateValues', mustBe: 0 }]
    case 'null_share':
      return [{ ...head(check), type: 'library', metric: 'nullValues', mustBeLessOrEqualTo: Number.parseFloat(percent(check.max)), unit: 'percent' }]
    case 'accepted_values':
      return [{ ...head(check), type: 'library', metric: 'invalidValues', arguments: { validValues: check.values }, mustBe: 0 }]
    case 'pattern':
      return [{ ...head(check), type: 'library', metric: 'invalidValues', arguments: { pattern: check.pattern }, mustBe: 0 }]
    case 'range':
      return [ownQuality(check, { range: bounds(check) })]
    case 'length':
      return [ownQuality(check, { length: bounds(check) })]
    case 'distinct':
      return [ownQuality(check, { distinct: { ...(check.min === null ? {} : { min: fileTolerance(check.min) }), ...(check.max === null ? {} : { max: fileTolerance(check.max) }) } })]
    case 'relationship':
      return [ownQuality(check, { relationship: { to: check.to, column: check.toColumn } })]
    default:
      return []
  }
}

/** Rules of the table. */
function tableQuality(check: CheckSpec): OdcsQuality[] {
  switch (check.kind) {
    case 'unique':
      return check.columns.length === 1 ? [] : [{ ...head(check), type: 'library', metric: 'duplicateValues', arguments: { properties: check.columns }, mustBe: 0 }]
    case 'row_count':
      return [{ ...head(check), type: 'library', metric: 'rowCount', ...rowBounds(check) }]
    case 'sql':
      return [{ ...head(check), type: 'sql', query: `SELECT count(*) FROM (${check.sql.trim().replace(/;\s*$/, '')}\n)`, mustBe: 0 }]
    case 'growth':
      return [ownQuality(check, { growth: { ...(check.min === null ? {} : { min: percent(check.min) }), ...(check.max === null ? {} : { max: percent(check.max) }) } })]
    case 'freshness':
      return [ownQuality(check, { freshness: { max_age: `${check.maxAgeMs / HOUR_MS}h`, ...(check.column === null ? {} : { column: check.column }) } })]
    case 'quarantined':
      return [ownQuality(check, { quarantine: { max: fileTolerance(check.max) } })]
    default:
      return []
  }
}

const HOUR_MS = 3_600_000

function bounds({ min, max }: { min: string | number | null; max: string | number | null }): Record<string, string | number> {
  return { ...(min === null ? {} : { min }), ...(max === null ? {} : { max }) }
}

function rowBounds({ min, max }: { min: number | null; max: number | null }): Partial<OdcsQuality> {
  if (min !== null && max !== null) return min === max ? { mustBe: min } : { mustBeBetween: [min, max] }
  return min === null ? { mustBeLessOrEqualTo: max ?? 0 } : { mustBeGreaterOrEqualTo: min }
}
