import { setImmediate } from 'node:timers/promises'
import type { AuditReader } from './audit.store.ts'

/** Small enough that reading and hashing a slice takes the engine's thread for a few milliseconds. */
const SLICE = 250

export interface ChainReport {
  entries: number
  /** The first entry that was changed, or that follows a removed one; null when all is as written. */
  brokenAt: number | null
  lastHash: string
}

/** Goes through the whole audit trail in slices, and lets others have the thread in between. */
export async function verifyChain(audit: Pick<AuditReader, 'links'>, signal?: AbortSignal): Promise<ChainReport> {
  let entries = 0
  let brokenAt: number | null = null
  for (let last = { seq: 0, hash: '' }; ; ) {
    signal?.throwIfAborted()
    const links = audit.links(last, SLICE)
    const end = links.at(-1)
    if (end === undefined) return { entries, brokenAt, lastHash: last.hash }
    brokenAt ??= links.find((link) => !link.holds)?.seq ?? null
    entries += links.length
    last = end
    await setImmediate()
  }
}
