import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { whenAbsent } from '../zones/when-absent.ts'

export interface FoundFile {
  /** Below the folder, with forward slashes. */
  name: string
  sizeBytes: number
  modifiedMs: number
}

/** Every file below a folder, in no order; none where there is no such folder. A file that goes meanwhile is left out. */
export async function walkFiles(dir: string, signal?: AbortSignal): Promise<FoundFile[]> {
  signal?.throwIfAborted()
  const entries = await readdir(dir, { withFileTypes: true }).catch(whenAbsent([]))
  const found = await Promise.all(
    entries.map(async (entry): Promise<FoundFile[]> => {
      if (entry.isDirectory()) return (await walkFiles(path.join(dir, entry.name), signal)).map((file) => ({ ...file, name: `${entry.name}/${file.name}` }))
      const facts = await stat(path.join(dir, entry.name)).catch(whenAbsent(null))
      return facts === null ? [] : [{ name: entry.name, sizeBytes: facts.size, modifiedMs: facts.mtimeMs }]
    }),
  )
  return found.flat()
}

export function sumBytes(files: readonly { sizeBytes: number }[]): number {
  return files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
}
