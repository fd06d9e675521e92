import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { type SavedView, type ViewDefinition, viewDefinitionSchema } from '../../../shared/contract/views.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { fileNameSchema } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { isoTime } from '../ledger/rows.ts'
import type { EngineParts } from '../parts.ts'
import { whenAbsent } from '../zones/when-absent.ts'

export type SavedViewParts = Pick<EngineParts, 'layout' | 'durable' | 'audit' | 'ledger' | 'events' | 'clock'>

/** In the workspace, so that they are shared with it. */
const VIEWS_DIR = 'views'
const ENDING = '.json'
const MAX_BYTES = 2 ** 20

export interface SavedViews {
  views: SavedView[]
  /** Files in the folder that are no views. */
  unreadable: { file: string; reason: string }[]
}

export async function readSavedViews({ layout }: Pick<SavedViewParts, 'layout'>): Promise<SavedViews> {
  const entries = await readdir(path.join(layout.root, VIEWS_DIR), { withFileTypes: true }).catch(whenAbsent([]))
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith(ENDING) && !entry.name.startsWith('.')).map(({ name }) => name.slice(0, -ENDING.length))
  const found: SavedViews = { views: [], unreadable: [] }
  for (const name of names.toSorted((a, b) => a.localeCompare(b, 'en'))) {
    const read = await readView(layout.root, name)
    if (read === null) continue
    if ('reason' in read) found.unreadable.push(read)
    else found.views.push(read)
  }
  return found
}

async function readView(root: string, name: string): Promise<SavedView | { file: string; reason: string } | null> {
  const file = fileOf(name)
  const facts = await stat(path.join(root, file)).catch(whenAbsent(null))
  if (facts === null) return null
  if (!fileNameSchema.safeParse(name).success) return { file, reason: 'A view has a name of letters, digits, spaces, - and _' }
  if (facts.size > MAX_BYTES) return { file, reason: `It is larger than ${MAX_BYTES / 2 ** 20} MB` }
  const read = viewTextSchema.safeParse((await readFile(path.join(root, file), 'utf8')).replace(/^\u{FEFF}/u, ''))
  if (!read.success) return { file, reason: z.prettifyError(read.error) }
  return { ...read.data, name, file, modifiedAt: isoTime(Math.round(facts.mtimeMs)) }
}

const viewTextSchema = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
      return z.NEVER
    }
  })
  .pipe(viewDefinitionSchema)

/** @throws CONFLICT when another view has the name */
export async function saveView(parts: SavedViewParts, { name, view, replace }: { name: string; view: ViewDefinition; replace: boolean }, actor: Actor): Promise<SavedView> {
  const before = await textOf(parts, name)
  const text = viewText(view)
  if (before !== null && before !== text && !replace) throw takenProblem(name)
  const saved = await write(parts, name, text)
  record(parts, { actor, action: 'save-view', file: saved.file, before, after: text })
  return saved
}

/** @throws NOT_FOUND, CONFLICT when the new name is taken */
export async function renameView(parts: SavedViewParts, { name, to }: { name: string; to: string }, actor: Actor): Promise<SavedView> {
  const before = await textOf(parts, name)
  if (before === null) throw new ProblemError('NOT_FOUND', `There is no view "${name}"`)
  if (to !== name && (await textOf(parts, to)) !== null) throw takenProblem(to)
  const saved = await write(parts, to, before)
  // A new name that differs in case alone is, on some disks, the same file.
  if (to.toLowerCase() !== name.toLowerCase()) await parts.durable.remove(path.join(parts.layout.root, fileOf(name)))
  record(parts, { actor, action: 'rename-view', file: saved.file, before, after: before, details: { from: fileOf(name) } })
  return saved
}

export async function removeView(parts: SavedViewParts, name: string, actor: Actor): Promise<boolean> {
  const before = await textOf(parts, name)
  if (before === null) return false
  await parts.durable.remove(path.join(parts.layout.root, fileOf(name)))
  record(parts, { actor, action: 'remove-view', file: fileOf(name), before, after: null })
  return true
}

function fileOf(name: string): string {
  return `${VIEWS_DIR}/${name}${ENDING}`
}

function textOf({ layout }: SavedViewParts, name: string): Promise<string | null> {
  return readFile(path.join(layout.root, fileOf(name)), 'utf8').catch(whenAbsent(null))
}

/** Indented, so that a difference is read by lines. */
function viewText(view: ViewDefinition): string {
  return `${JSON.stringify(viewDefinitionSchema.parse(view), null, 2)}\n`
}

async function write({ layout, durable }: SavedViewParts, name: string, text: string): Promise<SavedView> {
  await mkdir(path.join(layout.root, VIEWS_DIR), { recursive: true })
  await durable.writeFile(path.join(layout.root, fileOf(name)), text)
  const saved = await readView(layout.root, name)
  if (saved === null || 'reason' in saved) throw new ProblemError('BAD_INPUT', `The view "${name}" cannot be read back`, { hint: 'Choose another name', details: { reason: saved?.reason } })
  return saved
}

function takenProblem(name: string): ProblemError {
  return new ProblemError('CONFLICT', `There is a view "${name}" already`, { hint: 'Replace it, or choose another name', details: { file: fileOf(name) } })
}

interface Change {
  actor: Actor
  action: string
  file: string
  before: string | null
  after: string | null
  details?: Record<string, unknown>
}

function record({ ledger, audit, events, clock }: SavedViewParts, { actor, action, file, before, after, details = {} }: Change): void {
  ledger.write(() => {
    audit.append({ actor, action, target: file, details, ...(before === null ? {} : { before: { text: before } }), ...(after === null ? {} : { after: { text: after } }) }, clock())
    events.append({ kind: 'workspace', text: 'views' }, clock())
  })
}
