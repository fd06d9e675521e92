import { createHash } from 'node:crypto'
import path from 'node:path'
import type { CopyStatus } from '../../../shared/contract/copies.contract.ts'
import { toProblem } from '../../../shared/domain/problem.ts'
import type { CacheStats } from '../controllers/version-cache.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { keyFile } from '../query/copies/key-file.ts'
import { rowsDir } from '../query/copies/row-copies.ts'
import { isRowCopy } from '../query/copies/row-copy.ts'
import type { CopyDir } from '../workers/copy.wire.ts'
import type { SeenSource } from '../workers/wire.ts'
import { type CopyParts, createCopyJobs, isThere } from './copy-jobs.ts'
import { createCopyRoom } from './copy-room.ts'

/**
 * Copies that make large versions quick to look at in any order, made in the background while somebody looks. A copy is of a version and of
 * what a reader may see of it: sources that differ in anything have copies of their own.
 */
export interface VersionCopies {
  /** Where copies of a source are, if it has any; null: it is small enough to be read as it is. */
  dirOf(version: VersionRow, source: SeenSource): CopyDir
  /** Somebody looks at it, and wants to find rows by these columns too. */
  want(version: VersionRow, source: SeenSource, keyColumns?: readonly string[]): Promise<CopyStatus>
  stats(): CacheStats
  close(): Promise<void>
}

/** Below this, Parquet is quick enough in any order. */
const LARGE_ROWS = 200_000
const TEND_EVERY_MS = 30_000
const BYTES_PER_MB = 2 ** 20

export function createVersionCopies(parts: CopyParts): VersionCopies {
  const { layout, ledger, clock, log, workspace } = parts
  const room = createCopyRoom(layout.copiesDir, clock)
  const counts = { hits: 0, misses: 0 }
  let tendedAt = 0
  const mostBytes = (): number => workspace.current().limits.copiesMb * BYTES_PER_MB
  const tend = async (): Promise<void> => {
    if (ledger.isReadonly) return
    tendedAt = clock()
    await room.tend(mostBytes(), jobs.dirs()).catch((error: unknown) => log('warn', `Copies cannot be tidied: ${toProblem(error).message}`))
  }
  const jobs = createCopyJobs(parts, { mostBytes, onEnd: tend })
  const dirOf: VersionCopies['dirOf'] = (version, source) => (version.rowCount < LARGE_ROWS ? null : path.join(layout.versionCopiesDir(version.dataset, version.number), copyName(version, source)))

  void tend()
  return {
    dirOf,
    async want(version, source, keyColumns = []) {
      const dir = dirOf(version, source)
      if (dir === null) return { state: 'small', share: 1, note: null }
      const running = jobs.renew(dir, keyColumns)
      if (running !== null) return running
      if (await isReady(dir, source, keyColumns)) {
        counts.hits += 1
        await room.touch(dir)
        if (clock() - tendedAt > TEND_EVERY_MS) await tend()
        return { state: 'ready', share: 1, note: null }
      }
      if (ledger.isReadonly) return { state: 'none', share: 0, note: null }
      counts.misses += 1
      return jobs.start({ version, source, dir }, keyColumns)
    },
    stats: () => ({ ...counts, ...room.stats(), maxEntries: null, maxBytes: mostBytes() }),
    close: jobs.close,
  }
}

async function isReady(dir: string, source: SeenSource, columns: readonly string[]): Promise<boolean> {
  const found = await Promise.all(columns.map((column) => isThere(keyFile(dir, column))))
  return found.every(Boolean) && (await isRowCopy(rowsDir(dir), source))
}

/** The same only for the same rows seen in the same way. */
function copyName({ id, contentHash }: VersionRow, source: SeenSource): string {
  return createHash('sha256').update(JSON.stringify([id, contentHash, source])).digest('hex').slice(0, 24)
}
