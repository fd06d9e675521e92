import { stat } from 'node:fs/promises'
import { hashFile } from '../etl/hash-file.ts'
import type { OpInput, OpOutput } from '../workers/wire.ts'
import type { OpContext } from '../workers/worker-server.ts'
import { whenAbsent } from '../zones/when-absent.ts'

const AT_ONCE = 4

/** SHA-256, size and time of files, a few at once; its progress is counted in bytes. */
export async function hashFiles({ paths }: OpInput<'export', 'hashFiles'>, { signal, progress }: OpContext<never>): Promise<OpOutput<'export', 'hashFiles'>> {
  const facts = await Promise.all(paths.map((path) => stat(path).catch(whenAbsent(null))))
  const total = facts.reduce((sum, found) => sum + (found?.size ?? 0), 0)
  const files: OpOutput<'export', 'hashFiles'>['files'] = paths.map(() => null)
  let done = 0
  const queue = paths.entries()
  const work = async (): Promise<void> => {
    for (const [index, path] of queue) {
      const found = facts[index]
      if (found === undefined || found === null) continue
      const onChunk = (chunk: Buffer): void => {
        done += chunk.length
        progress({ share: total === 0 ? 1 : Math.min(0.999, done / total), note: null })
      }
      const sha256 = await hashFile(path, { signal, onChunk })
      files[index] = { sha256, sizeBytes: found.size, modifiedMs: found.mtimeMs }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { files }
}
