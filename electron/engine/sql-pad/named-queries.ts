import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { NamedQuery } from '../../../shared/contract/sql-pad.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { isoTime } from '../ledger/rows.ts'
import type { EngineParts } from '../parts.ts'
import { whenAbsent } from '../zones/when-absent.ts'

export type NamedQueryParts = Pick<EngineParts, 'layout' | 'durable' | 'audit' | 'ledger' | 'events' | 'clock'>

/** In the workspace, so that they are shared with it. */
export const QUERIES_DIR = 'queries'
const MAX_BYTES = 1 * 2 ** 20

/** Every .sql file of the folder, by name. What is too large to be a query, or no text, is left out. */
export async function readNamedQueries({ layout }: Pick<NamedQueryParts, 'layout'>): Promise<NamedQuery[]> {
  const folder = path.join(layout.root, QUERIES_DIR)
  const entries = await readdir(folder, { withFileTypes: true }).catch(whenAbsent([]))
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.sql') && !entry.name.startsWith('.'))
  const read = await Promise.all(files.map(({ name }) => readNamedQuery(layout.root, name.slice(0, -'.sql'.length))))
  return read.filter((query) => query !== null).toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

async function readNamedQuery(root: string, name: string): Promise<NamedQuery | null> {
  const file = path.join(root, QUERIES_DIR, `${name}.sql`)
  const facts = await stat(file).catch(whenAbsent(null))
  if (facts === null || facts.size > MAX_BYTES) return null
  const sql = (await readFile(file, 'utf8')).replace(/^\u{FEFF}/u, '')
  return { name, file: `${QUERIES_DIR}/${name}.sql`, sql, description: firstComment(sql), modifiedAt: isoTime(Math.round(facts.mtimeMs)) }
}

/** The lines of comment that it begins with, as one. */
function firstComment(sql: string): string | null {
  const lines = /^\s*((?:--[^\n]*(?:\n|$))+)/.exec(sql)?.[1] ?? ''
  const text = lines.split('\n').map((line) => line.replace(/^\s*--\s?/, '').trim()).join(' ').trim()
  return text === '' ? null : text
}

/** @throws CONFLICT when another query has the name */
export async function saveNamedQuery(parts: NamedQueryParts, { name, sql, replace }: { name: string; sql: string; replace: boolean }, actor: Actor): Promise<NamedQuery> {
  const { layout, durable } = parts
  const before = await readNamedQuery(layout.root, name)
  const text = sql.endsWith('\n') ? sql : `${sql}\n`
  if (before !== null && before.sql !== text && !replace) {
    throw new ProblemError('CONFLICT', `There is a query "${name}" already`, { hint: 'Replace it, or choose another name', details: { file: before.file } })
  }
  const folder = path.join(layout.root, QUERIES_DIR)
  await mkdir(folder, { recursive: true })
  await durable.writeFile(path.join(folder, `${name}.sql`), text)
  const saved = await readNamedQuery(layout.root, name)
  if (saved === null) throw new ProblemError('BAD_INPUT', `The query "${name}" cannot be read back`, { hint: 'Choose another name' })
  record(parts, { actor, action: 'save-query', file: saved.file, before: before?.sql ?? null, after: text })
  return saved
}

export async function removeNamedQuery(parts: NamedQueryParts, name: string, actor: Actor): Promise<boolean> {
  const { layout, durable } = parts
  const before = await readNamedQuery(layout.root, name)
  if (before === null) return false
  await durable.remove(path.join(layout.root, before.file))
  record(parts, { actor, action: 'remove-query', file: before.file, before: before.sql, after: null })
  return true
}

function record({ ledger, audit, events, clock }: NamedQueryParts, { actor, action, file, before, after }: { actor: Actor; action: string; file: string; before: string | null; after: string | null }): void {
  ledger.write(() => {
    audit.append({ actor, action, target: file, details: {}, ...(before === null ? {} : { before: { text: before } }), ...(after === null ? {} : { after: { text: after } }) }, clock())
    events.append({ kind: 'workspace', text: 'queries' }, clock())
  })
}
