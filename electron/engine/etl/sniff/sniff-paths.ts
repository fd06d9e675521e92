import { randomUUID } from 'node:crypto'
import { mkdir, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { SourceGuess } from '../../../../shared/contract/ingest.contract.ts'
import type { OpInput, OpOutput } from '../../workers/wire.ts'
import type { OpContext } from '../../workers/worker-server.ts'
import { findSourceFiles, type FoundFile } from '../find-files.ts'
import { draftSource } from './draft-source.ts'
import { expandParts } from './expand-parts.ts'
import { expandArchive, isArchive } from './expand-archive.ts'
import { type FileGlimpse, glimpse } from './file-glimpse.ts'
import { footerFindings, skipRule } from './footer-guess.ts'
import { type AlikeFiles, sniffSource } from './sniff-source.ts'
import type { SourceDraft } from './source-draft.ts'

const GLIMPSES_AT_ONCE = 16
/** Kinds of files in one drop; beyond it something else than data was dropped. */
const MAX_SOURCES = 200
const GLIMPSE_SHARE = 0.3

/** What the files are: those that look alike are proposed as one source. */
export async function sniffPaths({ root, paths, declaration }: OpInput<'ingest', 'sniff'>, context: OpContext<never>): Promise<OpOutput<'ingest', 'sniff'>> {
  const startedAt = performance.now()
  const { signal, progress, init } = context
  const found = await findSourceFiles({ root, patterns: paths, signal })
  const groups = await groupAlike(found, { signal, report: (share, note) => progress({ share: share * GLIMPSE_SHARE, note }), archives: (file, draft) => lookIntoArchive(file, draft, context) })
  const sources: SourceGuess[] = []
  const wanted = declaration === null ? (await Promise.all(groups.map((group) => expandParts(group, join(init.tempDir, `parts-${randomUUID()}`), context)))).flat() : groups
  for (const [index, group] of wanted.slice(0, MAX_SOURCES).entries()) {
    signal.throwIfAborted()
    const note = group.files.length === 1 ? (group.files[0]?.name ?? '') : `${group.files.length.toLocaleString('en')} files like ${group.files[0]?.name ?? ''}`
    const report = (share: number): void => progress({ share: GLIMPSE_SHARE + ((1 - GLIMPSE_SHARE) * (index + share)) / wanted.length, note })
    report(0)
    sources.push(await sniffSource({ group, declared: declaration, scratchDir: join(init.tempDir, `sniff-${randomUUID()}`), context, report }))
  }
  return { sources: withOwnNames(sources), fileCount: found.length, sizeBytes: found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0), tookMs: performance.now() - startedAt }
}

/** Members are unpacked for as long as it takes to look at them. */
async function lookIntoArchive(file: FileGlimpse, draft: SourceDraft, { init, signal }: OpContext<never>): Promise<AlikeFiles[]> {
  const scratchDir = join(init.tempDir, `archive-${randomUUID()}`)
  await mkdir(init.tempDir, { recursive: true })
  const { bavail, bsize } = await statfs(init.tempDir)
  try {
    return await expandArchive(file, draft, { scratchDir, signal, freeBytes: bavail * bsize })
  } finally {
    await rm(scratchDir, { recursive: true, force: true })
  }
}

interface Grouping {
  signal: AbortSignal
  report(share: number, note: string): void
  archives(file: FileGlimpse, draft: SourceDraft): Promise<AlikeFiles[]>
}

async function groupAlike(found: readonly FoundFile[], { signal, report, archives }: Grouping): Promise<AlikeFiles[]> {
  const groups = new Map<string, AlikeFiles>()
  for (let at = 0; at < found.length; at += GLIMPSES_AT_ONCE) {
    signal.throwIfAborted()
    for (const file of await Promise.all(found.slice(at, at + GLIMPSES_AT_ONCE).map((file) => glimpse(file, signal)))) {
      const draft = await draftSource(file)
      if (isArchive(file, draft)) {
        for (const group of await archives(file, draft)) groups.set(`${file.path} ${String(group.part)}`, { ...group, files: group.files.map(light) })
        continue
      }
      // A file that cannot be read stands alone, so that it is named.
      const key = draft.cannot === null ? draft.likeness : `${draft.likeness}:${file.path}`
      const group = groups.get(key)
      if (group === undefined) groups.set(key, { draft, files: [light(file)], part: null })
      else {
        group.files.push(light(file))
        group.draft = withFooterOf(group.draft, draft)
      }
    }
    report(at / found.length, `${Math.min(at + GLIMPSES_AT_ONCE, found.length).toLocaleString('en')} of ${found.length.toLocaleString('en')} files`)
  }
  return [...groups.values()]
}

/** Files that are alike may end in other words: one rule leaves out what each has. */
function withFooterOf(draft: SourceDraft, other: SourceDraft): SourceDraft {
  if (other.footer?.isSure !== true) return draft
  const lines = [...new Set([...(draft.footer?.isSure === true ? draft.footer.lines : []), ...other.footer.lines])]
  if (lines.length > MOST_FOOTER_LINES) return draft
  const footer = { lines, isSure: true }
  return { ...draft, footer, declaration: { ...draft.declaration, ...skipRule(lines) }, found: [...draft.found.filter(({ about }) => about !== 'footer'), ...footerFindings(footer)] }
}

const MOST_FOOTER_LINES = 30

const NOTHING = Buffer.alloc(0)

/** Heads of thousands of files are not needed any more. */
function light(file: FileGlimpse): FileGlimpse {
  return { ...file, head: NOTHING, tail: NOTHING }
}

function withOwnNames(sources: readonly SourceGuess[]): SourceGuess[] {
  const taken = new Set<string>()
  return sources.map((source) => {
    let name = source.name
    for (let n = 2; taken.has(name); n++) name = `${source.name}_${n}`
    taken.add(name)
    return { ...source, name }
  })
}
