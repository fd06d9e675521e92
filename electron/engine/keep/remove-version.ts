import { chmod, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Durable } from '../zones/durable.ts'
import type { Layout } from '../zones/layout.ts'
import { confirmMoves } from '../zones/take-delivery.ts'
import { whenAbsent } from '../zones/when-absent.ts'

const OPEN_DIR = 0o755
const OPEN_FILE = 0o644

/**
 * The files of a version that the ledger calls removed. The folder is renamed first, so that nobody who looks at the disk meets half a
 * version; can be done again after a kill at any moment.
 */
export async function removeVersionFiles({ layout, durable }: { layout: Layout; durable: Durable }, { dataset, number }: { dataset: string; number: number }): Promise<void> {
  const dir = layout.versionDir(dataset, number)
  const gone = layout.goneVersionDir(dataset, number)
  await removeTree(durable, gone)
  await durable.remove(layout.failingDir(dataset, number))
  await durable.remove(layout.profileFile(dataset, number))
  await durable.remove(layout.versionCopiesDir(dataset, number))
  await durable.remove(layout.entityNamesDir(dataset, number))
  if ((await stat(dir).catch(whenAbsent(null))) === null) return
  // A list of moves that a kill left here would make recovery bring the delivered files back to the inbox.
  await confirmMoves(durable, dir)
  await durable.rename(dir, gone)
  await removeTree(durable, gone)
}

/** Removes a file or folder, also when somebody made it read-only. */
export async function removeTree(durable: Durable, target: string): Promise<void> {
  try {
    await durable.remove(target)
  } catch (error) {
    if (!isRefused(error)) throw error
    await openTree(target)
    await durable.remove(target)
  }
}

function isRefused(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return code === 'EACCES' || code === 'EPERM'
}

async function openTree(target: string): Promise<void> {
  const facts = await stat(target).catch(whenAbsent(null))
  if (facts === null) return
  await chmod(target, facts.isDirectory() ? OPEN_DIR : OPEN_FILE)
  if (facts.isDirectory()) for (const name of await readdir(target)) await openTree(path.join(target, name))
}
