import { createHash } from 'node:crypto'
import { mkdir, readFile, unlink } from 'node:fs/promises'
import path from 'node:path'
import type { FileText, SavedFile } from '../../../shared/contract/pipelines.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { EngineParts } from '../parts.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import { placeOfFile } from './pipeline-files.ts'

export type EditParts = Pick<EngineParts, 'layout' | 'durable' | 'workspace' | 'audit' | 'ledger' | 'events' | 'clock'>

/** @throws NOT_FOUND, BAD_INPUT for what is no UTF-8 text */
export async function readPipelineFile({ layout }: Pick<EditParts, 'layout'>, file: string): Promise<FileText> {
  const bytes = await readFile(await placeOfFile(layout.root, file)).catch(whenAbsent(null))
  if (bytes === null) throw new ProblemError('NOT_FOUND', `There is no ${file}`, { hint: 'It may have been renamed or removed outside', details: { path: file } })
  try {
    return { path: file, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), sha256: hashOf(bytes) }
  } catch (cause) {
    throw new ProblemError('BAD_INPUT', `${file} is not UTF-8 text`, { cause, hint: 'Save it as UTF-8 with another editor', details: { path: file } })
  }
}

export interface FileEdit {
  path: string
  text: string
  /** SHA-256 of the file that was edited; null: it is new. */
  expected: string | null
}

/** @throws CONFLICT when the file on disk is another than the one that was edited */
export async function savePipelineFile(parts: EditParts, edit: FileEdit, actor: Actor): Promise<SavedFile> {
  const target = await placeOfFile(parts.layout.root, edit.path)
  const before = await readFile(target).catch(whenAbsent(null))
  refuseChanged(edit, before)
  await mkdir(path.dirname(target), { recursive: true })
  await parts.durable.writeFile(target, edit.text)
  const { findings } = await parts.workspace.reload()
  record(parts, { actor, action: before === null ? 'add-file' : 'edit-file', file: edit.path, before: before?.toString('utf8') ?? null, after: edit.text })
  return { path: edit.path, sha256: hashOf(Buffer.from(edit.text)), findings }
}

/** @throws NOT_FOUND, CONFLICT */
export async function removePipelineFile(parts: EditParts, { path: file, expected }: { path: string; expected: string }, actor: Actor): Promise<Pick<SavedFile, 'findings'>> {
  const target = await placeOfFile(parts.layout.root, file)
  if (file === 'strata.yaml') throw new ProblemError('BAD_INPUT', 'Without strata.yaml the folder is no workspace', { details: { path: file } })
  const before = await readFile(target).catch(whenAbsent(null))
  if (before === null) throw new ProblemError('NOT_FOUND', `There is no ${file}`, { details: { path: file } })
  refuseChanged({ path: file, expected }, before)
  await unlink(target)
  await parts.durable.syncDir(path.dirname(target))
  const { findings } = await parts.workspace.reload()
  record(parts, { actor, action: 'remove-file', file, before: before.toString('utf8'), after: null })
  return { findings }
}

function refuseChanged({ path: file, expected }: Pick<FileEdit, 'path' | 'expected'>, bytes: Buffer | null): void {
  const actual = bytes === null ? null : hashOf(bytes)
  if (actual === expected) return
  if (expected === null) throw new ProblemError('CONFLICT', `${file} is there already`, { hint: 'Choose another name, or open that file', details: { path: file, actual } })
  throw new ProblemError('CONFLICT', actual === null ? `${file} was removed outside` : `${file} was changed outside`, { hint: 'Compare both, then save over it or take what is on disk', details: { path: file, actual } })
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

interface Change {
  actor: Actor
  action: string
  file: string
  before: string | null
  after: string | null
}

function record({ ledger, audit, events, clock }: EditParts, { actor, action, file, before, after }: Change): void {
  ledger.write(() => {
    audit.append({ actor, action, target: file, details: {}, ...(before === null ? {} : { before: { text: before } }), ...(after === null ? {} : { after: { text: after } }) }, clock())
    events.append({ kind: 'workspace', text: 'changed' }, clock())
  })
}
