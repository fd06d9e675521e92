import { z } from 'zod'
import { actorSchema } from '../domain/actor.ts'
import { dataTypeNameSchema, datasetIdSchema } from '../domain/naming.ts'
import { decisionKindSchema, quarantineStateSchema } from '../domain/quarantine-state.ts'
import { commandIdSchema, isoTimeSchema, pageRequest, procedure } from './common.contract.ts'
import { reasonSchema } from './gates.contract.ts'
import { runRefSchema } from './runs.contract.ts'

/** `gone`: it was open, and is not in the data any more. */
export const shownStateSchema = z.enum([...quarantineStateSchema.options, 'gone'])
export type ShownState = z.infer<typeof shownStateSchema>

export const quarantineFilterSchema = z.strictObject({
  dataType: dataTypeNameSchema.optional(),
  dataset: datasetIdSchema.optional(),
  /** Without any: all but those that are gone. */
  states: z.array(shownStateSchema).optional(),
  /** Only those with this reason, values left out. */
  signature: z.string().max(400).optional(),
  /** Only what was in quarantine in this run. */
  run: runRefSchema.optional(),
  /** In reason, record, key, value or file. */
  text: z.string().max(200).optional(),
  /** Only what was decided and no run has taken up yet. */
  waiting: z.boolean().optional(),
})
export type QuarantineFilter = z.infer<typeof quarantineFilterSchema>

const fieldsSchema = z.record(z.string(), z.string().nullable())

const quarantineDecisionSchema = z.object({
  id: z.int(),
  kind: decisionKindSchema,
  /** Of a correction: the new values, as text. */
  fields: fieldsSchema,
  reason: z.string(),
  actor: actorSchema,
  at: isoTimeSchema,
  /** About all records with this reason, not about this one. */
  forAll: z.boolean(),
})

/** A record that is not in its dataset's last version, or was not until somebody decided about it. */
export const quarantineRecordSchema = z.object({
  /** The same over all runs and deliveries that hold the record. */
  id: z.string(),
  dataset: z.string(),
  dataType: z.string(),
  state: shownStateSchema,
  /** Decided, or undone, since the last run. */
  waits: z.boolean(),
  /** The rule that it breaks; null: it could not be read. */
  rule: z.string().nullable(),
  /** The reason without its values: what groups are made by. */
  signature: z.string(),
  column: z.string().nullable(),
  value: z.string().nullable(),
  /** Of a dataset with a key: what names the row. */
  key: z.record(z.string(), z.unknown()).nullable(),
  file: z.string().nullable(),
  /** Ordinal in its file, from 1. */
  record: z.int().nullable(),
  line: z.int().nullable(),
  reason: z.string(),
  /** The beginning of the record: as it was delivered when it could not be read, else the row as JSON. */
  excerpt: z.string(),
  firstRun: z.int(),
  firstSeenAt: isoTimeSchema,
  lastRun: z.int(),
  decision: quarantineDecisionSchema.nullable(),
})
export type QuarantineRecord = z.infer<typeof quarantineRecordSchema>

/** Records of a dataset with one reason. */
export const quarantineGroupSchema = z.object({
  dataset: z.string(),
  dataType: z.string(),
  signature: z.string(),
  rule: z.string().nullable(),
  column: z.string().nullable(),
  /** Of one of them. */
  reason: z.string(),
  count: z.int(),
  open: z.int(),
  corrected: z.int(),
  accepted: z.int(),
  ignored: z.int(),
  firstRun: z.int(),
  lastRun: z.int(),
})
export type QuarantineGroup = z.infer<typeof quarantineGroupSchema>

export const quarantineDetailSchema = z.object({
  record: quarantineRecordSchema,
  /** The whole record as it was delivered, or the row as JSON; null when it is in no file any more that is kept. */
  raw: z.string().nullable(),
  /** Columns of the dataset, with what the record holds where it could be read. */
  fields: z.array(z.object({ column: z.string(), type: z.string(), value: z.string().nullable() })),
  /** False: it could not be split into fields. */
  isRead: z.boolean(),
  /** Lines of the delivered file around the record; empty where a line means nothing. */
  lines: z.array(z.object({ number: z.int(), text: z.string(), isRecord: z.boolean() })),
})
export type QuarantineDetail = z.infer<typeof quarantineDetailSchema>

