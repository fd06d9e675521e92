import { z } from 'zod'
import { deliverySchema } from '../../../shared/contract/runs.contract.ts'
import { columnSchema } from '../../../shared/domain/table-query.ts'
import { versionCursorSchema } from './version-cursor.ts'
import { recipeSchema } from './recipe.ts'

/** What lies beside the parts of every version: enough to read it without Strata, and to enter it into a ledger again. */
export const manifestSchema = z.object({
  format: z.literal(1),
  dataset: z.string(),
  version: z.int(),
  runNumber: z.int(),
  createdAt: z.iso.datetime(),
  engineVersion: z.string(),
  layout: z.enum(['plain', 'per_file', 'stored']),
  rowCount: z.int(),
  sizeBytes: z.int(),
  contentHash: z.string(),
  columns: z.array(columnSchema),
  parts: z.array(z.object({ name: z.string(), rowCount: z.int(), sizeBytes: z.int(), sha256: z.string(), file: z.string().nullable() })),
  rejectsName: z.string().nullable(),
  quarantined: z.int(),
  /** Records that somebody decided to leave out; they are among the rejects. */
  skipped: z.int().default(0),
  records: z.int().nullable(),
  sourceHash: z.string().nullable(),
  /** Null for versions made before it was kept, and for those of more than one making. */
  recipe: recipeSchema.nullable().default(null),
  /** Parquet beside the parts that says which entities the version is made of, and from what. */
  entityIndex: z.object({ name: z.string(), rowCount: z.int(), sha256: z.string() }).nullable().default(null),
  /** Parquet beside the parts with rows as they were made, where the version has others; `replaced` of those. */
  originals: z.object({ name: z.string(), replaced: z.int() }).nullable().default(null),
  inputs: z.array(z.object({ dataset: z.string(), version: z.int() })),
  deliveries: z.array(deliverySchema.omit({ dataset: true }).extend({ modifiedAt: z.string(), etag: z.string().nullable().default(null), lastModified: z.string().nullable().default(null) })),
  /** Of an incremental source: how far it goes. */
  cursor: versionCursorSchema.nullable().default(null),
})
export type Manifest = z.infer<typeof manifestSchema>
