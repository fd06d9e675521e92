import path from 'node:path'
import { LRUCache } from 'lru-cache'
import type { CopyDir } from '../../workers/copy.wire.ts'
import type { VersionSource } from '../../workers/wire.ts'
import { openRowCopy, type RowCopy } from './row-copy.ts'

/** Copies that the reader has opened, looked at anew from time to time: their versions and their files may go. */
export interface RowCopies {
  /** Null where there is none that can be trusted. */
  of(source: VersionSource, copyDir: CopyDir): Promise<RowCopy | null>
}

const MAX_INDEX_BYTES = 128 * 1024 * 1024
const TRUSTED_MS = 10_000
/** One that is being made is wanted as soon as it is there. */
const ABSENT_MS = 500

export function createRowCopies(now: () => number = () => performance.now()): RowCopies {
  const opened = new LRUCache<string, { copy: Promise<RowCopy | null>; until: number }>({ maxSize: MAX_INDEX_BYTES })
  const look = (source: VersionSource, dir: string): Promise<RowCopy | null> => {
    const entry = { copy: openRowCopy(rowsDir(dir), source), until: Number.POSITIVE_INFINITY }
    opened.set(dir, entry, { size: 1 })
    const settle = (copy: RowCopy | null): void => {
      entry.until = now() + (copy === null ? ABSENT_MS : TRUSTED_MS)
      if (copy !== null && opened.peek(dir) === entry) opened.set(dir, entry, { size: 1 + copy.sizeInMemory })
    }
    entry.copy.then(settle, () => opened.delete(dir))
    return entry.copy
  }
  return {
    async of(source, copyDir) {
      if (copyDir === null) return null
      const known = opened.get(copyDir)
      if (known === undefined || now() >= known.until) return look(source, copyDir)
      const copy = await known.copy
      return copy === null || (await copy.isThere()) ? copy : look(source, copyDir)
    },
  }
}

export function rowsDir(copyDir: string): string {
  return path.join(copyDir, 'rows')
}
