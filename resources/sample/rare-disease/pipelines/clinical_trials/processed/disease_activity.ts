import { defineProcessor } from 'strata'
import { z } from 'zod'

/** How much a disorder is being studied: called once a disorder, with all of its studies. */

const trialSchema = z.object({
  nct_id: z.string(),
  status: z.string(),
  study_type: z.string(),
  phase: z.string().nullable(),
  enrollment: z.coerce.number(),
  started_on: z.iso.date(),
  completed_on: z.iso.date().nullable(),
})
type Trial = z.infer<typeof trialSchema>

const OPEN = new Set(['RECRUITING', 'NOT_YET_RECRUITING', 'ACTIVE_NOT_RECRUITING'])

export default defineProcessor({
  result: z.object({
    orpha_code: z.string(),
    trials: z.int(),
    open_trials: z.int(),
    interventional_trials: z.int(),
    enrollment: z.int(),
    highest_phase: z.string().nullable(),
    first_start: z.iso.date(),
    last_completion: z.iso.date().nullable(),
    activity: z.enum(['recruiting', 'under way', 'finished']),
  }),

  process(entityId, rows, context) {
    const trials = rows.map((row) => trialSchema.parse(row)).filter((trial) => trial.status !== 'WITHDRAWN')
    if (trials.length === 0) return null
    for (const trial of trials) refuseContradiction(trial)
    const open = trials.filter((trial) => OPEN.has(trial.status))
    const completions = trials.map((trial) => trial.completed_on).filter((date) => date !== null)
    if (trials.length >= 10) context.log(`${entityId} has ${trials.length} studies`)
    return {
      orpha_code: entityId,
      trials: trials.length,
      open_trials: open.length,
      interventional_trials: trials.filter((trial) => trial.study_type === 'INTERVENTIONAL').length,
      enrollment: trials.reduce((sum, trial) => sum + trial.enrollment, 0),
      highest_phase: trials.map((trial) => trial.phase).filter((phase) => phase !== null && phase !== 'NA').toSorted().at(-1) ?? null,
      first_start: trials.map((trial) => trial.started_on).toSorted()[0] ?? '',
      last_completion: completions.toSorted().at(-1) ?? null,
      activity: activityOf(trials, open),
    }
  },
})

/** Dates that contradict each other are a matter for a person: the disorder fails, the others go on. */
function refuseContradiction(trial: Trial): void {
  if (trial.completed_on === null || trial.completed_on >= trial.started_on) return
  throw new Error(`Study ${trial.nct_id} ends on ${trial.completed_on}, before it starts on ${trial.started_on}`)
}

function activityOf(trials: readonly Trial[], open: readonly Trial[]): 'recruiting' | 'under way' | 'finished' {
  if (trials.some((trial) => trial.status === 'RECRUITING')) return 'recruiting'
  return open.length > 0 ? 'under way' : 'finished'
}
