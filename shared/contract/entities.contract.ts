import { z } from 'zod'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { entityStateSchema } from '../domain/run-status.ts'
import { columnSchema } from '../domain/table-query.ts'
import { zoneSchema } from '../domain/zone.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'
import { publicationSchema } from './publish.contract.ts'
import { runRefSchema } from './runs.contract.ts'

export const entitySliceSchema = z.object({
  dataset: z.string(),
  dataType: z.string(),
  zone: zoneSchema,
  version: z.int(),
  /** The column that named the entity. */
  keyColumn: z.string(),
  columns: z.array(columnSchema),
  /** Its other columns that name entities: by the name of an entity key, or by a declared relationship to one. */
  references: z.array(z.string()),
  /** JSON text, as in a dataset page; at most `limit` rows. */
  rowsJson: z.string(),
  rowCount: z.int(),
})
export type EntitySlice = z.infer<typeof entitySliceSchema>

export const entityDataSchema = z.object({
  entityId: z.string(),
  slices: z.array(entitySliceSchema),
  history: z.array(
    z.object({
      dataType: z.string(),
      runNumber: z.int(),
      dataset: z.string(),
      state: entityStateSchema,
      rows: z.int(),
      error: z.string().nullable(),
      at: isoTimeSchema,
    }),
  ),
  fromCache: z.boolean(),
  tookMs: z.number(),
})
export type EntityData = z.infer<typeof entityDataSchema>

/** An entity that a search found, and by what. */
export const entityMatchSchema = z.object({
  entityId: z.string(),
  /** What people call it; null where nothing says so. */
  label: z.string().nullable(),
  by: z.object({ column: z.string(), kind: z.enum(['key', 'identifier', 'label']), value: z.string(), dataset: z.string() }),
  /** Those in which it was found by the text. */
  datasets: z.array(z.string()),
  dataTypes: z.array(z.string()),
})
export type EntityMatch = z.infer<typeof entityMatchSchema>

export const entitySearchSchema = z.object({
  /** The best first. */
  matches: z.array(entityMatchSchema),
  /** There are more. */
  isCut: z.boolean(),
  /** Datasets whose names are still being listed, so that they are not searched yet. */
  preparing: z.array(z.string()),
  /** Datasets that cannot be searched, and why. */
  failed: z.array(z.object({ dataset: z.string(), message: z.string() })),
  tookMs: z.number(),
})
export type EntitySearch = z.infer<typeof entitySearchSchema>

const versionOfRunSchema = z.object({ version: z.int(), runNumber: z.int() })

/** What became of one row of an entity. Values are texts as a cell shows them, nested ones JSON; null is none. */
export const entityRowChangeSchema = z.object({
  kind: z.enum(['added', 'removed', 'changed']),
  /** What names the row by the contract; empty where nothing does. */
  key: z.array(z.object({ column: z.string(), value: z.string().nullable() })),
  /** Of a changed row, those that differ. */
  cells: z.array(z.object({ column: z.string(), from: z.string().nullable(), to: z.string().nullable() })),
})
export type EntityRowChange = z.infer<typeof entityRowChangeSchema>

/** What a publication changed about an entity in one dataset. */
export const entityEventSchema = z.object({
  at: isoTimeSchema,
  publication: publicationSchema.pick({ id: true, kind: true, dataType: true, runNumber: true, actor: true, reason: true }),
  dataset: z.string(),
  dataType: z.string(),
  zone: zoneSchema,
  /** The column that named it. */
  keyColumn: z.string(),
  /** What was current before, and after; null: nothing. */
  from: versionOfRunSchema.nullable(),
  to: versionOfRunSchema.nullable(),
  kind: z.enum(['appeared', 'changed', 'removed', 'unknown']),
  /** Of `unknown`: why it cannot be told. */
  note: z.string().nullable(),
  rowsBefore: z.int().nullable(),
  rowsAfter: z.int().nullable(),
  rows: z.array(entityRowChangeSchema),
  /** Changed rows that are not among them. */
  moreRows: z.int(),
})
export type EntityEvent = z.infer<typeof entityEventSchema>

export const entityTimelineSchema = z.object({
  /** The newest first. */
  events: z.array(entityEventSchema),
  /** Goes on with what was before; null: there is no more. */
  next: z.int().nullable(),
  /** Publications that were compared for this answer. */
  lookedAt: z.int(),
  /** Changes between versions that were both removed by retention. */
  untold: z.int(),
  /** When the oldest of them was; null: none was looked at. */
  since: isoTimeSchema.nullable(),
})
export type EntityTimeline = z.infer<typeof entityTimelineSchema>

export const entitiesContract = {
  /** What changed when about an entity, over everything that was published: where it appeared, changed and went, row by row. */
  timeline: procedure
    .input(
      z.strictObject({
        entityId: z.string().min(1).max(500),
        dataTypes: z.array(dataTypeNameSchema).optional(),
        /** Only publications before this one: `next` of the answer before. */
        before: z.int().optional(),
        /** Events at least, unless there are no more, or none came in many publications. */
        limit: z.int().min(1).max(200).default(20),
      }),
    )
    .output(entityTimelineSchema),
  /**
   * Entities whose key, declared identifier or label begins with the text, or has words that begin with its words, in any case and without
   * accents and punctuation, in the current data of all data types. Names are listed once for each version, when somebody searches first.
   */
  search: procedure
    .input(
      z.strictObject({
        text: z.string().max(200),
        dataTypes: z.array(dataTypeNameSchema).optional(),
        limit: z.int().min(1).max(200).default(20),
        /** Answer when the names of every dataset are listed, instead of with those that are. */
        wait: z.boolean().default(false),
      }),
    )
    .output(entitySearchSchema),
  /** One entity over every data type: its rows at every stage, and what runs did to it. */
  getDataForEntity: procedure
    .input(
      z.strictObject({
        entityId: z.string().min(1).max(500),
        dataTypes: z.array(dataTypeNameSchema).optional(),
        limit: z.int().min(1).max(1_000).default(100),
        /** Its rows as they were just after this run published, instead of now. */
        asOf: runRefSchema.optional(),
      }),
    )
    .output(entityDataSchema),
}
