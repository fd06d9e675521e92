import { z } from 'zod'
import { severitySchema, shareSchema, textListSchema } from './file-values.schema.ts'

/** `anomalies:` of a contract: what is measured of every version, and how far from the usual it may be. */

const bounds = {
  within: shareSchema.optional().meta({ description: 'How far from the median of the versions before: 30% of it; of shares, 30 points.' }),
  z: z.number().positive().optional().meta({ description: 'How many standard deviations from the mean of the versions before.' }),
  severity: severitySchema.optional(),
}
const oneBound: [(bounds: { within?: unknown; z?: unknown }) => boolean, string] = [({ within, z: deviations }) => (within === undefined) !== (deviations === undefined), 'needs within or z']
const columns = textListSchema.meta({ description: 'Columns that are measured.' })

const ofColumns = z.strictObject({ columns, ...bounds }).refine(...oneBound).optional()

export const anomaliesFileSchema = z
  .strictObject({
    over: z.int().min(2).max(200).optional().meta({ description: 'Published versions that are looked back at. Default: 10.' }),
    at_least: z.int().min(1).max(200).optional().meta({ description: 'With fewer earlier versions nothing is unusual. Default: 3.' }),
    rows: z.union([shareSchema, z.strictObject(bounds).refine(...oneBound)]).optional().meta({ description: 'The number of rows: 30%, or { within, z, severity }.' }),
    nulls: ofColumns.meta({ description: 'Shares of rows without a value.' }),
    distinct: ofColumns.meta({ description: 'Shares of different values, estimated.' }),
    mean: ofColumns.meta({ description: 'Means of columns of numbers.' }),
    quantiles: z
      .strictObject({ columns, at: z.array(z.number().gt(0).lt(1)).min(1).optional().meta({ description: 'Which: 0.5 is the median. Default: [0.5].' }), ...bounds })
      .refine(...oneBound)
      .optional()
      .meta({ description: 'Quantiles of columns of numbers.' }),
    shares: ofColumns.meta({ description: 'Shares of the most frequent values of columns with few of them.' }),
  })
  .meta({ description: 'What is unusual, measured by the published versions before. Warns unless severity says otherwise.' })
export type AnomaliesFile = z.infer<typeof anomaliesFileSchema>
