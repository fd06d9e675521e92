import { ProblemError } from '../../../shared/domain/problem.ts'
import type { DataTypeModel, WorkspaceModel } from '../workspace/model.ts'

/** @throws NOT_FOUND, or WORKSPACE_INVALID with the first of the mistakes that are in the way */
export function requireRunnable({ dataTypes, findings }: WorkspaceModel, name: string): DataTypeModel {
  const dataType = dataTypes.find((candidate) => candidate.name === name)
  if (dataType === undefined) throw new ProblemError('NOT_FOUND', `The workspace has no data type ${name}`, { hint: 'Look into pipelines/' })
  if (dataType.runnable) return dataType
  const errors = findings.filter(({ severity }) => severity === 'error')
  const [first] = errors
  const place = first === undefined ? '' : `${first.file}${first.line === null ? '' : `:${first.line}`}: ${first.message}`
  throw new ProblemError('WORKSPACE_INVALID', `${name} cannot run: ${errors.length} ${errors.length === 1 ? 'mistake' : 'mistakes'} in its files. ${place}`, {
    hint: 'Mend them ("strata check" lists all), then run again',
    details: { findings: errors.slice(0, 20), errorClass: 'bad_code' },
  })
}
