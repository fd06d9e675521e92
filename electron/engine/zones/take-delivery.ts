import { readFile, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Durable } from './durable.ts'
import { DELIVERED_DIR } from './layout.ts'

/**
 * Files that are moved out of the inbox exist once. The list of moves is on disk before the first one, so that a run that dies,
 * fails or is cancelled before its version exists can put every file back where it lay.
 */
export const MOVES_NAME = 'moves.json'

const movesSchema = z.array(z.object({ from: z.string(), to: z.string() }))

/** Moves files into `dir`/delivered. False when the files lie on another device and have to be copied instead. */
export async function moveDelivered(durable: Durable, dir: string, files: readonly { origin: string; fileName: string }[]): Promise<boolean> {
  const moves = files.map(({ origin, fileName }) => ({ from: origin, to: path.join(DELIVERED_DIR, fileName) }))
  await durable.writeFile(path.join(dir, MOVES_NAME), JSON.stringify(moves))
  await durable.syncDir(dir)
  try {
    for (const { from, to } of moves) await rename(from, path.join(dir, to))
  } catch (error) {
    await undoMoves(durable, dir)
    if (error instanceof Error && (error as NodeJS.ErrnoException).code === 'EXDEV') return false
    throw error
  }
  await durable.syncDir(path.join(dir, DELIVERED_DIR))
  return true
}

/** Puts moved files back; files that somebody delivered under the same name meanwhile keep their place, and the old one gets a suffix. */
export async function undoMoves(durable: Durable, dir: string): Promise<void> {
  const list = path.join(dir, MOVES_NAME)
  const text = await readFile(list, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return
  for (const { from, to } of movesSchema.parse(JSON.parse(text))) {
    const moved = path.join(dir, to)
    if (!(await exists(moved))) continue
    await durable.rename(moved, (await exists(from)) ? `${from}.returned` : from)
  }
  await durable.remove(list)
}

/** Forgets the list once the version is in the ledger. */
export async function confirmMoves(durable: Durable, dir: string): Promise<void> {
  await durable.remove(path.join(dir, MOVES_NAME))
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}
