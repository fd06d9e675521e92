import { z } from 'zod'
import { ERROR_CLASSES } from '../../../shared/domain/error-class.ts'
import { AGE_PATTERN, CHANGE_PATTERN, DURATION_PATTERN, SHARE_PATTERN } from '../../../shared/domain/quantity.ts'

/** Values that several workspace files share. The schemas only describe the files; what they mean is made of them elsewhere. */

export const durationSchema = z
  .union([z.int().min(0).max(86_400_000), z.string().regex(DURATION_PATTERN, 'must be a duration such as 500ms, 2s or 1m')])
  .meta({ description: 'A duration: 500ms, 2s, 1.5m, 1h, or a number of milliseconds.' })

export const toleranceSchema = z
  .union([z.int().min(0), z.string().regex(SHARE_PATTERN, 'must be a count such as 5 or a share such as 1%')])
  .meta({ description: 'How many may fail: a count such as 5, or a share of all such as 1%.' })

export const ageSchema = z.string().regex(AGE_PATTERN, 'must be an age such as 12h, 30d or 2w').meta({ description: 'An age: hours, days or weeks, such as 12h, 30d, 2w.' })

export const shareSchema = z.string().regex(SHARE_PATTERN, 'must be a share such as 5%').meta({ description: 'A share of all rows: 5%.' })

export const changeSchema = z.string().regex(CHANGE_PATTERN, 'must be a change such as -10% or 50%').meta({ description: 'A change: -10% is a tenth fewer, 50% half as many again.' })

/** Of what looks at a dataset as a whole. */
const WHOLE = { error: ({ input }: { input?: unknown }): string | undefined => (input === 'quarantine' ? 'cannot be quarantine: this looks at the dataset as a whole, so there are no rows to take out. It can warn or block' : undefined) }

export const severitySchema = z
  .enum(['block', 'warn'], WHOLE)
  .meta({ description: 'block (the default) keeps the run from being published; warn only reports.' })

export const rowSeveritySchema = z
  .enum(['block', 'quarantine', 'warn'])
  .meta({ description: 'block (the default) keeps the run from being published; quarantine takes the rows out that break the rule; warn only reports.' })
export const driftSchema = z
  .enum(['evolve', 'warn', 'block'], WHOLE)
  .meta({ description: 'What becomes of a version whose columns are other than those of the one before: evolve keeps it on record, warn (the default) reports, block keeps the run from being published.' })

export const descriptionSchema = z.string().meta({ description: 'What this is, for people.' })

const texts = z.array(z.string().min(1)).min(1)
/** One text or several. */
export const textListSchema = z.union([z.string().min(1), texts])

/** Columns that are held together to something, and what becomes of rows that break it. */
export const keyFileSchema = z.union([z.string().min(1), texts, z.strictObject({ columns: textListSchema.meta({ description: 'One or several.' }), severity: rowSeveritySchema.optional() })])
export const uniqueFileSchema = z.union([texts, z.strictObject({ columns: texts.meta({ description: 'Unique together.' }), severity: rowSeveritySchema.optional() })])

const retryPolicyFileSchema = z
  .strictObject({
    attempts: z.int().min(1).max(20).optional().meta({ description: 'Tries in all, the first included.' }),
    base_delay: durationSchema.optional().meta({ description: 'Wait before the second try; doubled each time after. A duration such as 500ms or 2s.' }),
    max_delay: durationSchema.optional().meta({ description: 'The longest wait. A duration such as 30s or 1m.' }),
  })
  .meta({ description: 'How often and how patiently this class of error is tried again. What is left out keeps its default.' })
export type RetryPolicyFile = z.infer<typeof retryPolicyFileSchema>

type RetryClass = Exclude<(typeof ERROR_CLASSES)[number], 'bad_code' | 'cancelled'>
/** Code does not mend by waiting, and what a person cancelled stays cancelled. */
export const RETRY_CLASSES = ERROR_CLASSES.filter((name): name is RetryClass => name !== 'bad_code' && name !== 'cancelled')

export const retryFileSchema = z
  .strictObject(Object.fromEntries(RETRY_CLASSES.map((name) => [name, retryPolicyFileSchema.optional()])) as Record<RetryClass, z.ZodOptional<typeof retryPolicyFileSchema>>)
  .meta({ description: 'Retrying by class of error: busy, network, timeout, disk_full, out_of_memory, bad_data, crash.' })
export type RetryFile = z.infer<typeof retryFileSchema>
