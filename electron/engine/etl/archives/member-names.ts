import picomatch from 'picomatch'
import { unreadable } from '../source-problem.ts'

export interface Member {
  /** As the archive says it, with forward slashes and without a leading `./`. */
  name: string
  /** Unpacked. */
  sizeBytes: number
}

/** What an archive says of one of its entries. */
export interface Entry extends Member {
  type: 'file' | 'folder' | 'link' | 'other'
  isEncrypted: boolean
}

/**
 * The files of an archive. Nothing is ever written under a member's name, but an archive that tries to be written elsewhere is no
 * delivery, and one whose names are not unique has no way to say which member a record came from.
 * @throws SOURCE_UNREADABLE naming the member
 */
export function safeMembers(entries: readonly Entry[], file: string): Member[] {
  const names = new Set<string>()
  const members: Member[] = []
  for (const { name: written, type, isEncrypted, sizeBytes } of entries) {
    const name = written.replace(/^(\.\/)+/, '')
    const refusal = refusalOf(written, { type, isEncrypted })
    if (refusal !== null) throw unreadable(`the archive holds ${JSON.stringify(written)}, ${refusal}`, { file, hint: 'Deliver the files unpacked, or in an archive of plain files' })
    if (type !== 'file') continue
    if (names.has(name)) throw unreadable(`the archive holds two members called ${JSON.stringify(name)}`, { file, hint: 'Deliver an archive in which every name occurs once' })
    names.add(name)
    if (!isNoise(name)) members.push({ name, sizeBytes })
  }
  return members
}

function refusalOf(name: string, { type, isEncrypted }: Pick<Entry, 'type' | 'isEncrypted'>): string | null {
  const parts = name.split(/[/\\]/)
  if (/^([/\\]|[A-Za-z]:)/.test(name)) return 'which is an absolute path'
  if (parts.includes('..')) return 'which leads out of the archive'
  if (name.includes('\0')) return 'whose name holds a zero byte'
  if (type === 'link') return 'which is a link'
  if (type === 'other') return 'which is neither a file nor a folder'
  return isEncrypted ? 'which is encrypted' : null
}

/** What operating systems add: hidden files, resource forks. */
function isNoise(name: string): boolean {
  return name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX' || part.startsWith('~$'))
}

/** Whether one of the patterns means this member; without a slash a pattern is held against the file's name alone. */
export function memberMatcher(patterns: readonly string[]): (name: string) => boolean {
  const matchers = patterns.map((pattern) => {
    const matches = picomatch(pattern, { basename: !pattern.includes('/') })
    return (name: string): boolean => name === pattern || matches(name)
  })
  return (name) => matchers.some((matches) => matches(name))
}

/**
 * The members to read: those that the patterns name, without patterns those whose ending is of the format, else the only one there is.
 * @throws SOURCE_UNREADABLE when there is none
 */
export function chooseMembers(members: readonly Member[], { patterns, isOfFormat, file }: { patterns: readonly string[] | null; isOfFormat: (name: string) => boolean; file: string }): Member[] {
  const isWanted = patterns === null ? isOfFormat : memberMatcher(patterns)
  const chosen = members.filter(({ name }) => isWanted(name))
  if (chosen.length > 0) return chosen
  const [only] = members
  if (patterns === null && only !== undefined && members.length === 1) return [only]
  const what = patterns === null ? 'has the ending of its format' : `matches ${patterns.join(', ')}`
  throw unreadable(`no member of the archive ${what}`, { file, hint: `It holds ${listed(members)}. Name one as the source's member` })
}

const MAX_LISTED = 12

function listed(members: readonly Member[]): string {
  if (members.length === 0) return 'no files'
  const names = members.slice(0, MAX_LISTED).map(({ name }) => name)
  return members.length > MAX_LISTED ? `${names.join(', ')} and ${members.length - MAX_LISTED} more` : names.join(', ')
}
