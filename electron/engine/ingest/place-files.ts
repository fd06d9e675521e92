import { constants } from 'node:fs'
import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import type { PlacedFile } from '../../../shared/contract/ingest.contract.ts'
import type { FoundFile } from '../etl/find-files.ts'
import type { EngineParts } from '../parts.ts'

/** A delivered file, what is in it, and where its source is to find it. */
export interface FilePlan extends Omit<PlacedFile, 'to'> {
  name: string
  modifiedAt: string
  /** Absolute. */
  target: string
}

export interface Placing {
  dataType: string
  source: string
  files: FoundFile[]
  hashes: string[]
  take: 'copy' | 'move'
  /** Content that the source has already: SHA-256 to the file's name. */
  known: ReadonlyMap<string, string>
  /** Content of any version: a file of the inbox that holds it may be replaced, since it is kept. */
  isKept(sha256: string): boolean
  hashOf(file: string): Promise<string | null>
}

/** Where every file goes. Content that is there already goes nowhere: it is recorded instead. */
export async function planFiles({ layout }: Pick<EngineParts, 'layout'>, placing: Placing): Promise<FilePlan[]> {
  const { files, hashes, known, take } = placing
  const seen = new Map(known)
  const plans: FilePlan[] = []
  const inbox = path.join(layout.root, 'inbox', placing.dataType, ...(files.length > 1 ? [placing.source] : []))
  for (const [index, file] of files.entries()) {
    const sha256 = hashes[index] ?? ''
    const base = { from: file.path, name: file.name, sha256, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt }
    const sameAs = seen.get(sha256) ?? null
    if (sameAs !== null) {
      plans.push({ ...base, how: 'again', target: file.path, sameAs })
      continue
    }
    seen.set(sha256, file.name)
    if (isOwn(layout, file.path)) plans.push({ ...base, how: 'in_place', target: file.path, sameAs: null })
    else plans.push({ ...base, how: take === 'move' || isUpload(layout, file.path) ? 'moved' : 'copied', target: await freeTarget(path.join(inbox, file.name), sha256, placing), sameAs: null })
  }
  return plans
}

export function isUpload({ uploadsDir }: EngineParts['layout'], file: string): boolean {
  return isInside(uploadsDir, file)
}

/** In the workspace, and not among what Strata keeps for itself. */
function isOwn(layout: EngineParts['layout'], file: string): boolean {
  return isInside(layout.root, file) && !isInside(path.join(layout.root, '.strata'), file) && !isInside(layout.zonesDir, file)
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative)
}

/** A newer file replaces the older of its name only where that one is kept in a version; else it gets a name beside it. */
async function freeTarget(wanted: string, sha256: string, { isKept, hashOf }: Placing): Promise<string> {
  const { dir, name, ext } = path.parse(wanted)
  for (let n = 1; ; n++) {
    const target = n === 1 ? wanted : path.join(dir, `${name}-${n}${ext}`)
    const there = await hashOf(target)
    if (there === null || there === sha256 || isKept(there)) return target
  }
}

/** Puts the files where they were planned to go, each whole or not at all. */
export async function placeFiles({ durable }: Pick<EngineParts, 'durable'>, plans: readonly FilePlan[]): Promise<void> {
  for (const { how, from, target } of plans) {
    if (how !== 'copied' && how !== 'moved') continue
    await mkdir(path.dirname(target), { recursive: true })
    if (how === 'moved' && (await moved(from, target))) continue
    const beside = `${target}.tmp`
    await copyFile(from, beside, constants.COPYFILE_FICLONE)
    await durable.syncFile(beside)
    await durable.rename(beside, target)
    if (how === 'moved') await rm(from)
  }
}

/** False when it lies on another disk. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EXDEV') return false
    throw error
  }
}

export async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false
      throw error
    },
  )
}
