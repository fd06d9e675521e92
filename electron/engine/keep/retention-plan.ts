import type { KeepReason } from '../../../shared/contract/storage.contract.ts'
import type { Zone } from '../../../shared/domain/zone.ts'
import type { KeptVersion } from '../ledger/kept-files.store.ts'
import type { RetentionPolicies, RetentionPolicy } from '../workspace/model.ts'

export interface RetentionFacts {
  /** Every version whose files are there. */
  versions: readonly KeptVersion[]
  policies: RetentionPolicies
  zoneOf(dataset: string): Zone | null
  /** Read or made by runs that are alive or can go on. */
  neededByRuns: ReadonlySet<number>
  /** Read at this moment. */
  held: ReadonlySet<number>
  now: number
}

export interface Decision {
  version: KeptVersion
  /** Null: it goes. */
  keep: KeepReason | null
}

const DAY_MS = 86_400_000

/**
 * Which versions the policy lets go. What is current, the newest of its dataset, pinned, needed by a run or being read stays whatever the
 * policy says. A zone without a policy keeps everything.
 */
export function decideRetention(facts: RetentionFacts): Decision[] {
  const byDataset = Map.groupBy(facts.versions, ({ dataset }) => dataset)
  return [...byDataset].flatMap(([dataset, versions]) => {
    const zone = facts.zoneOf(dataset)
    const policy = zone === null ? undefined : facts.policies[zone]
    const newestFirst = versions.toSorted((a, b) => b.number - a.number)
    let published = 0
    return newestFirst.map((version, index): Decision => {
      const keep = protectedBy(version, index === 0, facts) ?? keptBy(policy, { version, newerPublished: published, now: facts.now })
      if (version.isPublished) published += 1
      return { version, keep }
    })
  })
}

function protectedBy(version: KeptVersion, isNewest: boolean, { neededByRuns, held }: RetentionFacts): KeepReason | null {
  if (version.isCurrent) return 'current'
  if (version.isPinned) return 'pinned'
  if (isNewest) return 'newest'
  if (neededByRuns.has(version.id)) return 'run'
  return held.has(version.id) ? 'read' : null
}

interface Age {
  version: KeptVersion
  /** Published versions that are newer: what a person counts as "the last N". */
  newerPublished: number
  now: number
}

/** Days count from when a version was replaced, so that yesterday's data can still be gone back to, however old they were. */
function keptBy(policy: RetentionPolicy | undefined, { version, newerPublished, now }: Age): KeepReason | null {
  if (policy === undefined) return 'no_policy'
  if (policy.keepVersions !== null && newerPublished < policy.keepVersions) return 'versions'
  const since = version.replacedAt ?? version.createdAt
  return policy.keepDays !== null && now - since < policy.keepDays * DAY_MS ? 'days' : null
}
