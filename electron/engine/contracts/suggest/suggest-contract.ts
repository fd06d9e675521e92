import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { stringify } from 'yaml'
import type { Suggestions } from '../../../../shared/contract/contracts.contract.ts'
import type { ContractAddition } from '../../../../shared/domain/contract-addition.ts'
import { ProblemError } from '../../../../shared/domain/problem.ts'
import { dayAt } from '../../../../shared/domain/relative-day.ts'
import type { ReadParts } from '../../keep/read-versions.ts'
import { readVersions } from '../../keep/read-versions.ts'
import type { VersionRow, VersionsReader } from '../../ledger/versions.store.ts'
import type { Looker, Masks } from '../../masks/masks.ts'
import type { WorkspaceService } from '../../parts.ts'
import { versionSource } from '../../runs/version-source.ts'
import { readWithRetry } from '../../workers/read-with-retry.ts'
import type { TableProfile } from '../../workers/suggest.wire.ts'
import type { WorkerPool } from '../../workers/worker-pool.ts'
import type { StepModel } from '../../workspace/model.ts'
import { whenAbsent } from '../../zones/when-absent.ts'
import { suggestRules } from './suggest-rules.ts'

export interface SuggestParts extends ReadParts {
  workspace: WorkspaceService
  versions: VersionsReader
  workers: WorkerPool
  clock: () => number
  masks: Masks
}

/** Rules that a version keeps and its contract does not have. */
export async function suggestContract(parts: SuggestParts, version: VersionRow, by: Looker): Promise<Suggestions> {
  const { layout, versions, workers, workspace, clock } = parts
  const step = mustFindStep(workspace, version.dataset)
  const keys = keyColumns(parts)
  const read = [version, ...keys.map((key) => key.version)]
  const input = { source: versionSource(layout, versions, version), keys: keys.map((key) => ({ source: versionSource(layout, versions, key.version), column: key.column })) }
  const profile = await readVersions(parts, read, () => readWithRetry(workers, 'profile', { input, signal: by.signal }))
  const found = suggestRules({ profile: withoutValues(profile, await parts.masks.masked(version, by)), columns: version.columns, contract: step.contract, today: dayAt({ offset: 0, unit: 'day' }, clock()) })
  const file = contractFile(step)
  const suggestions = found.map(({ addition, evidence }) => ({ addition, evidence, text: additionText(addition) }))
  return { dataset: version.dataset, version: version.number, file, suggestions }
}

/** Of masked columns, what is counted may be told; rules made of their values, and the evidence for them, may not. */
function withoutValues(profile: TableProfile, masked: readonly string[]): TableProfile {
  const columns = profile.columns.map((column) => (masked.includes(column.name) ? { ...column, min: null, max: null, values: null, shapes: null } : column))
  return { ...profile, columns }
}

/** Datasets whose contract names one column as key, with their current versions. */
function keyColumns({ workspace, versions }: SuggestParts): { version: VersionRow; column: string }[] {
  return workspace.current().dataTypes.flatMap(({ steps }) => steps).flatMap(({ dataset, contract, zone }) => {
    const [column, ...others] = contract?.key ?? []
    const version = versions.current(dataset)
    return column === undefined || others.length > 0 || version === null || version.removedAt !== null || zone === 'raw' ? [] : [{ version, column }]
  })
}

export function mustFindStep(workspace: WorkspaceService, dataset: string): StepModel {
  const step = workspace.current().dataTypes.flatMap(({ steps }) => steps).find((candidate) => candidate.dataset === dataset)
  if (step === undefined) throw new ProblemError('NOT_FOUND', `No pipeline makes ${dataset}`, { hint: '"strata contracts" lists the datasets', details: { dataset } })
  return step
}

/** Path in the workspace of a step's contract, there or not. */
export function contractFile({ contract, dataType, zone, name }: StepModel): string {
  return contract?.file ?? `pipelines/${dataType}/${zone}/${name}.yaml`
}

export function contractText(root: string, file: string): Promise<string | null> {
  return readFile(path.join(root, file), 'utf8').catch(whenAbsent(null))
}

function additionText(addition: ContractAddition): string {
  if (addition.kind === 'key') return `key: ${addition.columns.join(', ')}`
  return typeof addition.rule === 'string' ? addition.rule : stringify(addition.rule, { collectionStyle: 'flow', lineWidth: 0 }).trim().replace(/^\{ ?/, '').replace(/ ?\}$/, '')
}
