import { type DatasetId, didYouMean } from '../../../shared/domain/naming.ts'
import { statementHeads } from '../../../shared/domain/sql-text.ts'
import type { StatementAnalysis } from '../workers/wire.ts'
import type { DatasetDirectory } from './dataset-directory.ts'
import type { FindingList, Place } from './finding-list.ts'

/** A dataset named in a file, and where. */
export interface Reference {
  dataset: DatasetId
  file: string
  at: Place
}

export interface StatementPlace {
  sql: string
  dataType: string
  /** Names of the parameters that pipeline.yaml declares. */
  parameters: readonly string[]
  file: string
  /** Place in the file of a character of the statement. */
  placeOf(offset: number): Place
}

export interface StatementReading {
  references: Reference[]
  /** False when the statement or a name in it is wrong. */
  ok: boolean
}

/** Turns the analysis of a statement into references to datasets of the workspace, and its mistakes into findings. */
export function readStatement(analysis: StatementAnalysis, { sql, dataType, parameters, file, placeOf }: StatementPlace, names: { directory: DatasetDirectory; findings: FindingList }): StatementReading {
  const { directory, findings } = names
  const isSelect = requireSelect(analysis, { sql, file, placeOf }, findings)
  for (const { code, message, offset, suggestion } of analysis.errors) {
    const at = offset === null ? placeOf(0) : placeOf(offset)
    const isName = code === 'unqualified-table' || code === 'unknown-dataset'
    findings.add({ code, file, at, message, suggestion: suggestion ?? (isName && offset !== null ? directory.suggest(nameAt(sql, offset), dataType) : null) })
  }
  const references = new Map<DatasetId, Reference>()
  for (const { name, offset } of analysis.tables) {
    const dataset = directory.resolve(name, dataType)
    if (dataset === null) {
      findings.add({ code: 'unknown-dataset', file, at: placeOf(offset), message: `Unknown dataset "${name}"`, suggestion: directory.suggest(name, dataType) })
    } else if (!references.has(dataset)) references.set(dataset, { dataset, file, at: placeOf(offset) })
  }
  reportUnknownParameters(analysis, { parameters, file, placeOf }, findings)
  const knowsAll = analysis.tables.every(({ name }) => directory.resolve(name, dataType) !== null)
  return { references: [...references.values()], ok: analysis.ok && isSelect && knowsAll }
}

function reportUnknownParameters({ variables }: StatementAnalysis, { parameters, file, placeOf }: Pick<StatementPlace, 'parameters' | 'file' | 'placeOf'>, findings: FindingList): void {
  for (const { name, offset } of variables) {
    if (parameters.includes(name)) continue
    const suggestion = didYouMean(name, parameters) ?? 'Declare it in pipeline.yaml: parameters: { ... }'
    findings.add({ code: 'unknown-parameter', file, at: placeOf(offset), message: `Unknown parameter "${name}"`, suggestion })
  }
}

/** DESCRIBE and the like are queries to DuckDB, and are welcome where a person looks; a dataset is made by a SELECT. */
function requireSelect({ ok }: StatementAnalysis, { sql, file, placeOf }: Omit<StatementPlace, 'dataType' | 'parameters'>, findings: FindingList): boolean {
  const [head] = statementHeads(sql)
  if (!ok || head === undefined || !/^(describe|desc|summarize|show)$/i.test(head.text)) return true
  findings.add({ code: 'sql-refused', file, at: placeOf(head.offset), message: `${head.text.toUpperCase()} is no SELECT`, suggestion: `Write SELECT * FROM (${head.text} ...)` })
  return false
}

function nameAt(sql: string, offset: number): string {
  return /^["\w.]+/.exec(sql.slice(offset))?.[0].replaceAll('"', '') ?? ''
}
