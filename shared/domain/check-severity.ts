import { z } from 'zod'

/**
 * What becomes of rows that break a rule. `block` keeps the run from being published, `quarantine` takes the rows out of the version before
 * anybody reads it, `warn` reports.
 */
export const CHECK_SEVERITIES = ['block', 'quarantine', 'warn'] as const
export const checkSeveritySchema = z.enum(CHECK_SEVERITIES)
export type CheckSeverity = z.infer<typeof checkSeveritySchema>
