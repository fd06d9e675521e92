/** A run that does other things than a person could expect says so, in the same words everywhere. */

interface PlanChangeFacts {
  since: 'plan' | 'pass'
  attempt: number
  changes: readonly string[]
}

/** "2 things are other than in the plan it was started with", as the head over the sentences. */
export function planChangeHead({ since, attempt, changes }: PlanChangeFacts): string {
  const things = changes.length === 1 ? 'One thing is' : `${changes.length.toLocaleString('en')} things are`
  if (since === 'plan') return `${things} other than in the plan it was started with`
  return `${things} other than when it last stopped${attempt > 1 ? `, before attempt ${attempt}` : ''}`
}
