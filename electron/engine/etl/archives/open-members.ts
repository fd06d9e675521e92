import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { bytesAt } from '../small-file.ts'
import { unreadable } from '../source-problem.ts'
import type { ArchiveFile, ArchiveReader } from './archive-reader.ts'
import { chooseMembers, type Member, safeMembers } from './member-names.ts'
import { type Archive, ARCHIVE_HEAD_BYTES, archiveByContent, archiveByName, refuseBomb, type UnpackLimit } from './packing.ts'
import { tarReader } from './tar-archive.ts'
import { zipReader } from './zip-archive.ts'

export interface MemberChoice {
  patterns: readonly string[] | null
  isOfFormat(name: string): boolean
}

export interface UnpackedMember extends Member {
  /** Where its bytes lie now. */
  path: string
}

/** What archive a delivered file is: by its name, and where text is expected by its content too. Null: none. */
export async function archiveOf({ path, name }: ArchiveFile, isText: boolean): Promise<Archive | null> {
  const byName = archiveByName(name)
  return byName ?? (isText ? archiveByContent(bytesAt(path, 0, ARCHIVE_HEAD_BYTES)) : null)
}

export function readerOf({ kind, packing }: Archive, limit: UnpackLimit): ArchiveReader {
  return kind === 'zip' ? zipReader : tarReader(packing, limit)
}

interface Unpacking {
  archive: Archive
  choice: MemberChoice
  /** Members are written here under names of our own. */
  dir: string
  limit: UnpackLimit
  nextId(): number
  signal: AbortSignal
}

/** Unpacks the members to read. Gives them in the order of the archive, and how many files there are besides. */
export async function unpackMembers(file: ArchiveFile, { archive, choice, dir, limit, nextId, signal }: Unpacking): Promise<{ members: UnpackedMember[]; others: number }> {
  const reader = readerOf(archive, limit)
  const all = safeMembers(await reader.list(file, signal), file.name)
  const chosen = chooseMembers(all, { ...choice, file: file.name })
  refuseBomb(chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), limit, file.name)
  const byName = new Map(chosen.map((member) => [member.name, { ...member, path: join(dir, `member-${nextId()}`) }]))
  const members: UnpackedMember[] = []
  await reader.read(file, {
    wanted: new Set(byName.keys()),
    take: async (name, bytes) => {
      const member = byName.get(name)
      if (member === undefined) return true
      await pipeline(bytes, createWriteStream(member.path), { signal })
      members.push(member)
      return members.length < chosen.length
    },
  }, signal)
  if (members.length !== chosen.length) throw unreadable('its list of members names files that it does not hold', { file: file.name })
  return { members, others: all.length - chosen.length }
}
