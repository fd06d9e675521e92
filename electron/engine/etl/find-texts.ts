import { createWriteStream } from 'node:fs'
import { stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { SourceSpec } from '../workspace/model.ts'
import { atOnce } from './at-once.ts'
import { isMemberOf } from './archives/format-members.ts'
import { archiveOf, unpackMembers } from './archives/open-members.ts'
import type { Packing, UnpackLimit } from './archives/packing.ts'
import type { SourceFile } from './connectors/connector.ts'
import { openSource } from './connectors/open-source.ts'
import { describeGuess, findEncoding, type FoundEncoding } from './encodings/find-encoding.ts'
import { unreadable } from './source-problem.ts'

export interface Delivered {
  path: string
  name: string
  sizeBytes: number
  modifiedAt: string
}

interface Finding {
  source: SourceSpec
  isText: boolean
  scratchDir: string
  nextId(): number
  signal: AbortSignal
  log(level: 'info' | 'warn', text: string): void
}

/** Left free on the disk whatever is unpacked. */
const DISK_MARGIN_BYTES = 256 << 20
const LOOKS_AT_ONCE = 8
const MAX_NAMED = 3

/**
 * What the delivered files hold: each itself, or the members of an archive, with its encoding. `notes` is what a person should know of
 * it: encodings that were guessed.
 * @throws SOURCE_UNREADABLE for archives that cannot be read or are refused
 */
export async function findTexts(delivered: readonly Delivered[], finding: Finding): Promise<{ files: SourceFile[]; notes: string[] }> {
  const freeBytes = await freeBytesOf(finding.scratchDir)
  const at = { limit: LOOKS_AT_ONCE, signal: finding.signal }
  const opened = (await atOnce(delivered, at, (file, index) => openDelivered(file, { ...finding, delivered: index, limit: { packedBytes: file.sizeBytes, freeBytes } }))).flat()
  const encodings = await atOnce(opened, at, (file) => encodingOf(file, finding))
  const files = opened.map((file, index): SourceFile => ({ ...file, index, encoding: encodings[index]?.encoding ?? 'utf-8', hasZeroByte: encodings[index]?.hasZeroByte === true }))
  return { files, notes: tellEncodings(files, encodings, finding) }
}

async function freeBytesOf(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir)
  return Math.max(0, bavail * bsize - DISK_MARGIN_BYTES)
}

interface Opening extends Finding {
  delivered: number
  limit: UnpackLimit
}

type Opened = Omit<SourceFile, 'index' | 'encoding' | 'hasZeroByte'>

async function openDelivered(file: Delivered, opening: Opening): Promise<Opened[]> {
  const { isText, source, scratchDir, nextId, signal, log, limit, delivered } = opening
  const archive = await archiveOf(file, isText)
  const itself: Opened = { path: file.path, name: file.name, sizeBytes: file.sizeBytes, modifiedAt: file.modifiedAt, delivered, packing: 'plain', limit }
  if (archive === null) {
    if (source.member !== undefined) throw unreadable('it is no archive, but the source names a member', { file: file.name, hint: "Remove the source's member, or correct its files" })
    return [itself]
  }
  if (archive.kind === 'stream') return [await readable({ ...itself, packing: archive.packing }, opening)]
  const choice = { patterns: source.member ?? null, isOfFormat: isMemberOf(source.format) }
  const { members, others } = await unpackMembers(file, { archive, choice, dir: scratchDir, limit, nextId, signal })
  const named = members.slice(0, MAX_NAMED).map(({ name }) => name).join(', ')
  log('info', `${file.name}: read ${members.length > MAX_NAMED ? `${members.length} members, first ${named}` : named}${others === 0 ? '' : `; ${others} other ${others === 1 ? 'file' : 'files'} in it not read`}`)
  return Promise.all(
    members.map(async ({ name, path, sizeBytes }) => {
      const inner = await archiveOf({ path, name }, isText)
      if (inner !== null && inner.kind !== 'stream') throw unreadable(`${name} is an archive inside the archive`, { file: file.name, hint: 'Deliver the inner archive by itself' })
      return readable({ ...itself, path, name: `${file.name}/${name}`, sizeBytes, packing: inner?.packing ?? 'plain' }, opening)
    }),
  )
}

/** Text is unpacked while it is read; other formats are read at any place and need the whole on disk. */
async function readable(file: Opened, { isText, scratchDir, nextId, signal }: Opening): Promise<Opened> {
  if (isText || file.packing === 'plain') return file
  const path = join(scratchDir, `member-${nextId()}`)
  await pipeline(openSource(file, signal), createWriteStream(path), { signal })
  return { ...file, path, packing: 'plain', sizeBytes: (await stat(path)).size }
}

async function encodingOf(file: { path: string; name: string; sizeBytes: number; packing: Packing }, { source, isText, signal }: Finding): Promise<FoundEncoding> {
  if (!isText) return { encoding: 'utf-8', guess: null, hasZeroByte: false }
  return findEncoding(openSource(file, signal), { declared: source.encoding ?? null, isXml: source.format === 'xml' })
}

/** Each thing once, with the files that it is true of. */
function tellEncodings(files: readonly SourceFile[], encodings: readonly FoundEncoding[], { log }: Finding): string[] {
  const told = new Map<string, { names: string[]; isSure: boolean }>()
  for (const [index, found] of encodings.entries()) {
    const description = describeGuess(found)
    if (description === null) continue
    const { names, isSure } = told.get(description.text) ?? { names: [], isSure: description.isSure }
    told.set(description.text, { names: [...names, files[index]?.name ?? ''], isSure })
  }
  return [...told].flatMap(([text, { names, isSure }]) => {
    const line = `${names.slice(0, MAX_NAMED).join(', ')}${names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more files` : ''}: ${text}`
    log(isSure ? 'info' : 'warn', line)
    return isSure ? [] : [line]
  })
}
