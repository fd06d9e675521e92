import { LRUCache } from 'lru-cache'

export interface CacheStats {
  hits: number
  misses: number
  entries: number
  sizeBytes: number
  maxEntries: number | null
  maxBytes: number
  /** When the oldest answer that is held was made, ms since the epoch; null when none is. */
  oldestAt: number | null
}

/**
 * Answers about immutable versions, by version and arguments. Nothing is ever invalidated: a promote only changes which version
 * "current" means, and with it the key.
 */
export interface VersionCache {
  /** The kept answer, or the one that `load` makes. `fromCache` says which. */
  get<T>(key: readonly unknown[], load: () => Promise<T>): Promise<{ value: T; fromCache: boolean }>
  stats(): CacheStats
}

const MAX_ENTRIES = 1_000
const MAX_BYTES = 64 * 1024 * 1024

export function createVersionCache(limits: { entries?: number; bytes?: number; clock?: () => number } = {}): VersionCache {
  const { entries: maxEntries = MAX_ENTRIES, bytes: maxBytes = MAX_BYTES, clock = Date.now } = limits
  let hits = 0
  let misses = 0
  const cache = new LRUCache<string, { json: string; at: number }>({
    max: maxEntries,
    maxSize: maxBytes,
    maxEntrySize: maxBytes / 4,
    sizeCalculation: ({ json }, key) => Math.max(1, 2 * (json.length + key.length)),
  })
  return {
    async get<T>(keyParts: readonly unknown[], load: () => Promise<T>) {
      const key = JSON.stringify(keyParts)
      const known = cache.get(key)
      if (known !== undefined) {
        hits += 1
        return { value: JSON.parse(known.json) as T, fromCache: true }
      }
      misses += 1
      const value = await load()
      cache.set(key, { json: JSON.stringify(value), at: clock() })
      return { value, fromCache: false }
    },
    stats: () => ({ hits, misses, entries: cache.size, sizeBytes: cache.calculatedSize, maxEntries, maxBytes, oldestAt: cache.size === 0 ? null : Math.min(...[...cache.values()].map(({ at }) => at)) }),
  }
}
