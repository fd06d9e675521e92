import { z } from 'zod'
import { datasetIdSchema } from '../domain/naming.ts'
import { problemSchema } from '../domain/problem.ts'
import { zoneSchema } from '../domain/zone.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { reasonSchema } from './publish.contract.ts'

/** Versions that are kept of every dataset of a zone. A version goes when neither keeps it; null keeps none by itself. */
export const retentionPolicySchema = z.object({ zone: zoneSchema, keepVersions: z.int().nullable(), keepDays: z.number().nullable() })

/** Why a version stays whatever the policy says. */
export const keepReasonSchema = z.enum(['current', 'newest', 'pinned', 'run', 'read', 'versions', 'days', 'no_policy'])
export type KeepReason = z.infer<typeof keepReasonSchema>

export const removableVersionSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  runNumber: z.int(),
  rowCount: z.int(),
  sizeBytes: z.int(),
  createdAt: isoTimeSchema,
  /** Since when it is no longer current; null when it never was. */
  replacedAt: isoTimeSchema.nullable(),
})

/** Something in the zones that no version, run or manifest answers for. */
export const leftoverSchema = z.object({ path: z.string(), sizeBytes: z.int(), modifiedAt: isoTimeSchema })
export type Leftover = z.infer<typeof leftoverSchema>

export const retentionPreviewSchema = z.object({
  /** Only zones that strata.yaml names; all versions of the others are kept. */
  policies: z.array(retentionPolicySchema),
  /** What gc would remove, oldest first; the first 2,000. */
  versions: z.array(removableVersionSchema),
  versionCount: z.int(),
  sizeBytes: z.int(),
  /** Why the others stay. */
  kept: z.array(z.object({ reason: keepReasonSchema, versions: z.int(), sizeBytes: z.int() })),
  /** Versions that were removed already, whose files a stopped gc left behind. */
  unfinished: z.array(z.object({ dataset: z.string(), version: z.int() })),
  leftovers: z.array(leftoverSchema),
})
export type RetentionPreview = z.infer<typeof retentionPreviewSchema>

export const diskUseSchema = z.object({
  totalBytes: z.int(),
  freeBytes: z.int(),
  /** zones, exports, inbox, and the parts of .strata; adds up to the total. */
  folders: z.array(z.object({ path: z.string(), sizeBytes: z.int(), files: z.int() })),
  versions: z.array(
    z.object({
      dataset: z.string(),
      dataType: z.string(),
      zone: zoneSchema,
      version: z.int(),
      runNumber: z.int().nullable(),
      sizeBytes: z.int(),
      files: z.int(),
      isCurrent: z.boolean(),
      isPinned: z.boolean(),
    }),
  ),
  tookMs: z.number(),
})
export type DiskUse = z.infer<typeof diskUseSchema>

/** A file that is not as Strata wrote it. */
export const damageSchema = z.object({
  dataset: z.string(),
  version: z.int().nullable(),
  /** Path in the workspace. */
  path: z.string(),
  kind: z.enum(['changed', 'missing', 'unexpected']),
  text: z.string(),
  at: isoTimeSchema,
})
export type Damage = z.infer<typeof damageSchema>

/** check: the files that looked touched when the workspace was opened. */
export const upkeepKindSchema = z.enum(['gc', 'verify', 'check'])

/** A long piece of work on the files: one at a time. */
export const upkeepSchema = z.object({
  id: z.string(),
  kind: upkeepKindSchema,
  /** The dataset it is about; null for all. */
  dataset: z.string().nullable(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  startedAt: isoTimeSchema,
  finishedAt: isoTimeSchema.nullable(),
  /** 0 to 1; null when it is not running. */
  share: z.number().nullable(),
  /** Versions removed or looked at. */
  versions: z.int(),
  files: z.int(),
  sizeBytes: z.int(),
  /** Verify: files that are not as they should be. */
  damaged: z.int(),
  problem: problemSchema.nullable(),
})
export type Upkeep = z.infer<typeof upkeepSchema>

export const versionNameSchema = z.strictObject({ dataset: datasetIdSchema, version: z.int().min(1) })

export const storageContract = {
  /** What gc would remove, what stays and why, and what nobody answers for. */
  retention: procedure.output(retentionPreviewSchema),
  /** Removes what the policy lets go; with `leftovers`, also what no version answers for. */
  gc: procedure.input(z.strictObject({ commandId: commandIdSchema, leftovers: z.boolean().default(false) })).output(upkeepSchema),
  /** Reads every file of the kept versions again and compares it with what was written. */
  verify: procedure.input(z.strictObject({ commandId: commandIdSchema, dataset: datasetIdSchema.optional() })).output(upkeepSchema),
  get: procedure.input(z.strictObject({ id: z.string() })).output(upkeepSchema),
  cancel: procedure.input(z.strictObject({ id: z.string() })).output(upkeepSchema),
  /** Newest first. */
  list: procedure.input(z.strictObject({ kind: upkeepKindSchema.optional(), ...pageRequest })).output(z.object({ total: z.int(), upkeep: z.array(upkeepSchema) })),
  damages: procedure.input(z.strictObject({ dataset: datasetIdSchema.optional(), ...pageRequest })).output(z.object({ total: z.int(), damages: z.array(damageSchema) })),
  disk: procedure.output(diskUseSchema),
  /** Keeps a version whatever the policy says. */
  pin: procedure.input(versionNameSchema.extend({ commandId: commandIdSchema, reason: reasonSchema })).output(versionNameSchema),
  unpin: procedure.input(versionNameSchema.extend({ commandId: commandIdSchema, reason: reasonSchema })).output(versionNameSchema),
}
