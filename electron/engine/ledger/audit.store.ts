import { createHash } from 'node:crypto'
import type { Ledger } from './ledger.ts'
import { int, text } from './rows.ts'

export interface AuditEntry {
  actor: string
  action: string
  target: string
  details: Record<string, unknown>
}

export interface AuditStore {
  /** Append-only; each entry's hash covers the one before, so that a removed or edited entry shows. */
  append(entry: AuditEntry, at: number): void
  /** Sequence number of the first entry whose hash does not follow, or null when the chain holds. */
  firstBroken(): number | null
}

export function createAuditStore(ledger: Ledger): AuditStore {
  return {
    append({ actor, action, target, details }, at) {
      const last = ledger.get('SELECT hash FROM audit ORDER BY seq DESC LIMIT 1')
      const previous = last === undefined ? '' : text(last, 'hash')
      const body = JSON.stringify(details)
      ledger.run(
        `INSERT INTO audit (at, actor, action, target, details, previous_hash, hash) VALUES (:at, :actor, :action, :target, :body, :previous, :hash)`,
        { at, actor, action, target, body, previous, hash: chain(previous, [at, actor, action, target, body]) },
      )
    },
    firstBroken() {
      let previous = ''
      for (const row of ledger.all('SELECT * FROM audit ORDER BY seq')) {
        const body = [int(row, 'at'), text(row, 'actor'), text(row, 'action'), text(row, 'target'), text(row, 'details')]
        if (text(row, 'previous_hash') !== previous || text(row, 'hash') !== chain(previous, body)) return int(row, 'seq')
        previous = text(row, 'hash')
      }
      return null
    },
  }
}

function chain(previous: string, body: (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify([previous, ...body])).digest('hex')
}
