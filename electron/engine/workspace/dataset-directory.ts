import { closestName, type DatasetId, parseDatasetId, shortDatasetName } from '../../../shared/domain/naming.ts'
import { isZone } from '../../../shared/domain/zone.ts'

/** Every dataset that a workspace's files make, by name. */
export interface DatasetDirectory {
  /** The dataset that a name means inside a data type: `zone.name` or `data_type.zone.name`, in any case. Null when there is none. */
  resolve(name: string, dataType: string): DatasetId | null
  /** What an unknown name probably meant, as a suggestion; null when nothing is close. */
  suggest(name: string, dataType: string): string | null
}

/** `data_type.zone.name` of a name as written inside a data type, whether such a dataset exists or not; null when it has no such form. */
export function fullDatasetName(name: string, dataType: string | null): DatasetId | null {
  const lower = name.toLowerCase()
  const [first = '', ...rest] = lower.split('.')
  const full = rest.length === 1 && isZone(first) && dataType !== null ? `${dataType}.${lower}` : lower
  return parseDatasetId(full) === null ? null : full
}

export function createDatasetDirectory(ids: Iterable<DatasetId>): DatasetDirectory {
  const known = new Set(ids)

  function namesake(name: string, dataType: string): DatasetId | null {
    const last = name.split('.').at(-1)
    const namesakes = [...known].filter((id) => id.split('.').at(-1) === last)
    return namesakes.find((id) => id.startsWith(`${dataType}.`)) ?? namesakes[0] ?? null
  }

  return {
    resolve(name, dataType) {
      const full = fullDatasetName(name, dataType)
      return full !== null && known.has(full) ? full : null
    },
    suggest(name, dataType) {
      const lower = name.toLowerCase()
      const isFull = lower.split('.').length > 2
      const meant = namesake(lower, dataType) ?? closestName(lower, [...known].map((id) => (isFull ? id : shortDatasetName(id, dataType))))
      return meant === null ? null : `Did you mean ${shortDatasetName(meant, isFull ? '' : dataType)}?`
    },
  }
}
