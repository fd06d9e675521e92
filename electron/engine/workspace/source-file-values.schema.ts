import { z } from 'zod'
import { textListSchema } from './file-values.schema.ts'

/** Values of a source in pipeline.yaml that are more than a word. */

export const sourceColumnFileSchema = z
  .union([
    z.string(),
    z.strictObject({
      type: z.string().optional().meta({ description: 'DuckDB type. Default: DATE, BOOLEAN or DOUBLE, by the options beside it; text without any.' }),
      format: textListSchema.optional().meta({ description: 'How dates and times are written, as %d.%m.%Y; one or several.' }),
      decimal: z.enum(['.', ',']).optional().meta({ description: 'What stands before the decimals. Default: a dot.' }),
      thousands: z.string().length(1).optional().meta({ description: 'What stands between groups of three digits. Default: nothing.' }),
      strip: textListSchema.optional().meta({ description: 'Text beside a number that goes, such as $ or EUR; one or a list.' }),
      percent: z.boolean().optional().meta({ description: 'true: 50% is 0.5, with or without its sign.' }),
      true_text: textListSchema.optional().meta({ description: 'Text that means true; case does not matter.' }),
      false_text: textListSchema.optional().meta({ description: 'Text that means false; case does not matter.' }),
      start: z.int().min(1).optional().meta({ description: 'Fixed width: the character where it begins, from 1. Default: behind the column before it.' }),
      width: z.int().min(1).optional().meta({ description: 'Fixed width: how many characters it takes.' }),
    }),
  ])
  .meta({ description: 'A type, or how the values are written.' })
export type SourceColumnFile = z.infer<typeof sourceColumnFileSchema>

export const skipRuleFileSchema = z
  .union([
    z.string().min(1),
    z.strictObject({ where: z.string().min(1).meta({ description: "An SQL condition over the source's columns." }) }),
    z.strictObject({ pattern: z.string().min(1).meta({ description: "A regular expression that is looked for in the record's text." }) }),
  ])
  .meta({ description: 'Records that are left out and counted: an SQL condition, or { pattern: ... } on the text of the record.' })
