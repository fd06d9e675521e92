import { z } from 'zod'
import { didYouMean } from './naming.ts'
import { ProblemError } from './problem.ts'

/** Parameters of a data type's runs: declared in pipeline.yaml, given when a run starts, recorded with it. */

export const PARAMETER_TYPES = ['text', 'number', 'boolean', 'date'] as const
export type ParameterType = (typeof PARAMETER_TYPES)[number]

/** Dates travel as `2026-01-31`. */
export const parameterValueSchema = z.union([z.string(), z.number(), z.boolean()])
export type ParameterValue = z.infer<typeof parameterValueSchema>
export type ParameterValues = Readonly<Record<string, ParameterValue>>

export const parameterSchema = z.object({
  name: z.string(),
  type: z.enum(PARAMETER_TYPES),
  /** Null: a run must be given one. */
  default: parameterValueSchema.nullable(),
  description: z.string().nullable(),
  /** The only ones that are allowed; null for any of the type. */
  values: z.array(parameterValueSchema).nullable(),
})
export type Parameter = z.infer<typeof parameterSchema>

const EXPECTED: Readonly<Record<ParameterType, string>> = { text: 'text', number: 'a number', boolean: 'true or false', date: 'a date such as 2026-01-31' }

/** The value as its type has it, from the value itself or from what a person typed; null when it is none of that type. */
export function readParameterValue(type: ParameterType, given: ParameterValue): ParameterValue | null {
  switch (type) {
    case 'text':
      return String(given)
    case 'number': {
      const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
      return typeof number === 'number' && Number.isFinite(number) ? number : null
    }
    case 'boolean':
      if (typeof given === 'boolean') return given
      return given === 'true' ? true : given === 'false' ? false : null
    case 'date':
      return typeof given === 'string' && z.iso.date().safeParse(given).success ? given : null
  }
}

/** Why a value cannot be that parameter's, or null when it can. */
export function parameterProblem({ name, type, values }: Pick<Parameter, 'name' | 'type' | 'values'>, given: ParameterValue): string | null {
  const value = readParameterValue(type, given)
  if (value === null) return `${name} must be ${EXPECTED[type]}, but is "${given}"`
  return values === null || values.includes(value) ? null : `${name} must be one of ${values.join(', ')}, but is "${value}"`
}

/**
 * The value of every declared parameter: the given one, else its default.
 * @throws BAD_INPUT for one that is not declared, of another type, or missing without a default
 */
export function resolveParameters(declared: readonly Parameter[], given: ParameterValues): ParameterValues {
  const names = declared.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) {
    const known = names.length === 0 ? 'pipeline.yaml declares none' : `Declared: ${names.join(', ')}`
    throw new ProblemError('BAD_INPUT', `There is no parameter ${unknown}`, { hint: didYouMean(unknown, names) ?? known })
  }
  return Object.fromEntries(
    declared.map((parameter) => {
      const value = given[parameter.name] ?? parameter.default
      if (value === null) throw new ProblemError('BAD_INPUT', `The parameter ${parameter.name} needs a value`, { hint: `Give ${EXPECTED[parameter.type]}: --param ${parameter.name}=...` })
      const problem = parameterProblem(parameter, value)
      if (problem !== null) throw new ProblemError('BAD_INPUT', `The parameter ${problem}`)
      return [parameter.name, readParameterValue(parameter.type, value) ?? value]
    }),
  )
}
