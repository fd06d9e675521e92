import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { checkSeveritySchema } from '../domain/check-severity.ts'
import { actorSchema } from '../domain/actor.ts'
import { errorClassSchema } from '../domain/error-class.ts'
import { dataTypeNameSchema, datasetIdSchema } from '../domain/naming.ts'
import { problemSchema } from '../domain/problem.ts'
import { runOptionsSchema, runSelectionSchema } from '../domain/run-options.ts'
import { parameterValueSchema } from '../domain/run-parameters.ts'
import { runFlagSchema } from '../domain/run-flags.ts'
import { retryWaitSchema } from '../domain/retry-wait.ts'
import { runPrioritySchema } from '../domain/run-priority.ts'
import { entityStateSchema, runStateSchema, stepStateSchema } from '../domain/run-status.ts'
import { zoneSchema } from '../domain/zone.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { stepKindSchema } from './workspace.contract.ts'

/** `{ dataType, runNumber }`: how people and the command line name a run, "prevalence #41". */
export const runRefSchema = z.strictObject({ dataType: dataTypeNameSchema, runNumber: z.int().min(1) })
export type RunRef = z.infer<typeof runRefSchema>

export const triggerSchema = z.enum(['window', 'cli', 'http', 'resume', 'schedule', 'files', 'after'])

export type RunTrigger = z.infer<typeof triggerSchema>

export const runSchema = z.object({
  dataType: z.string(),
  runNumber: z.int(),
  state: runStateSchema,
  /** Succeeded, but some entities failed or rows were quarantined within the threshold. */
  degraded: z.boolean(),
  trigger: triggerSchema,
  /** Which pass over the same run number this is: 1, then one more for every resume or retry. */
  attempt: z.int(),
  /** The group that it was started in, a run of every data type; null when it was started alone. */
  group: z.int().nullable(),
  /** Entities the run is narrowed to; null means all. */
  entities: z.array(z.string()).nullable(),
  /** Selection, force and parameters that it was started with. */
  options: runOptionsSchema,
  queuedAt: isoTimeSchema,
  startedAt: isoTimeSchema.nullable(),
  finishedAt: isoTimeSchema.nullable(),
  /** What it worked for, without the time that it waited for people; known when it has ended. */
  durationMs: z.int().nullable(),
  /** What it waited for people, at gates, until the wait that is going on. */
  waitedMs: z.int(),
  /** Since when it waits for a person, until it works again; null when it does not. */
  waitingSince: isoTimeSchema.nullable(),
  rowsOut: z.int(),
  quarantined: z.int(),
  /** Entities without a result: failed or quarantined. */
  entitiesFailed: z.int(),
  problem: problemSchema.nullable(),
  /** One line on what it is doing, or what came of it. */
  summary: z.string(),
  /** What was unusual, by the runs before it; known when it has succeeded. */
  flags: z.array(runFlagSchema),
})
export type Run = z.infer<typeof runSchema>

/** Who decided something against the machine, when and why. */
export const exceptionSchema = z.object({ actor: actorSchema, at: isoTimeSchema, reason: z.string() })
export type Exception = z.infer<typeof exceptionSchema>

export const markKindSchema = z.enum(['accepted', 'skipped', 'retry'])
export type MarkKind = z.infer<typeof markKindSchema>
/** A retry leaves no mark: it is done when the step or entity is pending again. */
export const markSchema = exceptionSchema.extend({ as: z.enum(['accepted', 'skipped']) })
export type Mark = z.infer<typeof markSchema>

/** The number that a rule holds against its bounds: rows that break it, a share, a change since the version before, an age in ms. */
export const measureSchema = z.object({ value: z.number(), unit: z.enum(['rows', 'values', 'share', 'change', 'ms', 'number']) })
export type Measure = z.infer<typeof measureSchema>

/** What a rule found in a version. */
export const checkOutcomeSchema = z.object({
  dataset: z.string(),
  /** For example `not_null(order_id)`. */
  rule: z.string(),
  column: z.string().nullable(),
  severity: checkSeveritySchema,
  passed: z.boolean(),
  /** Rows that break the rule; null when the rule is not about rows. */
  failingRows: z.int().nullable(),
  message: z.string(),
  /** Rows among them that are kept to be looked at, see `checks.failing`. */
  keptRows: z.int(),
  measure: measureSchema.nullable(),
  durationMs: z.number(),
})
export type CheckOutcome = z.infer<typeof checkOutcomeSchema>

/** The failure stays; an override says who let the version pass all the same. */
export const checkResultSchema = checkOutcomeSchema.extend({ override: exceptionSchema.nullable() })
export type CheckResult = z.infer<typeof checkResultSchema>

