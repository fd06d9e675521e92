import { createHash } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Actor, actorText } from '../../../shared/domain/actor.ts'
import type { AuditFilter, AuditRow } from '../ledger/audit.store.ts'
import type { EngineParts } from '../parts.ts'

export interface AuditExport {
  filter: AuditFilter
  format: 'ndjson' | 'csv'
  actor: Actor
}

const SLICE = 1_000

/** Writes the entries that match to a new file in the exports folder, oldest first, in slices. The file appears whole or not at all. */
export async function exportAudit(parts: Pick<EngineParts, 'audit' | 'layout' | 'durable' | 'clock'>, { filter, format, actor }: AuditExport): Promise<{ path: string; entries: number; sha256: string }> {
  const { audit, layout, durable, clock } = parts
  const stamp = new Date(clock()).toISOString().replace(/\D/g, '').slice(0, 17)
  const file = path.join(layout.exportsDir, `audit.${stamp}.${format}`)
  await mkdir(layout.exportsDir, { recursive: true })
  const hash = createHash('sha256')
  let entries = 0
  const handle = await open(`${file}.part`, 'w')
  try {
    const write = async (text: string): Promise<void> => {
      hash.update(text)
      await handle.write(text)
    }
    if (format === 'csv') await write(`${COLUMNS.join(',')}\n`)
    for (let seq = 0; ; ) {
      const rows = audit.after(seq, filter, SLICE)
      const last = rows.at(-1)
      if (last === undefined) break
      await write(rows.map((row) => (format === 'csv' ? csvLine(row) : jsonLine(row))).join(''))
      entries += rows.length
      seq = last.seq
      await setImmediate()
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  await durable.rename(`${file}.part`, file)
  const sha256 = hash.digest('hex')
  audit.append({ actor, action: 'export audit', target: layout.relative(file), details: { entries, sha256, format } }, clock())
  return { path: layout.relative(file), entries, sha256 }
}

const COLUMNS = ['seq', 'at', 'actor', 'via', 'account', 'action', 'target', 'details', 'before', 'after', 'hash', 'who']

function jsonLine({ at, ...row }: AuditRow): string {
  return `${JSON.stringify({ ...row, at: new Date(at).toISOString() })}\n`
}

function csvLine({ seq, at, actor, action, target, details, before, after, hash }: AuditRow): string {
  const json = (value: unknown): string => (value === null ? '' : JSON.stringify(value))
  const cells = [String(seq), new Date(at).toISOString(), actor.kind, actor.via, actor.account ?? '', action, target, json(details), json(before), json(after), hash, actorText(actor)]
  return `${cells.map(csvCell).join(',')}\n`
}

/** A cell that a spreadsheet would take for a formula gets a quote in front. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
