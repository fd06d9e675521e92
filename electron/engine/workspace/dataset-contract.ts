import { didYouMean } from '../../../shared/domain/naming.ts'
import { readHistoryRules } from './history-rules.ts'
import { parseTolerance } from '../../../shared/domain/quantity.ts'
import { readColumnType } from './column-type.ts'
import { CheckList } from './check-list.ts'
import type { CheckSeverity } from '../../../shared/domain/check-severity.ts'
import type { ColumnFile, ContractFile } from './contract-file.schema.ts'
import type { ContractDraft, StepDraft } from './data-type-draft.ts'
import type { DatasetDirectory } from './dataset-directory.ts'
import { readRules } from './column-rules.ts'
import type { FindingList } from './finding-list.ts'
import type { DatasetContract } from './model.ts'
import { listOf } from './source-spec.ts'
import type { StatementBook } from './statement-book.ts'
import { readStatement, type Reference } from './statement-references.ts'

export interface ContractContext {
  draft: StepDraft
  contract: ContractDraft
  /** Names of the data type's parameters. */
  parameters: readonly string[]
  book: StatementBook
  directory: DatasetDirectory
  findings: FindingList
}

export interface ContractReading {
  contract: DatasetContract
  /** Datasets that the checks look at besides the contract's own. */
  references: Reference[]
}

/** The statements of a contract's free checks, which have to be analysed before it is read. */
export function contractStatements({ data }: ContractDraft): string[] {
  return (data.checks ?? []).map(({ sql }) => sql)
}

/** What a sidecar promises, as checks: types, key and rules become one list. */
export function readContract(context: ContractContext): ContractReading {
  const { document, data } = context.contract
  const checks = new CheckList(document, context.findings)
  const references: Reference[] = []
  const { columns: key, severity: keySeverity } = keyOf(data)
  const columns = Object.entries(data.columns ?? {}).map(([name, written]) => readColumn(context, { name, written, checks, references }))
  checkColumnNames(context)
  for (const column of key) checks.add({ kind: 'not_null', column, rule: `not_null(${column})`, severity: keySeverity }, ['key'])
  if (key.length > 0) checks.add({ kind: 'unique', columns: key, rule: `unique(${key.join(', ')})`, severity: keySeverity }, ['key'])
  for (const [i, written] of (data.unique ?? []).entries()) {
    const { columns: unique, severity = 'block' } = Array.isArray(written) ? { columns: written } : written
    checks.add({ kind: 'unique', columns: unique, rule: `unique(${unique.join(', ')})`, severity }, ['unique', i])
  }
  readRowCount(context, checks)
  readHistoryRules(context, checks)
  readQuarantine(context, checks)
  readSqlChecks(context, { checks, references })
  return {
    contract: { file: document.file, description: data.description ?? null, key, columns, checks: checks.all() },
    references,
  }
}

/** The columns of a contract's key; none where it has no key. */
export function keyOf({ key }: Pick<ContractFile, 'key'>): { columns: string[]; severity: CheckSeverity } {
  if (key === undefined) return { columns: [], severity: 'block' }
  const { columns, severity = 'block' } = typeof key === 'string' || Array.isArray(key) ? { columns: key } : key
  return { columns: listOf(columns), severity }
}

type Column = DatasetContract['columns'][number]

function readColumn(context: ContractContext, { name, written, checks, references }: { name: string; written: ColumnFile; checks: CheckList; references: Reference[] }): Column {
  const { contract, findings, directory, draft } = context
  const { document } = contract
  const path = ['columns', name]
  const { type: typeText, description, sensitive, rules = [] } = typeof written === 'string' ? { type: written } : written
  let type: string | null = null
  if (typeText !== undefined) {
    const reading = readColumnType(typeText)
    const at = document.place(typeof written === 'string' ? path : [...path, 'type'])
    if (reading.ok) {
      type = reading.type
      checks.add({ kind: 'type', column: name, type, rule: `type(${name})`, severity: 'block' }, path)
    } else findings.add({ code: 'unknown-type', file: document.file, at, message: reading.problem, suggestion: reading.suggestion })
  }
  readRules({ column: name, rules, dataType: draft.dataset.dataType, document, directory, findings, checks, references })
  return { name, type, description: description ?? null, sensitive: sensitive ?? null }
}

