import path from 'node:path'
import type { Delivery } from '../../../shared/contract/runs.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { VersionSource } from '../workers/wire.ts'
import type { Layout } from '../zones/layout.ts'

/** A version as workers read it: absolute paths, and how many records each file lost, so that ordinals need no look-up where none did. */
export function versionSource(layout: Layout, versions: VersionsReader, version: VersionRow): VersionSource {
  const dataset = parseDatasetId(version.dataset)
  if (dataset === null) throw new ProblemError('INTERNAL', `The ledger names a dataset "${version.dataset}"`)
  const dir = layout.versionDir(version.dataset, version.number)
  const rejected = new Map(version.rejectsName === null ? [] : versions.deliveries(version.id).flatMap(leftOutByFile))
  return {
    dataset,
    layout: version.layout,
    columns: version.columns,
    rowCount: version.rowCount,
    rejectsPath: version.rejectsName === null ? null : path.join(dir, version.rejectsName),
    parts: version.parts.map(({ name, rowCount, file }) => ({
      path: path.join(dir, name),
      rowCount,
      file,
      rejected: file === null ? 0 : (rejected.get(file) ?? 0),
    })),
  }
}

/** By the value of `_file`. */
function leftOutByFile({ fileName, quarantined, skipped, members }: Delivery): [string, number][] {
  return members.length === 0 ? [[fileName, quarantined + skipped]] : members.map((member) => [`${fileName}/${member.name}`, member.quarantined + member.skipped])
}
