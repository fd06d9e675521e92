import type { Reveal } from '../../../shared/contract/masks.contract.ts'
import type { Actor } from '../../../shared/domain/actor.ts'
import type { AuditStore } from '../ledger/audit.store.ts'
import { isoTime } from '../ledger/rows.ts'

export interface RevealRequest {
  commandId: string
  dataset: string
  /** As in the dataset. */
  columns: string[]
  reason: string
  minutes: number
}

/** Who may see which sensitive values until when. Held in memory alone, so that an engine that starts hides everything. */
export interface Reveals {
  /** A repeat of the same command is answered with the same. */
  reveal(request: RevealRequest, actor: Actor): Reveal
  /** @returns what was revealed until now */
  hide(dataset: string | undefined, actor: Actor): Reveal[]
  /** The newest first. */
  of(actor: Actor): Reveal[]
  /** When the column is hidden again, ms since the epoch; null: it is hidden. */
  until(actor: Actor, dataset: string, column: string): number | null
}

interface Held extends Reveal {
  commandId: string
  who: string
  untilMs: number
}

/** What one has revealed nobody else sees, and no program that acts for the same person. */
function whoOf({ kind, via, account }: Actor): string {
  return JSON.stringify([kind, via, account])
}

export function createReveals({ audit, clock }: { audit: Pick<AuditStore, 'append'>; clock: () => number }): Reveals {
  let held: Held[] = []
  const living = (actor: Actor): Held[] => {
    const now = clock()
    held = held.filter(({ untilMs }) => untilMs > now)
    return held.filter(({ who }) => who === whoOf(actor)).toReversed()
  }
  return {
    reveal({ commandId, dataset, columns, reason, minutes }, actor) {
      const known = living(actor).find((one) => one.commandId === commandId)
      if (known !== undefined) return told(known)
      const at = clock()
      const untilMs = at + minutes * 60_000
      // On record first: what cannot be recorded is not revealed.
      audit.append({ actor, action: 'reveal', target: dataset, details: { columns, reason, until: isoTime(untilMs) } }, at)
      const fresh: Held = { commandId, who: whoOf(actor), dataset, columns, reason, since: isoTime(at), until: isoTime(untilMs), untilMs }
      held.push(fresh)
      return told(fresh)
    },
    hide(dataset, actor) {
      const ended = living(actor).filter((one) => dataset === undefined || one.dataset === dataset)
      held = held.filter((one) => !ended.includes(one))
      for (const one of ended) audit.append({ actor, action: 'hide', target: one.dataset, details: { columns: one.columns } }, clock())
      return ended.map(told)
    },
    of: (actor) => living(actor).map(told),
    until(actor, dataset, column) {
      const name = column.toLowerCase()
      const found = living(actor).filter((one) => one.dataset === dataset && one.columns.some((other) => other.toLowerCase() === name))
      return found.length === 0 ? null : Math.max(...found.map(({ untilMs }) => untilMs))
    },
  }
}

function told({ dataset, columns, reason, since, until }: Held): Reveal {
  return { dataset, columns, reason, since, until }
}
