import { z } from 'zod'
import { dataTypeNameSchema, datasetIdSchema } from '../domain/naming.ts'
import { zoneSchema } from '../domain/zone.ts'
import { checkCountsSchema } from '../domain/check-counts.ts'
import { contractAdditionSchema } from '../domain/contract-addition.ts'
import { commandIdSchema, isoTimeSchema, procedure } from './common.contract.ts'

/**
 * What came of the contract of one version. `quarantines`: rows that broke a rule were taken out, what is in the version keeps it. `unchecked`:
 * nothing was evaluated, because there was no rule yet.
 */
export const contractStateSchema = z.enum(['holds', 'quarantines', 'warns', 'blocked', 'unchecked'])
export type ContractState = z.infer<typeof contractStateSchema>

export const contractVersionSchema = checkCountsSchema.extend({
  version: z.int(),
  runNumber: z.int(),
  at: isoTimeSchema,
  isCurrent: z.boolean(),
  /** Null: it never became current. */
  publishedAt: isoTimeSchema.nullable(),
  state: contractStateSchema,
  /** How its columns differ from those of the published version before, in words; null when they do not. */
  drift: z.string().nullable(),
})
export type ContractVersion = z.infer<typeof contractVersionSchema>

export const contractListItemSchema = z.object({
  dataset: z.string(),
  dataType: z.string(),
  zone: zoneSchema,
  name: z.string(),
  /** The file that holds it, path in the workspace; null: the dataset promises nothing. */
  file: z.string().nullable(),
  description: z.string().nullable(),
  /** Columns that name a row. */
  key: z.array(z.string()),
  ruleCount: z.int(),
  /** Columns of the newest version whose values are masked; not declared: they come from columns that are. */
  sensitive: z.array(z.object({ column: z.string(), isDeclared: z.boolean() })),
  /** Columns that may hold sensitive values: the version was made from some, and lineage does not know of what they were made. */
  undeclared: z.array(z.string()),
  /** Sensitive columns whose values can be seen in a column that they come from, of which no contract says anything. */
  inClear: z.array(z.object({ column: z.string(), dataset: z.string(), from: z.string() })),
  /** Newest first, at most 12, those that were never published among them. */
  versions: z.array(contractVersionSchema),
})
export type ContractListItem = z.infer<typeof contractListItemSchema>

export const suggestionSchema = z.object({
  addition: contractAdditionSchema,
  /** As the file would say it, in one line. */
  text: z.string(),
  /** What in the data speaks for it, in numbers. */
  evidence: z.string(),
})
export type Suggestion = z.infer<typeof suggestionSchema>

export const suggestionsSchema = z.object({
  dataset: z.string(),
  version: z.int(),
  /** Where it would be written. */
  file: z.string(),
  /** What the contract does not promise yet and the data keep. */
  suggestions: z.array(suggestionSchema),
})
export type Suggestions = z.infer<typeof suggestionsSchema>

export const contractsContract = {
  /** Rules that the current version keeps and its contract does not have, each with its evidence. */
  suggest: procedure.input(z.strictObject({ dataset: datasetIdSchema })).output(suggestionsSchema),
  /** Writes additions into the contract's file, or with `dryRun` says what it would hold; what stands there stays, comments too. */
  save: procedure
    .input(z.strictObject({ commandId: commandIdSchema, dataset: datasetIdSchema, additions: z.array(contractAdditionSchema).min(1).max(500), dryRun: z.boolean().default(false) }))
    .output(z.object({ file: z.string(), before: z.string().nullable(), yaml: z.string() })),
  /** Every dataset of the pipelines with its contract and what came of it in the last versions. */
  list: procedure.input(z.strictObject({ dataType: dataTypeNameSchema.optional() }).optional()).output(z.array(contractListItemSchema)),
  /** Contracts as one document of the Open Data Contract Standard 3.1.0, in YAML: of a dataset, or of all. */
  exportOdcs: procedure.input(z.strictObject({ dataset: datasetIdSchema.optional() }).optional()).output(z.object({ yaml: z.string() })),
  /** Adds what such a document promises to the contract of a dataset, and tells what it has no words for. */
  importOdcs: procedure
    .input(z.strictObject({ commandId: commandIdSchema, dataset: datasetIdSchema, text: z.string().max(4_000_000), dryRun: z.boolean().default(false) }))
    .output(z.object({ file: z.string(), before: z.string().nullable(), yaml: z.string(), leftOut: z.array(z.string()) })),
}
