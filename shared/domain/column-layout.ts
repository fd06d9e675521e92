import { z } from 'zod'

/** How a person arranged the columns of a table; the rest follows the data. */

/** How the values of a column are written for people. What is copied or exported keeps every digit. */
export const columnFormatSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), style: z.enum(['digits', 'grouped', 'percent', 'bytes']), decimals: z.int().min(0).max(12).nullable() }),
  z.strictObject({ kind: z.literal('date'), style: z.enum(['iso', 'words', 'day', 'month', 'year']) }),
])
export type ColumnFormat = z.infer<typeof columnFormatSchema>

const names = z.array(z.string()).max(5_000)

export const columnLayoutSchema = z.object({
  /** Those that are not named come after. */
  order: names,
  hidden: names,
  /** To the left; null until somebody pins or unpins: then a short row key is. */
  pinned: names.nullable(),
  /** Pixels, by column. */
  widths: z.record(z.string(), z.number()),
  formats: z.record(z.string(), columnFormatSchema).default({}),
  /** Name of the heading above it, by column. */
  groups: z.record(z.string(), z.string().min(1).max(80)).default({}),
})
