import { chmod, mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Durable } from './durable.ts'
import type { Layout } from './layout.ts'
import { MANIFEST_NAME } from './layout.ts'
import type { Manifest } from './manifest.ts'

const READ_ONLY = 0o444

/**
 * The file half of the commit protocol: what a writer left in its temporary folder becomes `v<version>`, or nothing does.
 * Parts are synced and made read-only, the manifest is written last, and the rename of the folder is the moment the version exists. The
 * ledger's transaction follows; recovery closes the gap if the process dies between the two.
 */
export async function sealVersion(zones: { layout: Layout; durable: Durable }, staging: string, manifest: Manifest): Promise<void> {
  const { layout, durable } = zones
  const tempDir = layout.tempVersionDir(manifest.dataset, staging)
  const files = manifest.parts.map((part) => part.name)
  if (manifest.rejectsName !== null) files.push(manifest.rejectsName)
  if (manifest.entityIndex !== null) files.push(manifest.entityIndex.name)
  if (manifest.originals !== null) files.push(manifest.originals.name)
  await mkdir(tempDir, { recursive: true })
  for (const name of files) {
    const file = path.join(tempDir, name)
    await durable.syncFile(file)
    await chmod(file, READ_ONLY)
  }
  await durable.writeNew(path.join(tempDir, MANIFEST_NAME), JSON.stringify(manifest, null, 1))
  await durable.syncDir(tempDir)
  await durable.rename(tempDir, layout.versionDir(manifest.dataset, manifest.version))
  await durable.syncDir(path.dirname(layout.datasetDir(manifest.dataset)))
}