export const runStepSchema = z.object({
  dataset: z.string(),
  kind: stepKindSchema,
  zone: zoneSchema,
  name: z.string(),
  position: z.int(),
  state: stepStateSchema,
  attempt: z.int(),
  startedAt: isoTimeSchema.nullable(),
  finishedAt: isoTimeSchema.nullable(),
  durationMs: z.int().nullable(),
  /** Rows written by the version; null until sealed. */
  rowsOut: z.int().nullable(),
  /** Records seen in the sources; rowsIn = rowsOut + quarantined + skipped for an extract. */
  rowsIn: z.int().nullable(),
  quarantined: z.int(),
  /** Records that are left out on purpose. */
  skipped: z.int().default(0),
  sizeBytes: z.int().nullable(),
  version: z.int().nullable(),
  /** 0 to 1, or null when it cannot be known. */
  share: z.number().nullable(),
  /** "31,204 of 50,000 entities", "retrying in 8 s, attempt 2 of 5: database is locked". */
  note: z.string().nullable(),
  /** `carried`: those among the succeeded whose rows are those of the version before, because nothing of theirs has changed. */
  entities: z.object({ total: z.int(), succeeded: z.int(), carried: z.int(), failed: z.int(), quarantined: z.int(), skipped: z.int() }).nullable(),
  /** While it waits to be tried again; `retryText` makes a sentence of it that counts down. */
  retry: retryWaitSchema.nullable(),
  /** An optional source that could not be read: the last good version stands in. */
  degraded: z.boolean(),
  problem: problemSchema.nullable(),
  /** What this step took in the last runs before this one, in ms: the median, or null when it never ran before. */
  expectedMs: z.int().nullable(),
  inputs: z.array(z.object({ dataset: z.string(), version: z.int() })),
  /** How the columns of its version differ from those of the published one before, in words; null where they do not, or it was reused. */
  drift: z.object({ against: z.int(), text: z.string() }).nullable(),
})
export type RunStep = z.infer<typeof runStepSchema>

/** A member of an archive that was delivered; its rows say `<file>/<member>` in `_file`. */
export const deliveredMemberSchema = z.object({
  name: z.string(),
  records: z.int(),
  loaded: z.int(),
  quarantined: z.int(),
  skipped: z.int(),
})
export type DeliveredMember = z.infer<typeof deliveredMemberSchema>

export const deliverySchema = z.object({
  dataset: z.string(),
  fileName: z.string(),
  /** Where it was delivered from, path in the workspace or absolute. */
  origin: z.string(),
  sha256: z.string(),
  sizeBytes: z.int(),
  receivedAt: isoTimeSchema,
  /** records = loaded + quarantined + skipped. */
  records: z.int(),
  loaded: z.int(),
  quarantined: z.int(),
  /** Left out on purpose, or not read because another file of the source has the same content. */
  skipped: z.int().default(0),
  /** Of an archive: the members that were read. */
  members: z.array(deliveredMemberSchema).default([]),
  /** The file that has the same content. */
  sameAs: z.string().nullable().default(null),
})
export type Delivery = z.infer<typeof deliverySchema>

/** What was other, before the run began or went on, than when somebody last saw what it would do. */
export const planChangeSchema = z.object({
  at: isoTimeSchema,
  attempt: z.int(),
  /** `plan`: the plan that it was started with. `pass`: what it had done when it last stopped. */
  since: z.enum(['plan', 'pass']),
  /** A sentence each. */
  changes: z.array(z.string()),
})
export type PlanChange = z.infer<typeof planChangeSchema>

export const runDetailSchema = z.object({
  run: runSchema,
  /** Oldest first; empty when every pass did what was to be expected. */
  planChanges: z.array(planChangeSchema),
  steps: z.array(runStepSchema),
  checks: z.array(checkResultSchema),
  deliveries: z.array(deliverySchema),
  /** Highest event that this answer already contains: subscribe from here. */
  seq: z.int(),
})
export type RunDetail = z.infer<typeof runDetailSchema>

export const runEntitySchema = z.object({
  dataset: z.string(),
  entityId: z.string(),
  state: entityStateSchema,
  attempts: z.int(),
  /** Its rows are those of the version before: nothing of its input has changed. */
  carried: z.boolean(),
  rows: z.int(),
  durationMs: z.number(),
  errorClass: errorClassSchema.nullable(),
  error: z.string().nullable(),
  /** The error with its values taken out, so that the same cause groups together. */
  signature: z.string().nullable(),
  mark: markSchema.nullable(),
})
export type RunEntity = z.infer<typeof runEntitySchema>

/** A step that was reused: its entities are accounted for in the run that made the version. */
export const entitiesElsewhereSchema = z.object({ dataset: z.string(), version: z.int(), run: runRefSchema, entities: z.int() })
export type EntitiesElsewhere = z.infer<typeof entitiesElsewhereSchema>

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export const logLevelSchema = z.enum(LOG_LEVELS)

