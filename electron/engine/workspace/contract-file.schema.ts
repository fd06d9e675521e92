import { z } from 'zod'
import { anomaliesFileSchema } from './anomalies-file.schema.ts'
import { ageSchema, changeSchema, descriptionSchema, driftSchema, durationSchema, keyFileSchema, retryFileSchema, rowSeveritySchema, severitySchema, shareSchema, toleranceSchema, uniqueFileSchema } from './file-values.schema.ts'

/** <zone>/<name>.yaml beside a step: what its dataset promises, and the options of an entity step. */

const severity = severitySchema.optional()
const rowSeverity = rowSeveritySchema.optional()
const scalar = z.union([z.string(), z.number(), z.boolean()])
const bound = z.union([z.string().min(1), z.number()])
const acceptedValues = z.array(scalar).min(1).meta({ description: 'The values that are allowed, besides null.' })
const pattern = z.string().min(1).meta({ description: 'Regular expression (RE2) that the whole text must match.' })

const count = z.int().min(0)
const someBound: [(bounds: { min?: unknown; max?: unknown }) => boolean, string] = [({ min, max }) => min !== undefined || max !== undefined, 'needs min, max or both']

const ruleKeys = {
  not_null: z.strictObject({ severity: rowSeverity }).optional().meta({ description: 'No value may be null.' }),
  unique: z.strictObject({ severity: rowSeverity }).optional().meta({ description: 'No value may occur twice.' }),
  accepted_values: z
    .union([acceptedValues, z.strictObject({ values: acceptedValues, severity: rowSeverity })])
    .optional()
    .meta({ description: 'Only these values (null is not looked at): a list, or { values, severity }.' }),
  range: z
    .strictObject({
      min: bound.optional().meta({ description: 'Smallest value allowed.' }),
      max: bound.optional().meta({ description: 'Largest value allowed.' }),
      severity: rowSeverity,
    })
    .refine(...someBound)
    .optional()
    .meta({ description: 'Values from min to max, both included. Numbers, or dates as text; today, and "today - 2 years", move with the calendar.' }),
  length: z
    .union([count, z.strictObject({ min: count.optional().meta({ description: 'Fewest characters.' }), max: count.optional().meta({ description: 'Most characters.' }), severity: rowSeverity }).refine(...someBound)])
    .optional()
    .meta({ description: 'Characters of a text, or elements of a list: exactly so many, or { min, max, severity }.' }),
  nulls: z
    .union([shareSchema, z.strictObject({ max: shareSchema, severity })])
    .optional()
    .meta({ description: 'The share of rows that may have no value: 5%, or { max, severity }.' }),
  distinct: z
    .strictObject({
      min: toleranceSchema.optional().meta({ description: 'Fewest different values: 3, or 10% of the rows.' }),
      max: toleranceSchema.optional().meta({ description: 'Most different values: 20, or 50% of the rows.' }),
      severity,
    })
    .refine(...someBound)
    .optional()
    .meta({ description: 'How many different values there are (null is none).' }),
  pattern: z
    .union([pattern, z.strictObject({ pattern, severity: rowSeverity })])
    .optional()
    .meta({ description: 'Text that matches a regular expression as a whole: the expression, or { pattern, severity }.' }),
  relationship: z
    .strictObject({
      to: z.string().min(1).meta({ description: 'Dataset that must hold the value: zone.name, or data_type.zone.name.' }),
      column: z.string().min(1).optional().meta({ description: 'Its column. Default: the column of the same name.' }),
      severity: rowSeverity,
    })
    .optional()
    .meta({ description: 'Every value occurs in a column of another dataset (null is not looked at).' }),
}
export const RULE_NAMES = Object.keys(ruleKeys) as (keyof typeof ruleKeys)[]

const ruleFileSchema = z.union([
  z.enum(['not_null', 'unique']).meta({ description: 'A rule without options.' }),
  z
    .strictObject(ruleKeys)
    .refine((rule) => Object.keys(rule).length === 1, `is one rule: ${RULE_NAMES.join(', ')}`)
    .meta({ description: 'A rule with options.', minProperties: 1, maxProperties: 1 }),
])
export type RuleFile = z.infer<typeof ruleFileSchema>

const columnFileSchema = z
  .union([
    z.string().min(1).meta({ description: 'The type alone, such as DECIMAL(18,2).' }),
    z.strictObject({
      type: z.string().min(1).optional().meta({ description: 'DuckDB type that the column must have, such as VARCHAR, BIGINT, DECIMAL(18,2), DATE.' }),
      description: descriptionSchema.optional(),
      sensitive: z
        .boolean()
        .optional()
        .meta({ description: 'true: its values are masked wherever somebody looks, until they are revealed with a reason. false: they are not, though they come from a sensitive column. Default: as the columns that they come from.' }),
      rules: z.array(ruleFileSchema).optional().meta({ description: 'What holds for every value: not_null, unique, accepted_values, range, pattern, length, nulls, distinct, relationship.' }),
    }),
  ])
  .meta({ description: 'A column of the dataset: its type, or type, description, sensitive and rules.' })
