import { z } from 'zod'
import { columnSchema } from '../domain/table-query.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'
import { datasetRefSchema } from './datasets.contract.ts'

/** Values as SQL reads them, and as a filter takes them. */
const valueSchema = z.string()

export const histogramSchema = z.object({
  /**
   * Ascending. Each bin has the values from its lower edge up to, but without, its upper one; the first takes whatever is smaller, the last
   * whatever is larger, so that all values are in one. One edge more than bins.
   */
  edges: z.array(valueSchema).min(2),
  counts: z.array(z.int()),
  /** `log`: edges are 1, 2 and 5 times powers of ten. Otherwise bins are equally wide, `unit` says how wide in time. */
  scale: z.enum(['linear', 'log', 'time']),
  unit: z.string().nullable(),
  /** The outermost bins hold values far beyond their outer edge. */
  isOpen: z.object({ below: z.boolean(), above: z.boolean() }),
})
export type Histogram = z.infer<typeof histogramSchema>

export const columnProfileSchema = z.object({
  column: columnSchema,
  nulls: z.int(),
  /** Different values, null not among them. */
  distinct: z.int(),
  /** False: an estimate, which may be some hundredths off. */
  isDistinctExact: z.boolean(),
  min: valueSchema.nullable(),
  max: valueSchema.nullable(),
  /** Of numbers. */
  mean: z.number().nullable(),
  /** Values below which 5, 25, 50, 75 and 95 of a hundred lie; from a sample where `isSampled`. Of numbers and times. */
  quantiles: z.object({ at: z.array(z.number()), values: z.array(valueSchema), isSampled: z.boolean() }).nullable(),
  /** Characters of text, bytes, items of lists. */
  lengths: z.object({ min: z.int(), max: z.int(), mean: z.number() }).nullable(),
  /** Texts without a character. */
  empty: z.int().nullable(),
  /** NaN and infinities, which stand in no bin. */
  notFinite: z.int(),
  histogram: histogramSchema.nullable(),
  /** The most frequent values first, of long ones the beginning. Null: nearly every value occurs once. */
  top: z.array(z.object({ value: valueSchema, isCut: z.boolean(), count: z.int() })).nullable(),
  /** Where this was measured of earlier versions too, the oldest first, this one last. */
  trend: z.array(z.object({ version: z.int(), nullShare: z.number(), distinct: z.int(), mean: z.number().nullable() })),
})
export type ColumnProfile = z.infer<typeof columnProfileSchema>

export const datasetProfileSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  rowCount: z.int(),
  columns: z.array(columnProfileSchema),
  computedAt: isoTimeSchema,
  /** What computing it took. */
  tookMs: z.number(),
  /** It was there already. */
  fromCache: z.boolean(),
})
export type DatasetProfile = z.infer<typeof datasetProfileSchema>

export const profileContract = {
  /**
   * What is in the columns of a version: computed once, in a process of its own, and kept with the cache. Whoever asks meanwhile waits for the
   * same; when the last one gives up, it stops.
   */
  profile: procedure.input(datasetRefSchema).output(datasetProfileSchema),
  /** How far it has come; null when it is not being computed. `note` names the column. */
  profileProgress: procedure.input(datasetRefSchema).output(z.object({ share: z.number(), note: z.string().nullable() }).nullable()),
}
