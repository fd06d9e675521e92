import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Leftover } from '../../../shared/contract/storage.contract.ts'
import { isZone } from '../../../shared/domain/zone.ts'
import { isoTime } from '../ledger/rows.ts'
import type { EngineParts } from '../parts.ts'
import { TEMP_PREFIX } from '../zones/layout.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import { sumBytes, walkFiles } from './walk-files.ts'

type Parts = Pick<EngineParts, 'layout' | 'files' | 'steps'>

/** A leftover with the dataset in whose folder it lies, where there is one. */
export interface FoundLeftover extends Leftover {
  absolute: string
  dataset: string | null
}

interface Entry {
  absolute: string
  dataset: string | null
  name: string
}

/**
 * What lies in the zones and belongs to no version and no unfinished step. The folders are read first and the ledger is asked in one go
 * after that: whatever was sealed meanwhile has a name by then.
 */
export async function findLeftovers(parts: Parts, signal?: AbortSignal): Promise<FoundLeftover[]> {
  const entries = await entriesOf(parts.layout.zonesDir, signal)
  const named = parts.files.named()
  const unfinished = parts.steps.unfinishedWithStaging()
  const folders = new Set(unfinished.flatMap((step) => [`${step.dataset}/v${step.versionNumber ?? ''}`, `${step.dataset}/${TEMP_PREFIX}${step.staging ?? ''}`]))
  const unnamed = entries.filter(({ dataset, name }) => dataset === null || !hasOwner({ dataset, name }, { named, folders }))
  return Promise.all(unnamed.map((entry) => describe(parts, entry, signal)))
}

function hasOwner({ dataset, name }: { dataset: string; name: string }, owners: { named: ReturnType<Parts['files']['named']>; folders: ReadonlySet<string> }): boolean {
  if (owners.folders.has(`${dataset}/${name}`)) return true
  const version = /^(?:\.tmp-gone-)?v(\d+)$/.exec(name)?.[1]
  const state = version === undefined ? undefined : owners.named.get(`${dataset}/${version}`)
  return state === 'going' || (state === 'kept' && name.startsWith('v'))
}

/** Entries of dataset folders, and what lies above them where no folder of ours would. Hidden files of other programs do not count. */
async function entriesOf(zonesDir: string, signal: AbortSignal | undefined): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const zone of await list(zonesDir)) {
    if (!zone.isDir || !isZone(zone.name)) {
      entries.push({ absolute: path.join(zonesDir, zone.name), dataset: null, name: zone.name })
      continue
    }
    for (const dataType of await list(path.join(zonesDir, zone.name))) {
      const dir = path.join(zonesDir, zone.name, dataType.name)
      if (!dataType.isDir) entries.push({ absolute: dir, dataset: null, name: dataType.name })
      for (const dataset of await list(dir)) {
        signal?.throwIfAborted()
        const inside = path.join(dir, dataset.name)
        if (!dataset.isDir) entries.push({ absolute: inside, dataset: null, name: dataset.name })
        const found = await list(inside)
        entries.push(...found.map(({ name }) => ({ absolute: path.join(inside, name), dataset: `${dataType.name}.${zone.name}.${dataset.name}`, name })))
      }
    }
  }
  return entries
}

async function list(dir: string): Promise<{ name: string; isDir: boolean }[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(whenAbsent([]))
  return entries.filter(({ name }) => !name.startsWith('.') || name.startsWith(TEMP_PREFIX)).map((entry) => ({ name: entry.name, isDir: entry.isDirectory() }))
}

async function describe({ layout }: Parts, { absolute, dataset }: Entry, signal: AbortSignal | undefined): Promise<FoundLeftover> {
  const facts = await stat(absolute).catch(whenAbsent(null))
  const sizeBytes = facts === null ? 0 : facts.isDirectory() ? sumBytes(await walkFiles(absolute, signal)) : facts.size
  return { absolute, dataset, path: layout.relative(absolute), sizeBytes, modifiedAt: isoTime(Math.round(facts?.mtimeMs ?? 0)) }
}
