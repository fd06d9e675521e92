import { z } from 'zod'
import { dataTypeNameSchema } from '../domain/naming.ts'
import { zoneSchema } from '../domain/zone.ts'
import { isoTimeSchema, procedure } from './common.contract.ts'

/** What came of the contract of one version. `unchecked`: nothing was evaluated, because there was no rule yet. */
export const contractStateSchema = z.enum(['holds', 'warns', 'blocked', 'unchecked'])
export type ContractState = z.infer<typeof contractStateSchema>

export const contractVersionSchema = z.object({
  version: z.int(),
  runNumber: z.int(),
  at: isoTimeSchema,
  isCurrent: z.boolean(),
  /** Null: it never became current. */
  publishedAt: isoTimeSchema.nullable(),
  state: contractStateSchema,
  passed: z.int(),
  /** Failures that warn, and those that somebody let pass. */
  warned: z.int(),
  blocked: z.int(),
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
  /** Newest first, at most 12, those that were never published among them. */
  versions: z.array(contractVersionSchema),
})
export type ContractListItem = z.infer<typeof contractListItemSchema>

export const contractsContract = {
  /** Every dataset of the pipelines with its contract and what came of it in the last versions. */
  list: procedure.input(z.strictObject({ dataType: dataTypeNameSchema.optional() }).optional()).output(z.array(contractListItemSchema)),
}
