import type { VersionRow } from '../ledger/versions.store.ts'

/**
 * Versions that somebody reads at this moment. Taken in the same turn of the event loop in which the version was looked up, and
 * asked in the transaction that removes versions: between the two there is no gap.
 */
export interface VersionHolds {
  during<T>(versions: readonly Pick<VersionRow, 'id'>[], read: () => Promise<T>): Promise<T>
  held(): ReadonlySet<number>
}

export function createVersionHolds(): VersionHolds {
  const counts = new Map<number, number>()
  const change = (versionId: number, by: number): void => {
    const count = (counts.get(versionId) ?? 0) + by
    if (count === 0) counts.delete(versionId)
    else counts.set(versionId, count)
  }
  return {
    async during(versions, read) {
      const ids = [...new Set(versions.map(({ id }) => id))]
      for (const id of ids) change(id, 1)
      try {
        return await read()
      } finally {
        for (const id of ids) change(id, -1)
      }
    },
    held: () => new Set(counts.keys()),
  }
}
