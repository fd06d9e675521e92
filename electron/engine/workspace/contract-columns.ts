import { didYouMean } from '../../../shared/domain/naming.ts'
import type { ContractDraft } from './data-type-draft.ts'
import type { FindingList } from './finding-list.ts'
import type { DatasetContract } from './model.ts'
import { listOf } from './source-spec.ts'
import type { DatasetColumns, TypedColumn } from './type-check.ts'

/** Compares what a contract says about columns with the columns that the dataset has, where they are known before a run. */
export function checkContractColumns({ document, data }: ContractDraft, contract: DatasetContract, { found, findings }: { found: DatasetColumns; findings: FindingList }): void {
  const severity = found.isFromHistory ? 'warning' : 'error'
  const names = found.columns.map(({ name }) => name)
  const columnCalled = (name: string): TypedColumn | undefined => found.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())
  const mention = (name: string, path: readonly PropertyKey[], part: 'key' | 'value'): void => {
    if (columnCalled(name) !== undefined) return
    findings.add({
      severity,
      code: 'unknown-column',
      file: document.file,
      at: document.place(path, part),
      message: `The dataset has no column "${name}"`,
      suggestion: didYouMean(name, names) ?? `It has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ' ...' : ''}`,
    })
  }
  for (const name of Object.keys(data.columns ?? {})) mention(name, ['columns', name], 'key')
  const key = data.key === undefined ? [] : listOf(data.key)
  for (const [i, name] of key.entries()) mention(name, typeof data.key === 'string' ? ['key'] : ['key', i], 'value')
  for (const [i, list] of (data.unique ?? []).entries()) for (const [j, name] of list.entries()) mention(name, ['unique', i, j], 'value')
  for (const { name, type } of contract.columns) {
    const column = columnCalled(name)
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

/** Quoting inside nested types differs, so those are left to the check at run time. */
function isSameType(declared: string, found: string): boolean {
  return declared === found || /[(]/.test(declared) && !declared.startsWith('DECIMAL')
}
