import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { DiskUse } from '../../../shared/contract/storage.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import type { KeptVersion } from '../ledger/kept-files.store.ts'
import type { EngineParts } from '../parts.ts'
import { type FoundFile, sumBytes, walkFiles } from './walk-files.ts'

type Parts = Pick<EngineParts, 'layout' | 'files'>

const STRATA_DIR = '.strata'

/** What the workspace takes on disk, as the file system says it: by folder, and the zones by version. */
export async function diskUse({ layout, files: ledger }: Parts, signal?: AbortSignal): Promise<DiskUse> {
  const startedAt = performance.now()
  const [files, { bavail, bsize }] = await Promise.all([walkFiles(layout.root, signal), statfs(layout.root)])
  const kept: KeptVersion[] = []
  for (const dataset of ledger.keptDatasets()) {
    kept.push(...ledger.kept(dataset))
    await setImmediate()
  }
  const byFolder = Map.groupBy(files, ({ name }) => folderOf(name))
  const folders = [...byFolder].map(([folder, inside]) => ({ path: folder, sizeBytes: sumBytes(inside), files: inside.length }))
  return {
    totalBytes: sumBytes(files),
    freeBytes: bavail * bsize,
    folders: folders.toSorted((a, b) => b.sizeBytes - a.sizeBytes),
    versions: versionsOf(files, kept, path.basename(layout.zonesDir)),
    tookMs: performance.now() - startedAt,
  }
}

/** `zones`, `exports`, `inbox`, the folders of `.strata`, its ledger, and one line for everything else. */
function folderOf(name: string): string {
  const [first = '', second = '', third] = name.split('/')
  if (!name.includes('/')) return 'files of the workspace'
  if (first !== STRATA_DIR) return first
  if (third !== undefined) return `${first}/${second}`
  return second.startsWith('ledger.') ? `${first}/ledger` : first
}

function versionsOf(files: readonly FoundFile[], kept: readonly KeptVersion[], zonesName: string): DiskUse['versions'] {
  const known = new Map(kept.map((version) => [`${version.dataset}/v${version.number}`, version]))
  const inZones = files.flatMap((file) => {
    const [top, zone, dataType, dataset, version] = file.name.split('/')
    return top === zonesName && version !== undefined ? [{ key: `${dataType ?? ''}.${zone ?? ''}.${dataset ?? ''}/${version}`, file }] : []
  })
  return [...Map.groupBy(inZones, ({ key }) => key)].flatMap(([key, entries]) => {
    const [dataset = '', folder = ''] = key.split('/')
    const name = parseDatasetId(dataset)
    const version = known.get(key)
    const number = Number(/^v(\d+)$/.exec(folder)?.[1])
    if (name === null || !Number.isInteger(number)) return []
    const { dataType, zone } = name
    const sizeBytes = sumBytes(entries.map(({ file }) => file))
    return [{ dataset, dataType, zone, version: number, runNumber: version?.runNumber ?? null, sizeBytes, files: entries.length, isCurrent: version?.isCurrent ?? false, isPinned: version?.isPinned ?? false }]
  })
}
