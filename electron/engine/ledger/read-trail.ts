import { setImmediate } from 'node:timers/promises'
import type { AuditFilter, AuditReader, AuditRow } from './audit.store.ts'

/** Entries that one query goes through: a few milliseconds, also where the text of each must be looked into. */
const SLICE = 2_500

interface TrailRequest {
  offset: number
  limit: number
  signal?: AbortSignal | undefined
}

export interface TrailPage {
  total: number
  entries: AuditRow[]
}

/**
 * A page of the entries that match, newest first, and how many there are. Goes down the trail in slices, since a search may have to
 * look at every entry of many years, and lets others have the thread in between.
 */
export async function readTrail(audit: Pick<AuditReader, 'lastSeq' | 'count' | 'page'>, filter: AuditFilter, { offset, limit, signal }: TrailRequest): Promise<TrailPage> {
  let total = 0
  const entries: AuditRow[] = []
  for (let upTo = audit.lastSeq(); upTo > 0; upTo -= SLICE) {
    signal?.throwIfAborted()
    const range = { above: upTo - SLICE, upTo }
    const matching = audit.count(filter, range)
    const skip = Math.max(0, offset - total)
    if (skip < matching && entries.length < limit) entries.push(...audit.page(filter, range, { offset: skip, limit: limit - entries.length }))
    total += matching
    await setImmediate()
  }
  return { total, entries }
}