export type ColumnFile = z.infer<typeof columnFileSchema>

export const entityFileSchema = z
  .strictObject({
    input: z.string().min(1).optional().meta({ description: 'Processors: dataset whose rows are handed to it, grouped by the key: zone.name, or data_type.zone.name.' }),
    key: z.string().min(1).optional().meta({ description: 'Column that names the entity. Default: entity.key of pipeline.yaml.' }),
    attempts: z.int().min(1).max(20).optional().meta({ description: 'Processors: tries for each entity, the first included. Default: 3.' }),
    retry_delay: durationSchema.optional().meta({ description: 'Processors: wait before an entity is tried again, doubled each time. Default: 500ms.' }),
    timeout: durationSchema.optional().meta({ description: 'Processors: time for one entity. Default: 30s.' }),
    concurrency: z.int().min(1).max(256).optional().meta({ description: 'Processors: entities in work at the same time. Default: 4.' }),
    max_failed: toleranceSchema.optional().meta({ description: 'Failed entities that a run accepts: 5, or 1%. Default: 0.' }),
    unsafe: z.boolean().optional().meta({ description: 'SQL: true when you answer for it that a few entities at a time give the same rows, though it cannot be followed. Default: false.' }),
  })
  .meta({ description: 'Options of the entity processor <name>.ts beside this file, or of an SQL step with grain: entity.' })
export type EntityFile = z.infer<typeof entityFileSchema>

export const contractFileSchema = z
  .strictObject({
    description: descriptionSchema.optional(),
    key: keyFileSchema.optional().meta({ description: 'Columns that name a row: not null, and unique together. A column, a list, or { columns, severity }.' }),
    columns: z.record(z.string(), columnFileSchema).optional().meta({ description: 'Columns by name.' }),
    unique: z
      .array(uniqueFileSchema)
      .optional()
      .meta({ description: 'Lists of columns that are unique together, such as [[country, year]], or { columns, severity }.' }),
    rows: z
      .strictObject({
        min: count.optional().meta({ description: 'Fewest rows.' }),
        max: count.optional().meta({ description: 'Most rows.' }),
        severity,
      })
      .refine(...someBound)
      .optional()
      .meta({ description: 'How many rows the dataset may have.' }),
    growth: z
      .strictObject({
        min: changeSchema.optional().meta({ description: 'The least change: -10% allows a tenth fewer, 0% none fewer.' }),
        max: changeSchema.optional().meta({ description: 'The greatest change: 50% allows half as many again.' }),
        severity,
      })
      .refine(...someBound)
      .optional()
      .meta({ description: 'How many more or fewer rows than the published version before. The first version has nothing to be compared with.' }),
    freshness: z
      .union([
        ageSchema,
        z.strictObject({
          max_age: ageSchema,
          column: z.string().min(1).optional().meta({ description: 'Its greatest value tells the age. Default: the newest delivery that the data come from.' }),
          severity,
        }),
      ])
      .optional()
      .meta({ description: 'How old the data may be: 30d, or { max_age, column, severity }.' }),
    anomalies: anomaliesFileSchema.optional(),
    drift: driftSchema.optional(),
    checks: z
      .array(
        z.strictObject({
          name: z.string().min(1).meta({ description: 'Name of the check as the window shows it.' }),
          sql: z.string().min(1).meta({ description: 'One SELECT that gives the rows that are wrong. No rows: passed.' }),
          severity: rowSeverity,
        }),
      )
      .optional()
      .meta({ description: 'Checks in SQL, for what the rules cannot say.' }),
    quarantine: z
      .strictObject({ max: toleranceSchema.meta({ description: 'Records in quarantine that a run accepts: 100, or 1% of what the step saw. More keep it from being published.' }) })
      .optional()
      .meta({ description: 'How much may be in quarantine.' }),
    grain: z.enum(['entity']).optional().meta({ description: 'SQL: entity, when the step accounts for each entity: a bad one is quarantined alone, and only changed ones run again.' }),
    entity: entityFileSchema.optional(),
    retry: retryFileSchema.optional(),
  })
  .meta({ title: 'Strata contract (<name>.yaml beside a step)', description: 'What a dataset promises, and the options of its step.' })
export type ContractFile = z.infer<typeof contractFileSchema>
