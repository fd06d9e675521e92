import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { whenAbsent } from '../../engine/zones/when-absent.ts'

/** Everything below a folder, as paths in it; nothing where there is no such folder. */
export async function filesBelow(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true, withFileTypes: true }).catch(whenAbsent<Dirent[]>([]))).map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
}

/** What unfinished work has left in a workspace: temporary folders, versions without a manifest, journals. */
export async function leftoversIn(root: string): Promise<string[]> {
  const zones = await filesBelow(path.join(root, 'zones'))
  const isVersion = (file: string): boolean => /[/\\]v\d+$/.test(file)
  return [
    ...zones.filter((file) => file.includes('.tmp-')),
    ...zones.filter((file) => isVersion(file) && !zones.includes(path.join(file, 'manifest.json'))),
    ...(await filesBelow(path.join(root, '.strata/staging'))),
  ]
}
