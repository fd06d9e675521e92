import { closestName } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { DatasetRef } from '../../../shared/contract/datasets.contract.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'

/** The version a reference names: the given one, else the current one. */
export function findVersion(versions: VersionsReader, { dataset, version }: DatasetRef): VersionRow {
  const found = version === undefined ? versions.current(dataset) : versions.find(dataset, version)
  if (found !== null) return found
  if (version !== undefined && versions.latest(dataset) !== null) {
    throw new ProblemError('NOT_FOUND', `${dataset} has no version ${version}`, { hint: `Its newest is ${versions.latest(dataset)?.number ?? 0}`, details: { dataset, version } })
  }
  if (versions.latest(dataset) !== null) {
    throw new ProblemError('NOT_FOUND', `${dataset} has versions, but none is published`, { hint: `Name one with its number, or run ${dataset.split('.', 1)[0] ?? ''} again`, details: { dataset } })
  }
  const closest = closestName(dataset, versions.datasets())
  throw new ProblemError('NOT_FOUND', `There is no data in ${dataset} yet`, {
    hint: closest === null ? `Run ${dataset.split('.', 1)[0] ?? ''} to make it` : `Did you mean ${closest}? Otherwise run ${dataset.split('.', 1)[0] ?? ''} to make it`,
    details: { dataset },
  })
}
