import Database from 'better-sqlite3'
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const holderSchema = z.object({ pid: z.int(), host: z.string(), since: z.string() })
export type LockHolder = z.infer<typeof holderSchema>

export interface WorkspaceLock {
  release(): void
}

/**
 * One engine per workspace. The lock is an exclusive SQLite transaction kept open: the operating system frees it when the
 * process dies, however it dies, so there is never a stale lock to judge.
 * @returns the lock, or who holds it
 */
export function acquireWorkspaceLock(path: string, holder: LockHolder): WorkspaceLock | { heldBy: LockHolder | null } {
  const db = new Database(path, { timeout: 300 })
  const holderPath = `${path}.json`
  try {
    db.pragma('locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (error instanceof Error && /SQLITE_BUSY|locked/i.test(`${error.message} ${String((error as { code?: unknown }).code)}`)) return { heldBy: readHolder(holderPath) }
    throw error
  }
  writeFileSync(holderPath, JSON.stringify(holder))
  return {
    release() {
      db.exec('ROLLBACK')
      db.close()
    },
  }
}

/** Who last took the lock; null when the file is not there or cannot be read, which only costs the message its details. */
function readHolder(path: string): LockHolder | null {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return null
  }
}
