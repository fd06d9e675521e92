import { parseTolerance } from '../../../shared/domain/quantity.ts'
import { isRelativeDay } from '../../../shared/domain/relative-day.ts'
import type { CheckList } from './check-list.ts'
import type { RuleFile } from './contract-file.schema.ts'
import type { DatasetDirectory } from './dataset-directory.ts'
import type { FindingList } from './finding-list.ts'
import type { CheckSeverity } from '../../../shared/domain/check-severity.ts'
import { re2PatternProblem } from './re2-pattern.ts'
import type { Reference } from './statement-references.ts'
import type { YamlDocument } from './yaml-document.ts'

export interface RuleContext {
  column: string
  rules: readonly RuleFile[]
  dataType: string
  document: YamlDocument
  directory: DatasetDirectory
  findings: FindingList
  checks: CheckList
  references: Reference[]
}

type RuleObject = Exclude<RuleFile, string>
type Path = readonly PropertyKey[]

/** The rules of one column as checks. */
export function readRules(context: RuleContext): void {
  const { column, checks } = context
  for (const [i, written] of context.rules.entries()) {
    const path = ['columns', column, 'rules', i]
    const rule: RuleObject = typeof written === 'string' ? { [written]: {} } : written
    const { not_null: notNull, unique, accepted_values: accepted, range, pattern, relationship, length, nulls, distinct } = rule
    if (notNull !== undefined) checks.add({ kind: 'not_null', column, rule: `not_null(${column})`, severity: severityOf(notNull) }, path)
    if (unique !== undefined) checks.add({ kind: 'unique', columns: [column], rule: `unique(${column})`, severity: severityOf(unique) }, path)
    if (accepted !== undefined) readAccepted(context, accepted, path)
    if (range !== undefined) readRange(context, range, path)
    if (pattern !== undefined) readPattern(context, pattern, path)
    if (length !== undefined) readLength(context, length, path)
    if (nulls !== undefined) readNulls(context, nulls, path)
    if (distinct !== undefined) readDistinct(context, distinct, path)
    if (relationship !== undefined) readRelationship(context, relationship, path)
  }
}

function severityOf({ severity = 'block' }: { severity?: CheckSeverity | undefined }): CheckSeverity {
  return severity
}

function readAccepted({ column, checks }: RuleContext, accepted: NonNullable<RuleObject['accepted_values']>, path: Path): void {
  const { values, severity = 'block' } = Array.isArray(accepted) ? { values: accepted } : accepted
  checks.add({ kind: 'accepted_values', column, values, rule: `accepted_values(${column})`, severity }, path)
}

type RangeFile = NonNullable<RuleObject['range']>

function readRange(context: RuleContext, range: RangeFile, path: Path): void {
  const { column, checks, document, findings } = context
  const { min, max, severity = 'block' } = range
  checkDays(context, range, path)
  if (isEmptyRange(range)) findings.add({ code: 'invalid-value', file: document.file, at: document.place([...path, 'range', 'min']), message: `The range allows nothing: min ${min} is above max ${max}` })
  checks.add({ kind: 'range', column, min: min ?? null, max: max ?? null, rule: `range(${column})`, severity }, path)
}

function checkDays({ document, findings }: RuleContext, { min, max }: RangeFile, path: Path): void {
  for (const [side, bound] of Object.entries({ min, max })) {
    if (typeof bound !== 'string' || !/^today/i.test(bound) || isRelativeDay(bound)) continue
    findings.add({ code: 'invalid-value', file: document.file, at: document.place([...path, 'range', side]), message: `"${bound}" is no day`, suggestion: 'Write today, "today - 30 days" or "today + 1 year"' })
  }
}

function isEmptyRange({ min, max }: RangeFile): boolean {
  if (min === undefined || max === undefined || typeof min !== typeof max) return false
  return !isRelativeDay(min) && !isRelativeDay(max) && min > max
}

function readLength({ column, checks, document, findings }: RuleContext, written: NonNullable<RuleObject['length']>, path: Path): void {
  const { min, max, severity = 'block' } = typeof written === 'number' ? { min: written, max: written } : written
  if (min !== undefined && max !== undefined && min > max) {
    findings.add({ code: 'invalid-value', file: document.file, at: document.place([...path, 'length', 'min']), message: `The length allows nothing: min ${min} is above max ${max}` })
  }
  checks.add({ kind: 'length', column, min: min ?? null, max: max ?? null, rule: `length(${column})`, severity }, path)
}

function readNulls({ column, checks }: RuleContext, written: NonNullable<RuleObject['nulls']>, path: Path): void {
  const { max, severity = 'block' } = typeof written === 'string' ? { max: written } : written
  checks.add({ kind: 'null_share', column, max: shareOf(max), rule: `nulls(${column})`, severity }, path)
}

function shareOf(text: string): number {
  const parsed = parseTolerance(text)
  return parsed !== null && 'share' in parsed ? parsed.share : 0
}

function readDistinct({ column, checks }: RuleContext, { min, max, severity = 'block' }: NonNullable<RuleObject['distinct']>, path: Path): void {
  const amount = (value: string | number | undefined) => (value === undefined ? null : parseTolerance(value))
  checks.add({ kind: 'distinct', column, min: amount(min), max: amount(max), rule: `distinct(${column})`, severity }, path)
}

function readPattern({ column, checks, document, findings }: RuleContext, written: NonNullable<RuleObject['pattern']>, path: Path): void {
  const { pattern, severity = 'block' } = typeof written === 'string' ? { pattern: written } : written
  const problem = re2PatternProblem(pattern)
  if (problem !== null) {
    const at = document.place(typeof written === 'string' ? [...path, 'pattern'] : [...path, 'pattern', 'pattern'])
    findings.add({ code: 'invalid-pattern', file: document.file, at, message: `"${pattern}" is no regular expression: ${problem}` })
  }
  checks.add({ kind: 'pattern', column, pattern, rule: `pattern(${column})`, severity }, path)
}

function readRelationship({ column, checks, document, findings, directory, dataType, references }: RuleContext, written: NonNullable<RuleObject['relationship']>, path: Path): void {
  const at = document.place([...path, 'relationship', 'to'])
  const to = directory.resolve(written.to, dataType)
  if (to === null) {
    findings.add({ code: 'unknown-dataset', file: document.file, at, message: `Unknown dataset "${written.to}"`, suggestion: directory.suggest(written.to, dataType) })
    return
  }
  references.push({ dataset: to, file: document.file, at })
  checks.add({ kind: 'relationship', column, to, toColumn: written.column ?? column, rule: `relationship(${column}, ${to})`, severity: written.severity ?? 'block' }, path)
}
