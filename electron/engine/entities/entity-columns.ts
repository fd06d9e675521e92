import type { VersionRow } from '../ledger/versions.store.ts'
import type { CheckSpec, WorkspaceModel } from '../workspace/model.ts'

/**
 * The columns of a version that name entities: those called like the entity key of a data type, and those from which a declared
 * relationship leads to such a column, also over several datasets.
 */
export function entityColumns({ dataTypes }: Pick<WorkspaceModel, 'dataTypes'>): (version: Pick<VersionRow, 'dataset' | 'columns'>) => string[] {
  const keys = new Set(dataTypes.flatMap(({ entityKey }) => entityKey ?? []))
  const links = Map.groupBy(dataTypes.flatMap(({ steps }) => steps).flatMap(({ dataset, contract }) => (contract?.checks ?? []).filter(isRelationship).map((check) => ({ ...check, from: place(dataset, check.column) }))), ({ from }) => from)
  const leadsToKey = (dataset: string, column: string, seen: ReadonlySet<string>): boolean => {
    const from = place(dataset, column)
    if (seen.has(from)) return false
    if (keys.has(column)) return true
    const next = new Set([...seen, from])
    return (links.get(from) ?? []).some(({ to, toColumn }) => leadsToKey(to, toColumn, next))
  }
  return ({ dataset, columns }) => columns.flatMap(({ name }) => (leadsToKey(dataset, name, new Set()) ? [name] : []))
}

type Relationship = Extract<CheckSpec, { kind: 'relationship' }>

function isRelationship(check: CheckSpec): check is CheckSpec & Relationship {
  return check.kind === 'relationship'
}

function place(dataset: string, column: string): string {
  return `${dataset} ${column}`
}
