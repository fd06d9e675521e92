import { type AuditEntry, type AuditQuery, exportedSchema } from '../../../shared/contract/audit.contract.ts'
import { exportAudit } from '../exports/export-audit.ts'
import type { AuditFilter, AuditRow } from '../ledger/audit.store.ts'
import { isoTime } from '../ledger/rows.ts'
import { readTrail } from '../ledger/read-trail.ts'
import { verifyChain } from '../ledger/verify-chain.ts'
import type { EngineParts } from '../parts.ts'
import type { Api } from './api.ts'

export type AuditControllerParts = Pick<EngineParts, 'audit' | 'commands' | 'layout' | 'durable' | 'clock'>

export function auditController(api: Api, parts: AuditControllerParts) {
  const { audit, commands, clock } = parts
  return {
    list: api.audit.list.handler(async ({ input: { offset, limit, ...query }, signal }) => {
      const { total, entries } = await readTrail(audit, toFilter(query), { offset, limit, signal })
      return { total, entries: entries.map(toEntry), actions: audit.actions() }
    }),
    verify: api.audit.verify.handler(({ signal }) => verifyChain(audit, signal)),
    export: api.audit.export.handler(async ({ input: { commandId, format, ...query }, context: { actor } }) => {
      const known = commands.answerTo(commandId, (answer) => exportedSchema.parse(answer))
      if (known !== null) return known
      const written = await exportAudit(parts, { filter: toFilter(query), format, actor })
      return commands.once({ id: commandId, at: clock() }, (answer) => exportedSchema.parse(answer), () => written)
    }),
  }
}

function toFilter({ from, to, ...rest }: AuditQuery): AuditFilter {
  return { ...rest, ...(from === undefined ? {} : { from: Date.parse(from) }), ...(to === undefined ? {} : { to: Date.parse(to) }) }
}

function toEntry({ at, ...row }: AuditRow): AuditEntry {
  return { ...row, at: isoTime(at) }
}
