import type { AuditEntry, AuditQuery } from '../../../shared/contract/audit.contract.ts'
import { exportAudit } from '../exports/export-audit.ts'
import type { AuditFilter, AuditRow } from '../ledger/audit.store.ts'
import { isoTime } from '../ledger/rows.ts'
import { readTrail } from '../ledger/read-trail.ts'
import { verifyChain } from '../ledger/verify-chain.ts'
import type { EngineParts } from '../parts.ts'
import type { Api } from './api.ts'

export type AuditControllerParts = Pick<EngineParts, 'audit' | 'layout' | 'durable' | 'clock'>

export function auditController(api: Api, parts: AuditControllerParts) {
  const { audit } = parts
  return {
    list: api.audit.list.handler(async ({ input: { offset, limit, ...query }, signal }) => {
      const { total, entries } = await readTrail(audit, toFilter(query), { offset, limit, signal })
      return { total, entries: entries.map(toEntry), actions: audit.actions() }
    }),
    verify: api.audit.verify.handler(({ signal }) => verifyChain(audit, signal)),
    export: api.audit.export.handler(({ input: { commandId: _id, format, ...query }, context: { actor } }) => exportAudit(parts, { filter: toFilter(query), format, actor })),
  }
}

function toFilter({ from, to, ...rest }: AuditQuery): AuditFilter {
  return { ...rest, ...(from === undefined ? {} : { from: Date.parse(from) }), ...(to === undefined ? {} : { to: Date.parse(to) }) }
}

function toEntry({ at, ...row }: AuditRow): AuditEntry {
  return { ...row, at: isoTime(at) }
}
