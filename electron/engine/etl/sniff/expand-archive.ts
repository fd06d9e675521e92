import { mkdir } from 'node:fs/promises'
import { archiveByName } from '../archives/packing.ts'
import { archiveOf, unpackMembers } from '../archives/open-members.ts'
import { toProblem } from '../../../../shared/domain/problem.ts'
import { draftSource } from './draft-source.ts'
import { type FileGlimpse, glimpse } from './file-glimpse.ts'
import type { AlikeFiles } from './sniff-source.ts'
import type { SourceDraft } from './source-draft.ts'

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
    for (const member of members) {
      const own = await draftSource(await glimpse({ ...file, path: member.path, name: member.name, sizeBytes: member.sizeBytes }, signal))
      const key = own.cannot === null ? own.likeness : `${own.likeness} ${member.name}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { draft: own, names: [member.name] })
      else group.names.push(member.name)
    }
    return [...groups.values()].map(({ draft: own, names }) => ({ draft: withMembers(own, names), files: [file], part: names[0] ?? '' }))
  } catch (error) {
    signal.throwIfAborted()
    const { code, message } = toProblem(error)
    if (code !== 'SOURCE_UNREADABLE') throw error
    return alone(message)
  }
}

function withMembers(draft: SourceDraft, names: readonly string[]): SourceDraft {
  const value = names.length === 1 ? (names[0] ?? '') : `${names.length} members like ${names[0] ?? ''}`
  const member = { about: 'member', value, evidence: 'inside the archive', confidence: 1 }
  return { ...draft, declaration: { ...draft.declaration, member: names.length === 1 ? (names[0] ?? '') : [...names] }, found: [member, ...draft.found] }
}
