import { readdir } from 'node:fs/promises'
import path from 'node:path'

/** Everything below a folder, as paths in it. */
export async function filesBelow(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true, withFileTypes: true })).map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
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
