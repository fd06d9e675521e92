import { Cron } from 'croner'
import type { ScheduleSpec } from '../workspace/model.ts'

type Clockwork = Pick<ScheduleSpec, 'cron' | 'timeZone'>

/**
 * When a schedule falls due, as clocks of its time zone show it. A time that a change of clocks leaves out is due just after the gap, one
 * that it repeats is due once; schedules with a step or a wildcard in the hour go by elapsed time instead, as cron does.
 */
export function slotsBetween({ cron, timeZone }: Clockwork, { after, until, most }: { after: number; until: number; most: number }): number[] {
  // Without a function croner only computes.
  const clockwork = new Cron(cron, { timezone: timeZone, mode: '5-part' })
  const slots: number[] = []
  for (let at = clockwork.nextRun(new Date(after)); at !== null && at.getTime() <= until && slots.length < most; at = clockwork.nextRun(at)) slots.push(at.getTime())
  return slots
}

/** The next `count` times after `after`, ms since the epoch. */
export function nextSlots(schedule: Clockwork, after: number, count: number): number[] {
  return slotsBetween(schedule, { after, until: Number.POSITIVE_INFINITY, most: count })
}

/** What is wrong with a cron expression; null when it is one. */
export function cronProblem(cron: string): string | null {
  try {
    const next = new Cron(cron, { timezone: 'UTC', mode: '5-part' }).nextRun()
    return next === null ? 'names a time that never comes' : null
  } catch (error) {
    return `is no cron expression: ${error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error)}`
  }
}