export const logLineSchema = z.object({
  seq: z.int(),
  at: isoTimeSchema,
  level: logLevelSchema,
  step: z.string().nullable(),
  text: z.string(),
})
export type LogLine = z.infer<typeof logLineSchema>

export const quarantinedRecordSchema = z.object({
  dataset: z.string(),
  file: z.string(),
  /** Ordinal of the record in its file, from 1. */
  record: z.int().nullable(),
  column: z.string().nullable(),
  reason: z.string(),
  raw: z.string(),
})
export type QuarantinedRecord = z.infer<typeof quarantinedRecordSchema>

/** One thing that happened. `seq` rises over the whole workspace and never repeats. Progress carries the last durable seq. */
export const engineEventSchema = z.object({
  seq: z.int(),
  at: isoTimeSchema,
  kind: z.enum(['run', 'plan', 'step', 'entities', 'progress', 'log', 'publish', 'export', 'storage', 'workspace']),
  dataType: z.string().nullable(),
  runNumber: z.int().nullable(),
  dataset: z.string().nullable(),
  /** New state for run and step events; what was other than planned for plan events; text for log events. */
  text: z.string().nullable(),
  /** For progress: share 0 to 1 and a note. */
  share: z.number().nullable(),
})
export type EngineEvent = z.infer<typeof engineEventSchema>

const runList = z.object({ total: z.int(), runs: z.array(runSchema) })

export const runsContract = {
  /** Queues a run under the next number of its data type. */
  start: procedure
    .input(
      z.strictObject({
        commandId: commandIdSchema,
        dataType: dataTypeNameSchema,
        entities: z.array(z.string().min(1)).min(1).max(100_000).optional(),
        trigger: triggerSchema.default('window'),
        ...runSelectionSchema.partial().shape,
        parameters: z.record(z.string(), parameterValueSchema).optional(),
        /** The hash of the plan that was shown: refused with CONFLICT, naming what changed, when it would be another now. */
        planHash: z.string().max(20_000).optional(),
        /** Without one: normal. */
        priority: runPrioritySchema.optional(),
      }),
    )
    .output(runRefSchema),
  cancel: procedure.input(z.strictObject({ run: runRefSchema })).output(runSchema),
  /**
   * Goes on with a finished run under its own number, as its next attempt: what succeeded stays, unless an edit of its files touches
   * it; what failed runs again. `from` does that step and all that reads it again, `force` even where nothing changed.
   */
  resume: procedure
    .input(z.strictObject({ commandId: commandIdSchema, run: runRefSchema, from: datasetIdSchema.optional(), force: z.boolean().optional() }))
    .output(runSchema),
  list: procedure
    .input(
      z.strictObject({
        dataType: dataTypeNameSchema.optional(),
        states: z.array(runStateSchema).optional(),
        triggers: z.array(triggerSchema).optional(),
        text: z.string().max(200).optional(),
        /** Queued at or after. */
        from: isoTimeSchema.optional(),
        /** Queued before. */
        to: isoTimeSchema.optional(),
        ...pageRequest,
      }),
    )
    .output(runList),
  get: procedure.input(z.strictObject({ run: runRefSchema })).output(runDetailSchema),
  entities: procedure
    .input(
      z.strictObject({
        run: runRefSchema,
        dataset: z.string().optional(),
        states: z.array(entityStateSchema).optional(),
        /** Only those with this error. */
        signature: z.string().max(400).optional(),
        text: z.string().max(200).optional(),
        ...pageRequest,
      }),
    )
    .output(
      z.object({
        total: z.int(),
        counts: z.record(entityStateSchema, z.int()),
        entities: z.array(runEntitySchema),
        /** Entities that the run did not look at, because it reused what an earlier run had made of them. */
        elsewhere: z.array(entitiesElsewhereSchema),
        /** Failures by signature, most frequent first. */
        groups: z.array(z.object({ signature: z.string(), errorClass: errorClassSchema.nullable(), count: z.int() })),
      }),
    ),
  quarantine: procedure
    .input(z.strictObject({ run: runRefSchema, dataset: z.string().optional(), ...pageRequest }))
    .output(z.object({ total: z.int(), records: z.array(quarantinedRecordSchema) })),
  /** Log lines after `afterSeq`, oldest first; with no afterSeq, the last `limit`. */
  logs: procedure
    .input(z.strictObject({ run: runRefSchema, afterSeq: z.int().optional(), limit: z.int().min(1).max(5_000).default(500) }))
    .output(z.object({ lines: z.array(logLineSchema) })),
  /** Everything after `afterSeq`, then live, in batches of at most ten a second. */
  events: procedure
    .input(z.strictObject({ afterSeq: z.int().min(0).optional() }))
    .output(eventIterator(z.array(engineEventSchema))),
}
