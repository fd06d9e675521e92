import { mkdir } from 'node:fs/promises'
import { archiveByName } from '../archives/packing.ts'
import { archiveOf, unpackMembers } from '../archives/open-members.ts'
import { hashFile } from '../hash-file.ts'
import { toProblem } from '../../../../shared/domain/problem.ts'
import { draftSource } from './draft-source.ts'
import { type FileGlimpse, glimpse } from './file-glimpse.ts'
import type { AlikeFiles } from './sniff-source.ts'
import type { SourceDraft } from './source-draft.ts'

const MAX_NAMED = 3

interface Unpacking {
  scratchDir: string
  signal: AbortSignal
  /** What may become of it on the disk. */
  freeBytes: number
}

export function isArchive({ name }: FileGlimpse, { format }: SourceDraft): boolean {
  const byName = archiveByName(name)
  return format === 'zip' || format === 'tar' || (byName !== null && byName.kind === 'tar')
}

/** The members of an archive that look alike are one source each; an archive that is refused stands alone and says why. */
export async function expandArchive(file: FileGlimpse, draft: SourceDraft, { scratchDir, signal, freeBytes }: Unpacking): Promise<AlikeFiles[]> {
  const alone = (cannot: string): AlikeFiles[] => [{ draft: { ...draft, cannot }, files: [file], part: null }]
  try {
    const archive = await archiveOf(file, true)
    if (archive === null || archive.kind === 'stream') return alone(draft.cannot ?? 'It is no archive that Strata reads')
    await mkdir(scratchDir, { recursive: true })
    let last = 0
    const choice = { patterns: ['**'], isOfFormat: () => true }
    const { members } = await unpackMembers(file, { archive, choice, dir: scratchDir, limit: { packedBytes: file.sizeBytes, freeBytes }, nextId: () => ++last, signal })
    const groups = new Map<string, { draft: SourceDraft; names: string[] }>()
    const { unique, copies } = await apart(members, signal)
    for (const member of unique) {
      const own = await draftSource(await glimpse({ ...file, path: member.path, name: member.name, sizeBytes: member.sizeBytes }, signal))
      const key = own.cannot === null ? own.likeness : `${own.likeness} ${member.name}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { draft: own, names: [member.name] })
      else group.names.push(member.name)
    }
    return [...groups.values()].map(({ draft: own, names }) => ({ draft: withMembers(own, names, copies), files: [file], part: names[0] ?? '' }))
  } catch (error) {
    signal.throwIfAborted()
    const { code, message } = toProblem(error)
    if (code !== 'SOURCE_UNREADABLE') throw error
    return alone(message)
  }
}

interface Member {
  name: string
  path: string
  sizeBytes: number
}

/** Of members with the same content the first is read, as of files. @returns by the name of the first, those that are left out */
async function apart(members: readonly Member[], signal: AbortSignal): Promise<{ unique: Member[]; copies: ReadonlyMap<string, string[]> }> {
  const sizes = Map.groupBy(members, ({ sizeBytes }) => sizeBytes)
  const firsts = new Map<string, string>()
  const copies = new Map<string, string[]>()
  const unique: Member[] = []
  for (const member of members) {
    const isAlone = sizes.get(member.sizeBytes)?.length === 1
    const content = isAlone ? member.name : await hashFile(member.path, { signal, sizeBytes: member.sizeBytes })
    const first = firsts.get(content)
    if (first !== undefined) copies.set(first, [...(copies.get(first) ?? []), member.name])
    else {
      firsts.set(content, member.name)
      unique.push(member)
    }
  }
  return { unique, copies }
}

function withMembers(draft: SourceDraft, names: readonly string[], copies: ReadonlyMap<string, string[]>): SourceDraft {
  const value = names.length === 1 ? (names[0] ?? '') : `${names.length} members like ${names[0] ?? ''}`
  const same = names.flatMap((name) => copies.get(name) ?? [])
  const leftOut = same.length === 0 ? '' : `; ${same.slice(0, MAX_NAMED).join(', ')}${same.length > MAX_NAMED ? ` and ${same.length - MAX_NAMED} more` : ''} ${same.length === 1 ? 'has' : 'have'} the same content and ${same.length === 1 ? 'is' : 'are'} left out`
  const member = { about: 'member', value, evidence: `inside the archive${leftOut}`, confidence: 1 }
  return { ...draft, declaration: { ...draft.declaration, member: names.length === 1 ? (names[0] ?? '') : [...names] }, found: [member, ...draft.found] }
}
