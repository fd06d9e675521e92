import { closestName } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { DatasetRef } from '../../../shared/contract/datasets.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { removedProblem } from '../keep/removed-problem.ts'
import type { VersionFacts } from '../ledger/version-links.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'

/**
 * The version a reference names: the given one, the one that was current as of a run, else the current one.
 * @throws VERSION_REMOVED when its files are gone
 */
export function findVersion(versions: VersionsReader, { dataset, version, asOf }: DatasetRef): VersionRow {
  if (asOf !== undefined) return findAsOf(versions, { dataset, version, asOf })
  const found = version === undefined ? versions.current(dataset) : versions.find(dataset, version)
  if (found !== null) return kept(found)
  throw unknownVersion(versions, { dataset, version })
}

function unknownVersion(versions: VersionsReader, { dataset, version }: DatasetRef): ProblemError {
  const newest = versions.latest(dataset)
  if (version !== undefined && newest !== null) {
    return new ProblemError('NOT_FOUND', `${dataset} has no version ${version}`, { hint: `Its newest is ${newest.number}`, details: { dataset, version } })
  }
  if (newest !== null) {
    return new ProblemError('NOT_FOUND', `${dataset} has versions, but none is published`, { hint: `Name one with its number, or run ${dataset.split('.', 1)[0] ?? ''} again`, details: { dataset } })
  }
  const closest = closestName(dataset, versions.datasets())
  return new ProblemError('NOT_FOUND', `There is no data in ${dataset} yet`, {
    hint: closest === null ? `Run ${dataset.split('.', 1)[0] ?? ''} to make it` : `Did you mean ${closest}? Otherwise run ${dataset.split('.', 1)[0] ?? ''} to make it`,
    details: { dataset },
  })
}

function findAsOf(versions: VersionsReader, { dataset, version, asOf }: DatasetRef & { asOf: RunRef }): VersionRow {
  if (version !== undefined) throw new ProblemError('BAD_INPUT', 'Name a version or a run as of which to look, not both', { details: { dataset, version } })
  const id = versions.asOf(asOf).get(dataset)
  if (id !== undefined) return kept(versions.byId(id))
  throw new ProblemError('NOT_FOUND', `${dataset} was not published as of ${asOf.dataType} #${asOf.runNumber}`, {
    hint: 'Choose a later run, or name a version', details: { dataset, ...asOf },
  })
}

/** The current version of every dataset, or the one that was current just after a run published; removed ones among them. */
export function currentOrAsOf(versions: VersionsReader, asOf: RunRef | undefined): VersionRow[] {
  return asOf === undefined ? versions.allCurrent() : [...versions.asOf(asOf).values()].map(versions.byId)
}

/** The same, without what only a look at one version needs. */
export function currentFactsOrAsOf(versions: VersionsReader, asOf: RunRef | undefined): VersionFacts[] {
  return asOf === undefined ? versions.currentFacts() : versions.factsOf([...versions.asOf(asOf).values()])
}

/** @throws VERSION_REMOVED naming those whose files are gone */
export function refuseRemoved(found: readonly VersionRow[]): void {
  const gone = found.filter((version) => version.removedAt !== null)
  if (gone.length > 0) throw removedProblem(gone)
}

function kept(version: VersionRow): VersionRow {
  refuseRemoved([version])
  return version
}
