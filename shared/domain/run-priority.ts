import { z } from 'zod'

/** Which of the waiting runs goes first; among equals, who came first. */
export const RUN_PRIORITIES = ['low', 'normal', 'high'] as const
export const runPrioritySchema = z.enum(RUN_PRIORITIES)
export type RunPriority = z.infer<typeof runPrioritySchema>

const RANKS: Readonly<Record<RunPriority, number>> = { low: 0, normal: 1, high: 2 }

/** The higher goes first. */
export function priorityRank(priority: RunPriority): number {
  return RANKS[priority]
}

/** A person waits for what they started; a schedule does not. */
export function usualPriority(trigger: string): RunPriority {
  return trigger === 'schedule' || trigger === 'files' || trigger === 'after' ? 'low' : 'normal'
}
