import { z } from 'zod'
import { checkCountsSchema } from '../domain/check-counts.ts'
import { datasetIdSchema } from '../domain/naming.ts'
import { stepStateSchema } from '../domain/run-status.ts'
import { columnSchema } from '../domain/table-query.ts'
import { zoneSchema } from '../domain/zone.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'
import { runRefSchema } from './runs.contract.ts'
import { stepKindSchema } from './workspace.contract.ts'

export const lineageNodeSchema = z.object({
  dataset: z.string(),
  dataType: z.string(),
  zone: zoneSchema,
  name: z.string(),
  kind: stepKindSchema,
  /** The version this graph is about; null when the dataset has none yet. */
  version: z.int().nullable(),
  runNumber: z.int().nullable(),
  rowCount: z.int().nullable(),
  state: stepStateSchema,
  publishedAt: isoTimeSchema.nullable(),
  checks: checkCountsSchema,
  columns: z.array(columnSchema),
  /** Hops from the focus; 0 is the focus. */
  distance: z.int(),
  /** Neighbours that this graph leaves out because of `hops`. */
  hidden: z.object({ upstream: z.int(), downstream: z.int() }),
})
export type LineageNode = z.infer<typeof lineageNodeSchema>

export const lineageEdgeSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** Version of `from` that the version of `to` was made from; null when only the pipeline says so. */
  fromVersion: z.int().nullable(),
  toVersion: z.int().nullable(),
})

export const lineageSourceSchema = z.object({
  dataset: z.string(),
  fileName: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
  receivedAt: isoTimeSchema,
})

/** A file that was handed out from a dataset of the graph. */
export const lineageExportSchema = z.object({
  id: z.string(),
  dataset: z.string(),
  version: z.int(),
  path: z.string(),
  format: z.string(),
  sizeBytes: z.int().nullable(),
  startedAt: isoTimeSchema,
})

export const lineageGraphSchema = z.object({
  focus: z.string().nullable(),
  nodes: z.array(lineageNodeSchema),
  edges: z.array(lineageEdgeSchema),
  sources: z.array(lineageSourceSchema),
  /** Newest first; of a past moment, those of the versions that the graph is about. */
  exports: z.array(lineageExportSchema),
})
export type LineageGraph = z.infer<typeof lineageGraphSchema>

export const lineageContract = {
  /** The graph around a dataset, or of the whole workspace, over exact versions: which version was made from which. */
  graph: procedure
    .input(
      z.strictObject({
        focus: datasetIdSchema.optional(),
        version: z.int().min(1).optional(),
        /** Every dataset as it was just after this run published, instead of now. */
        asOf: runRefSchema.optional(),
        direction: z.enum(['upstream', 'downstream', 'both']).default('both'),
        hops: z.int().min(1).max(50).default(50),
      }),
    )
    .output(lineageGraphSchema),
}
