import type { DataTypeOutline } from '../../../shared/contract/workspace.contract.ts'
import type { DataTypeModel } from '../workspace/model.ts'

/** A data type as the window draws it. */
export function dataTypeOutline({ name, label, description, entityKey, entityNames, parameters, runnable, steps, gates }: DataTypeModel): DataTypeOutline {
  return {
    name,
    label,
    description,
    entityKey,
    entityNames,
    parameters,
    runnable,
    gates: gates.map(({ name: gate, before }) => ({ name: gate, before })),
    steps: steps.map(({ dataset, kind, zone, name: stepName, file, inputs, contract }) => ({ dataset, kind, zone, name: stepName, file, inputs, checkCount: contract?.checks.length ?? 0 })),
  }
}
