import { z } from 'zod'
import { checkCountsSchema } from '../domain/check-counts.ts'
import { resumeModeSchema } from '../domain/resume-mode.ts'
import { runStateSchema } from '../domain/run-status.ts'
import { parameterSchema } from '../domain/run-parameters.ts'
import { zoneSchema } from '../domain/zone.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'

/** One mistake in the workspace, at its place. Line and column count from 1; null when the file itself is the matter. */
export const findingSchema = z.object({
  severity: z.enum(['error', 'warning']),
  /** Stable short code, for example `yaml-syntax`, `unknown-key`, `unknown-dataset`, `sql-refused`, `cycle`. */
  code: z.string(),
  /** Path in the workspace, with forward slashes. */
  file: z.string(),
  line: z.int().nullable(),
  column: z.int().nullable(),
  message: z.string(),
  suggestion: z.string().nullable(),
})
export type Finding = z.infer<typeof findingSchema>

export const stepKindSchema = z.enum(['extract', 'sql', 'entity'])
export type StepKind = z.infer<typeof stepKindSchema>

/** A node of a pipeline as the window draws it. */
export const stepOutlineSchema = z.object({
  /** The dataset it makes: `data_type.zone.name`. */
  dataset: z.string(),
  kind: stepKindSchema,
  zone: zoneSchema,
  name: z.string(),
  /** File that defines it, path in the workspace. */
  file: z.string(),
  /** Datasets it reads, of any data type. */
  inputs: z.array(z.string()),
  checkCount: z.int(),
})

export type StepOutline = z.infer<typeof stepOutlineSchema>

export const dataTypeOutlineSchema = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string().nullable(),
  entityKey: z.string().nullable(),
  /** Columns by which its entities are found, besides the key. */
  entityNames: z.object({ labels: z.array(z.string()), identifiers: z.array(z.string()) }),
  /** In the order in which they run. */
  steps: z.array(stepOutlineSchema),
  /** Where a run waits for a person: `publish`, or the dataset whose step waits. */
  gates: z.array(z.object({ name: z.string(), before: z.string() })),
  /** What a run may be given. */
  parameters: z.array(parameterSchema),
  runnable: z.boolean(),
})
export type DataTypeOutline = z.infer<typeof dataTypeOutlineSchema>

export const workspaceSummarySchema = z.object({
  name: z.string(),
  label: z.string(),
  description: z.string().nullable(),
  /** Absolute, for display only. */
  path: z.string(),
  dataTypes: z.array(dataTypeOutlineSchema),
  findings: z.array(findingSchema),
  /** `resume` in strata.yaml. */
  resume: resumeModeSchema,
  checkedAt: isoTimeSchema,
})
export type WorkspaceSummary = z.infer<typeof workspaceSummarySchema>

/** A card of the zone map. */
export const datasetCardSchema = z.object({
  dataset: z.string(),
  dataType: z.string(),
  zone: zoneSchema,
  name: z.string(),
  rowCount: z.int().nullable(),
  sizeBytes: z.int().nullable(),
  version: z.int().nullable(),
  runNumber: z.int().nullable(),
  publishedAt: isoTimeSchema.nullable(),
  checks: checkCountsSchema,
  quarantined: z.int(),
  /** Files of the current version that are not as Strata wrote them. */
  damagedFiles: z.int(),
  /** Rows of the last versions, oldest first, at most 12. */
  history: z.array(z.int()),
  /** What a living run is doing to it now. */
  live: z.object({ runNumber: z.int(), state: z.string(), share: z.number().nullable() }).nullable(),
})
export type DatasetCard = z.infer<typeof datasetCardSchema>

export const attentionSchema = z.object({
  kind: z.enum(['waiting_gate', 'failed_run', 'interrupted_run', 'failed_entities', 'quarantine', 'blocked_check', 'warned_check', 'damaged_files', 'finding']),
  dataType: z.string().nullable(),
  runNumber: z.int().nullable(),
  dataset: z.string().nullable(),
  text: z.string(),
  at: isoTimeSchema.nullable(),
})
export type Attention = z.infer<typeof attentionSchema>

export const overviewSchema = z.object({
  cards: z.array(datasetCardSchema),
  dataTypes: z.array(
    z.object({
      name: z.string(),
      lastRun: z.object({ runNumber: z.int(), state: runStateSchema, degraded: z.boolean(), at: isoTimeSchema }).nullable(),
    }),
  ),
  attention: z.array(attentionSchema),
  totals: z.object({ datasets: z.int(), rows: z.int(), sizeBytes: z.int() }),
})
export type Overview = z.infer<typeof overviewSchema>

/** Answers about immutable versions that are held, the least used going first. */
export const cacheStatusSchema = z.object({
  name: z.enum(['pages', 'entities', 'copies']),
  hits: z.int(),
  misses: z.int(),
  entries: z.int(),
  sizeBytes: z.int(),
  /** Null: only their size is limited. */
  maxEntries: z.int().nullable(),
  maxBytes: z.int(),
  /** When the oldest of them was made; null when none is held. */
  oldestAt: isoTimeSchema.nullable(),
})

export const engineStatusSchema = z.object({
  appVersion: z.string(),
  engineVersion: z.string(),
  nodeVersion: z.string(),
  host: z.enum(['desktop', 'browser', 'cli']),
  startedAt: isoTimeSchema,
  memoryBytes: z.int(),
  workers: z.array(z.object({ kind: z.string(), pid: z.int().nullable(), memoryBytes: z.int().nullable(), /** It works on something. */ isBusy: z.boolean() })),
  caches: z.array(cacheStatusSchema),
})
export type EngineStatus = z.infer<typeof engineStatusSchema>

export const workspaceContract = {
  get: procedure.output(workspaceSummarySchema),
  /** Reads every file again and answers with every mistake at once. */
  check: procedure.output(workspaceSummarySchema),
  overview: procedure.output(overviewSchema),
  status: procedure.output(engineStatusSchema),
}
