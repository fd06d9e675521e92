import type { Finding } from '../../../shared/contract/workspace.contract.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { WorkspaceModel } from '../workspace/model.ts'
import type { SensitiveParts, Sensitivity } from './sensitive-columns.ts'

/** A sensitive column whose values can be seen in what it comes from. */
export interface ClearSource {
  column: string
  /** Where they can be seen. */
  dataset: string
  from: string
}

type Parts = Pick<SensitiveParts, 'versions' | 'columns'> & { masks: { sensitive(version: VersionRow): Promise<Sensitivity> } }

/**
 * Sensitivity goes down with the values, and not up: who calls a column sensitive after it was copied leaves the copy above open. That may be meant, where
 * it was made sensitive on the way; so it is said, and not done.
 */
export async function clearSources(parts: Parts, version: VersionRow): Promise<ClearSource[]> {
  const { columns: sensitive } = await parts.masks.sensitive(version)
  if (sensitive.length === 0) return []
  const inputs = parts.versions.inputsOf(version.id).filter(({ dataset }) => dataset !== version.dataset)
  const told = new Map(await Promise.all(inputs.map(async (input) => [input.dataset, await toldColumns(parts, input)] as const)))
  const [origins] = await parts.columns.of([version], undefined)
  const values = (origins?.columns ?? []).filter(({ column }) => sensitive.includes(column)).flatMap(({ column, sources }) => sources.filter(({ ways }) => ways.includes('value')).map(({ dataset, column: from }) => ({ column, dataset, from })))
  return values.filter(({ dataset, from }) => told.get(dataset)?.has(from.toLowerCase()) === false)
}

/** Lower case names of columns that are masked, or of which a contract says that they need not be. */
async function toldColumns({ masks }: Parts, version: VersionRow): Promise<Set<string>> {
  const { columns, open } = await masks.sensitive(version)
  return new Set([...columns, ...open].map((name) => name.toLowerCase()))
}

/** The same of all current data, as findings about the contracts that say so. */
export async function clearSourceFindings(parts: Parts, { dataTypes }: Pick<WorkspaceModel, 'dataTypes'>): Promise<Finding[]> {
  const declaring = dataTypes.flatMap(({ steps }) => steps).flatMap(({ dataset, contract }) => {
    const version = contract?.columns.some(({ sensitive }) => sensitive === true) === true ? parts.versions.latest(dataset) : null
    return contract === null || version === null ? [] : [{ dataset, contract, version }]
  })
  const findings = await Promise.all(declaring.map(async ({ dataset, contract, version }) => (await clearSources(parts, version)).map((clear) => findingOf(clear, { dataset, file: contract.file }))))
  return findings.flat()
}

function findingOf({ column, dataset, from }: ClearSource, { dataset: of, file }: { dataset: string; file: string }): Finding {
  const [dataType = '', zone = '', name = ''] = dataset.split('.')
  return {
    severity: 'warning',
    code: 'sensitive-in-clear',
    file,
    line: null,
    column: null,
    message: `"${column}" of ${of} is sensitive, and its values can be seen in "${from}" of ${dataset}`,
    suggestion: `Write "${from}: { sensitive: true }" under columns in pipelines/${dataType}/${zone}/${name}.yaml; what comes from it is masked by itself. With sensitive: false, nothing is said any more`,
  }
}
