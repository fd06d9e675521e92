import { NAME_PATTERN } from '../../../shared/domain/naming.ts'
import { type Parameter, parameterProblem, type ParameterValue, readParameterValue } from '../../../shared/domain/run-parameters.ts'
import type { SqlVariable } from '../workers/wire.ts'
import type { FindingList } from './finding-list.ts'
import type { ParameterFile } from './pipeline-file.schema.ts'
import type { YamlDocument } from './yaml-document.ts'

/** Parameters as pipeline.yaml declares them; a default or a value of another type is a finding at its place. */
export function readParameters(declared: Readonly<Record<string, ParameterFile>>, { document, findings }: { document: YamlDocument; findings: FindingList }): Parameter[] {
  const report = (path: (string | number)[], message: string): void => findings.add({ code: 'invalid-value', file: document.file, at: document.place(path), message })
  return Object.entries(declared).map(([name, { type, default: written, description, values }]) => {
    const path = ['parameters', name]
    if (!NAME_PATTERN.test(name)) {
      findings.add({ code: 'bad-name', file: document.file, at: document.place(path, 'key'), message: `Parameter "${name}" must start with a letter and hold only a-z, 0-9 and _ (at most 63)` })
    }
    const allowed = (values ?? []).flatMap((value, i): ParameterValue[] => {
      const problem = parameterProblem({ name, type, values: null }, value)
      if (problem !== null) report([...path, 'values', i], problem)
      const read = readParameterValue(type, value)
      return read === null ? [] : [read]
    })
    const parameter: Parameter = { name, type, default: null, description: description ?? null, values: values === undefined ? null : allowed }
    const problem = written === undefined ? null : parameterProblem(parameter, written)
    if (problem !== null) report([...path, 'default'], `The default of ${problem}`)
    return { ...parameter, default: written === undefined ? null : readParameterValue(type, written) }
  })
}

/** As SQL is typed with them before there is a run. A number has the type of its default. */
export function declaredVariables(parameters: readonly Parameter[]): SqlVariable[] {
  return parameters.map(({ name, type, default: value }) => ({ name, type, value }))
}