/** Records by id, or all with one reason. */
const targetSchema = z.union([
  z.strictObject({ records: z.array(z.string().min(4).max(64)).min(1).max(1_000) }),
  z.strictObject({ dataset: datasetIdSchema, signature: z.string().min(1).max(400) }),
])
export type QuarantineTarget = z.infer<typeof targetSchema>

/** What is wrong with a value that a correction gives. */
const correctionIssueSchema = z.object({
  column: z.string(),
  /** The rule of the contract that it breaks; null: it is no value of the column's type. */
  rule: z.string().nullable(),
  message: z.string(),
})
export type CorrectionIssue = z.infer<typeof correctionIssueSchema>

const decidedSchema = z.object({ changed: z.int() })
const queueSchema = z.object({ dataset: z.string(), open: z.int(), waiting: z.int(), unlisted: z.int() })

/** What became of the records of a version: records = loaded + quarantined + skipped. */
const versionAccountSchema = z.object({ version: z.int(), runNumber: z.int(), at: isoTimeSchema, records: z.int(), loaded: z.int(), quarantined: z.int(), skipped: z.int() })

export const datasetAccountSchema = z.object({
  dataset: z.string(),
  /** Its records were counted in what was delivered; else they are the rows that its step made. */
  isDelivered: z.boolean(),
  /** Newest first. */
  versions: z.array(versionAccountSchema),
})
export type DatasetAccount = z.infer<typeof datasetAccountSchema>

/** What is not in the data, as a queue of work. */
export const quarantineContract = {
  list: procedure.input(quarantineFilterSchema.extend(pageRequest)).output(z.object({ total: z.int(), records: z.array(quarantineRecordSchema) })),
  groups: procedure.input(quarantineFilterSchema.extend(pageRequest)).output(z.object({ total: z.int(), groups: z.array(quarantineGroupSchema) })),
  show: procedure.input(z.strictObject({ id: z.string().min(4).max(64) })).output(quarantineDetailSchema),
  /** By dataset: how much is open, how much waits for a run. */
  queues: procedure.output(z.object({ queues: z.array(queueSchema) })),
  /** What became of all records of each dataset, in its last versions. */
  accounts: procedure
    .input(z.strictObject({ dataType: dataTypeNameSchema.optional(), dataset: datasetIdSchema.optional(), versions: z.int().min(1).max(100).default(1) }))
    .output(z.object({ accounts: z.array(datasetAccountSchema) })),
  /** What is wrong with values before they are a correction: their types, and the contract's rules about single rows. Empty: nothing. */
  judge: procedure.input(z.strictObject({ id: z.string().min(4).max(64), fields: fieldsSchema })).output(z.object({ issues: z.array(correctionIssueSchema) })),
  /**
   * Gives a record other values. Every later run replays it. BAD_INPUT for values that are none of their type or break a rule that blocks or
   * quarantines; with `anyway` such a rule is no hindrance, and the record stays in quarantine until it is accepted.
   */
  correct: procedure
    .input(z.strictObject({ commandId: commandIdSchema, id: z.string().min(4).max(64), fields: fieldsSchema, reason: reasonSchema, anyway: z.boolean().default(false) }))
    .output(decidedSchema),
  /** Lets rows in in spite of the rule that they break. */
  accept: procedure.input(z.strictObject({ commandId: commandIdSchema, target: targetSchema, reason: reasonSchema })).output(decidedSchema),
  /** Leaves records out on purpose. */
  ignore: procedure.input(z.strictObject({ commandId: commandIdSchema, target: targetSchema, reason: reasonSchema })).output(decidedSchema),
  /** Takes back what was decided. */
  undo: procedure.input(z.strictObject({ commandId: commandIdSchema, target: targetSchema })).output(decidedSchema),
  /**
   * Runs what decisions wait for, and what reads it: the last run goes on under its own number where it can, else a new one reuses the
   * rest. Without a data type: of all.
   */
  rerun: procedure
    .input(z.strictObject({ commandId: commandIdSchema, dataType: dataTypeNameSchema.optional() }))
    .output(z.object({ runs: z.array(z.object({ run: runRefSchema, resumed: z.boolean(), datasets: z.array(z.string()) })) })),
}
