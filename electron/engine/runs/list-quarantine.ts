import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { CaseBatch } from '../workers/sift.wire.ts'
import type { RunContext } from './run-context.ts'

/** More records than anybody can work through are counted, not listed. */
const MOST_LISTED = 250_000

/** Enters into the queue what is not in a version that this run found right or has made. Once for each version, whatever interrupts it. */
export async function listQuarantine(context: RunContext, version: VersionRow, lookedAt: number): Promise<void> {
  const { parts, run } = context
  const { dataset, number, rejectsName } = version
  const known = parts.quarantine.listOf(dataset)
  // Where nothing ever was in quarantine, nothing has to be entered.
  if (known === null && rejectsName === null) return
  if (known?.versionId === version.id) return parts.quarantine.seenAgain({ dataset, runId: run.id, lookedAt })
  const file = rejectsName === null ? null : path.join(parts.layout.versionDir(dataset, number), rejectsName)
  await listCases(context, { dataset, file, versionId: version.id, lookedAt })
}

interface Cases {
  dataset: string
  /** Null: everything is in the version. */
  file: string | null
  versionId: number | null
  lookedAt: number
}

/** The same of a version that there will not be, because too much of it is in quarantine: so that something can be done about it. */
export async function listCases({ parts, run, signal, worker }: RunContext, { dataset, file, versionId, lookedAt }: Cases): Promise<void> {
  const { quarantine, clock } = parts
  const list = { dataset, generation: quarantine.beginList(dataset), runId: run.id, at: clock(), lookedAt }
  let listed = 0
  const enter = async (cases: CaseBatch['cases']): Promise<void> => {
    quarantine.see(list, cases)
    listed += cases.length
    // Short turns, so that the window stays quick meanwhile.
    await setImmediate()
  }
  const { total } = file === null ? { total: 0 } : await worker().call('rejectedCases', { path: file, limit: MOST_LISTED }, { signal, onAsk: ({ cases }: CaseBatch) => enter(cases) })
  parts.ledger.write(() => {
    quarantine.endList(list, { versionId, total, listed })
    parts.events.append({ kind: 'storage', dataset }, clock())
  })
}
