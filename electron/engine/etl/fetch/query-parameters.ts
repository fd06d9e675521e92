import type { ParameterValues } from '../../../../shared/domain/run-parameters.ts'

const REFERENCE = /\{param:([a-z][a-z0-9_]*)\}/g

/** A query whose parameters are bound: the text with the driver's marks, and the values in their order. */
export function bindParameters(query: string, parameters: ParameterValues, markOf: (position: number) => string): { text: string; values: (string | number | boolean | null)[] } {
  const values: (string | number | boolean | null)[] = []
  const text = query.replaceAll(REFERENCE, (_match, name: string) => {
    values.push(parameters[name] ?? null)
    return markOf(values.length)
  })
  return { text, values }
}
