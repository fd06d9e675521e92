import { z } from 'zod'
import type { CheckSeverity } from './check-severity.ts'

/** Something that a contract can come to promise: a key, or a rule of a column as its file has it. */
export const contractAdditionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), columns: z.array(z.string().min(1)).min(1).max(16) }),
  z.strictObject({ kind: z.literal('rule'), column: z.string().min(1), rule: z.union([z.enum(['not_null', 'unique']), z.record(z.string(), z.unknown())]) }),
])
export type ContractAddition = z.infer<typeof contractAdditionSchema>

type Rule = Extract<ContractAddition, { kind: 'rule' }>['rule']

/** Rules that are a list or a text as long as nothing else is said of them: the key that holds it then. */
const LONG_FORM: Readonly<Record<string, string>> = { accepted_values: 'values', pattern: 'pattern' }

/** The same addition with what a broken rule does, as the file has it. `block` is what an unnamed one does; a key has no rule of its own. */
export function withSeverity(addition: ContractAddition, severity: CheckSeverity): ContractAddition {
  if (addition.kind === 'key' || severity === 'block') return addition
  return { ...addition, rule: ruleWith(addition.rule, severity) }
}

function ruleWith(rule: Rule, severity: CheckSeverity): Rule {
  if (typeof rule === 'string') return { [rule]: { severity } }
  return Object.fromEntries(
    Object.entries(rule).map(([name, value]) => {
      const longForm = LONG_FORM[name]
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return [name, { ...value, severity }]
      return [name, longForm === undefined ? value : { [longForm]: value, severity }]
    }),
  )
}