/** SQL does not tell cases apart; and where columns are listed, the key is among them or misspelt. */
function checkColumnNames({ contract: { document, data }, findings }: ContractContext): void {
  const names = Object.keys(data.columns ?? {})
  const seen = new Map<string, string>()
  for (const name of names) {
    const earlier = seen.get(name.toLowerCase())
    if (earlier !== undefined) {
      findings.add({ code: 'duplicate', file: document.file, at: document.place(['columns', name], 'key'), message: `Columns "${earlier}" and "${name}" are the same to SQL, which does not tell cases apart` })
    }
    seen.set(name.toLowerCase(), name)
  }
  for (const column of keyOf(data).columns) {
    const suggestion = didYouMean(column, names)
    if (seen.has(column.toLowerCase()) || suggestion === null) continue
    findings.add({ severity: 'warning', code: 'unknown-column', file: document.file, at: document.place(['key']), message: `The key names "${column}", which is not among the columns`, suggestion })
  }
}

function readRowCount({ contract: { document, data }, findings }: ContractContext, checks: CheckList): void {
  if (data.rows === undefined) return
  const { min = null, max = null, severity = 'block' } = data.rows
  if (min !== null && max !== null && min > max) {
    findings.add({ code: 'invalid-value', file: document.file, at: document.place(['rows', 'min']), message: `"rows" allows nothing: min ${min} is above max ${max}` })
  }
  checks.add({ kind: 'row_count', min, max, rule: 'row_count', severity }, ['rows'])
}

function readQuarantine({ contract: { data } }: ContractContext, checks: CheckList): void {
  const max = data.quarantine === undefined ? null : parseTolerance(data.quarantine.max)
  if (max !== null) checks.add({ kind: 'quarantined', max, rule: 'quarantine', severity: 'block' }, ['quarantine'])
}

/** Rows of a check in SQL are found again by what names them: the key, or file and record of a source. */
function refuseNameless({ contract: { document, data }, draft, findings }: ContractContext, path: readonly PropertyKey[], name: string): void {
  if (draft.kind === 'extract' || data.key !== undefined) return
  findings.add({
    code: 'missing-key',
    file: document.file,
    at: document.place(path),
    message: `"${name}" cannot quarantine: without a key of the dataset nobody knows which rows its SELECT means`,
    suggestion: 'Add key: with the columns that name a row, which the SELECT has to give, or write severity: block',
  })
}

function readSqlChecks(context: ContractContext, { checks, references }: { checks: CheckList; references: Reference[] }): void {
  const { contract: { document, data }, draft, parameters, book, directory, findings } = context
  const names = new Set<string>()
  for (const [i, { name, sql, severity = 'block' }] of (data.checks ?? []).entries()) {
    if (names.has(name)) findings.add({ code: 'duplicate', file: document.file, at: document.place(['checks', i, 'name']), message: `There is already a check called "${name}"`, suggestion: 'Give it another name' })
    const isNew = !names.has(name)
    names.add(name)
    const placeOf = (offset: number): ReturnType<typeof document.place> => document.textPlace(['checks', i, 'sql'], offset)
    if (severity === 'quarantine') refuseNameless(context, ['checks', i, 'severity'], name)
    const reading = readStatement(book.of(sql), { sql, dataType: draft.dataset.dataType, parameters, file: document.file, placeOf }, { directory, findings })
    references.push(...reading.references.filter(({ dataset }) => dataset !== draft.id))
    if (reading.ok && isNew) checks.add({ kind: 'sql', sql, inputs: reading.references.map(({ dataset }) => dataset), rule: name, severity }, ['checks', i, 'name'])
  }
}
