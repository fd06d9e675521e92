import { z } from 'zod'

/** Something that a contract can come to promise: a key, or a rule of a column as its file has it. */
export const contractAdditionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), columns: z.array(z.string().min(1)).min(1).max(16) }),
  z.strictObject({ kind: z.literal('rule'), column: z.string().min(1), rule: z.union([z.enum(['not_null', 'unique']), z.record(z.string(), z.unknown())]) }),
])
export type ContractAddition = z.infer<typeof contractAdditionSchema>
