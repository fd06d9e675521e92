import type { DiskUse } from '../../../shared/contract/storage.contract.ts'
import { zoneIndex } from '../../../shared/domain/zone.ts'

export type DiskGrouping = 'zone' | 'data type' | 'dataset' | 'run'

export interface DiskGroup {
  name: string
  versions: number
  sizeBytes: number
  /** Of the versions that are current. */
  currentBytes: number
}

/** What the versions take, added up; zones in their order, everything else from large to small. */
export function diskGroups(versions: DiskUse['versions'], by: DiskGrouping): DiskGroup[] {
  const groups = [...Map.groupBy(versions, (version) => nameOf(version, by))].map(([name, inside]) => ({
    name,
    versions: inside.length,
    sizeBytes: inside.reduce((sum, version) => sum + version.sizeBytes, 0),
    currentBytes: inside.reduce((sum, version) => sum + (version.isCurrent ? version.sizeBytes : 0), 0),
  }))
  if (by !== 'zone') return groups.toSorted((a, b) => b.sizeBytes - a.sizeBytes)
  const order = new Map(versions.map(({ zone }) => [String(zone), zoneIndex(zone)]))
  return groups.toSorted((a, b) => (order.get(a.name) ?? 0) - (order.get(b.name) ?? 0))
}

function nameOf({ zone, dataType, dataset, runNumber }: DiskUse['versions'][number], by: DiskGrouping): string {
  if (by === 'zone') return zone
  if (by === 'data type') return dataType
  if (by === 'dataset') return dataset
  return runNumber === null ? 'no run' : `${dataType} #${runNumber}`
}
