import { z } from 'zod'

/** What the rules of a version came to, each counted once. */
export const checkCountsSchema = z.object({
  passed: z.int(),
  /** Failures that warn, and those that somebody let pass. */
  warned: z.int(),
  /** Rules that took rows out: what is in the version keeps them. */
  quarantined: z.int(),
  blocked: z.int(),
})
export type CheckCounts = z.infer<typeof checkCountsSchema>

export const NO_CHECKS: CheckCounts = { passed: 0, warned: 0, quarantined: 0, blocked: 0 }

export function checkTotal({ passed, warned, quarantined, blocked }: CheckCounts): number {
  return passed + warned + quarantined + blocked
}

/** The worst of it in one line: `19 rules hold`, `2 of 19 warn`, `1 of 19 blocks`. */
export function checkCountsText(counts: CheckCounts): string {
  const all = checkTotal(counts)
  const some = (count: number, one: string, many: string): string => `${count} of ${all} ${count === 1 ? one : many}`
  if (all === 0) return 'not checked'
  if (counts.blocked > 0) return some(counts.blocked, 'blocks', 'block')
  if (counts.warned > 0) return some(counts.warned, 'warns', 'warn')
  if (counts.quarantined > 0) return some(counts.quarantined, 'takes rows out', 'take rows out')
  return `${all} ${all === 1 ? 'rule holds' : 'rules hold'}`
}
