import { didYouMean } from '../../../shared/domain/naming.ts'
import type { ContractFile } from './contract-file.schema.ts'
import type { ContractDraft } from './data-type-draft.ts'
import { anomalyColumns } from './history-rules.ts'
import type { FindingList } from './finding-list.ts'
import type { DatasetContract } from './model.ts'
import type { DatasetColumns, TypedColumn } from './type-check.ts'

/** Compares what a contract says about columns with the columns that the dataset has, where they are known before a run. */
export function checkContractColumns({ document, data }: ContractDraft, contract: DatasetContract, { found, findings }: { found: DatasetColumns; findings: FindingList }): void {
  const severity = found.isFromHistory ? 'warning' : 'error'
  const names = found.columns.map(({ name }) => name)
  for (const { name, path, part } of columnMentions(data)) {
    if (columnCalled(found, name) !== undefined) continue
    findings.add({
      severity,
      code: 'unknown-column',
      file: document.file,
      at: document.place(path, part),
      message: `The dataset has no column "${name}"`,
      suggestion: didYouMean(name, names) ?? `It has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' ...' : ''}`,
    })
  }
  for (const { name, type } of contract.columns) {
    const column = columnCalled(found, name)
    if (type === null || column === undefined || isSameType(type, column.type)) continue
    findings.add({
      severity,
      code: 'wrong-column-type',
      file: document.file,
      at: document.place(typeof data.columns?.[name] === 'string' ? ['columns', name] : ['columns', name, 'type']),
      message: `"${name}" is ${column.type}, but its contract says ${type}`,
      suggestion: `Write ${name}::${type} AS ${name} in the step, or change the contract`,
    })
  }
}

interface Mention {
  name: string
  path: readonly PropertyKey[]
  part: 'key' | 'value'
}

function columnMentions({ columns = {}, key = [], unique = [], freshness, anomalies }: ContractFile): Mention[] {
  const names = (written: string | readonly string[], path: readonly PropertyKey[]): Mention[] =>
    typeof written === 'string' ? [{ name: written, path, part: 'value' }] : written.map((name, i) => ({ name, path: [...path, i], part: 'value' }))
  return [
    ...Object.keys(columns).map((name): Mention => ({ name, path: ['columns', name], part: 'key' })),
    ...(typeof key === 'string' || Array.isArray(key) ? names(key, ['key']) : names(key.columns, ['key', 'columns'])),
    ...(typeof freshness === 'object' && freshness.column !== undefined ? [{ name: freshness.column, path: ['freshness', 'column'], part: 'value' as const }] : []),
    ...anomalyColumns(anomalies).map((mention) => ({ ...mention, part: 'value' as const })),
    ...unique.flatMap((written, i) => (Array.isArray(written) ? names(written, ['unique', i]) : names(written.columns, ['unique', i, 'columns']))),
  ]
}

function columnCalled({ columns }: DatasetColumns, name: string): TypedColumn | undefined {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
}

/** Quoting inside nested types differs, so those are left to the check at run time. */
function isSameType(declared: string, found: string): boolean {
  return declared === found || (declared.includes('(') && !declared.startsWith('DECIMAL'))
}
