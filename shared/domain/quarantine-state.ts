import { z } from 'zod'

/**
 * What became of a record of the quarantine. `open`: nobody decided yet, or what was decided did not help. `corrected`: it has other values.
 * `accepted`: it counts in spite of a rule. `ignored`: it is left out on purpose.
 */
export const quarantineStateSchema = z.enum(['open', 'corrected', 'accepted', 'ignored'])
export type QuarantineState = z.infer<typeof quarantineStateSchema>

export const decisionKindSchema = z.enum(['correct', 'accept', 'ignore'])
export type DecisionKind = z.infer<typeof decisionKindSchema>

export const STATE_AFTER: Readonly<Record<DecisionKind, QuarantineState>> = { correct: 'corrected', accept: 'accepted', ignore: 'ignored' }
