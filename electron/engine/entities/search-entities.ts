import type { EntityMatch, EntitySearch } from '../../../shared/contract/entities.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import type { Looker, Masks } from '../masks/masks.ts'
import { readVersions } from '../keep/read-versions.ts'
import type { WorkspaceModel } from '../workspace/model.ts'
import type { FoundName, NameColumn } from '../workers/entity.wire.ts'
import { readWithRetry } from '../workers/read-with-retry.ts'
import { createEntityNames, type EntityNamesParts, type NamesOf } from './entity-names.ts'
import { type EntityPlace, placesIn } from './entity-places.ts'

export interface SearchParts extends EntityNamesParts {
  workspace: { current(): WorkspaceModel }
  masks: Pick<Masks, 'masked'>
}

export interface SearchRequest {
  text: string
  dataTypes?: string[] | undefined
  limit: number
  /** Until every name can be searched, instead of searching those that can be now. */
  wait: boolean
  signal: AbortSignal
}

/** Finds entities by their key, another declared identifier or a label, in the current data of all data types. */
export function createEntitySearch(parts: SearchParts): (request: SearchRequest, by: Looker) => Promise<EntitySearch> {
  const names = createEntityNames(parts)
  return async ({ text, dataTypes, limit, wait, signal }, by) => {
    const startedAt = performance.now()
    const model = parts.workspace.current()
    const versions = parts.versions.allCurrent().filter(({ dataset, removedAt }) => removedAt === null && (dataTypes === undefined || dataTypes.includes(dataTypeOf(dataset))))
    const known = placesIn(model, versions).map((place) => namesOf(model, place))
    const wanted = (await Promise.all(known.map(async (of) => openNames(of, await parts.masks.masked(of.version, by))))).flat()
    const { ready, preparing, failed } = await names.filesFor(wanted, { wait, signal })
    const input = { files: ready.map(({ file }) => file), text, limit }
    const { found, isCut } = await readVersions(parts, ready.map(({ of }) => of.version), () => readWithRetry(parts.workers, 'searchNames', { input, signal }))
    return {
      matches: found.map((name) => toMatch(name, ready.map(({ of }) => of))),
      isCut,
      preparing: datasetsOf(preparing),
      failed: failed.map(({ of, message }) => ({ dataset: of.version.dataset, message })),
      tookMs: performance.now() - startedAt,
    }
  }
}

/** Labels and identifiers belong to the key of the data type that declares them: another's `name` is the name of something else. */
function namesOf(model: WorkspaceModel, { version, keyColumn }: EntityPlace): NamesOf {
  const dataType = model.dataTypes.find(({ name }) => name === dataTypeOf(version.dataset))
  const declared: NameColumn[] =
    dataType?.entityKey === keyColumn
      ? [...dataType.entityNames.labels.map((column) => ({ column, kind: 'label' as const })), ...dataType.entityNames.identifiers.map((column) => ({ column, kind: 'identifier' as const }))]
      : []
  return { version, keyColumn, names: declared.filter(({ column }) => column !== keyColumn && version.columns.some(({ name }) => name === column)) }
}

/** To find somebody by a masked value is to know it, so such names are not searched. */
function openNames(of: NamesOf, masked: readonly string[]): NamesOf[] {
  if (masked.includes(of.keyColumn)) return []
  return [{ ...of, names: of.names.filter(({ column }) => !masked.includes(column)) }]
}

function toMatch({ entityId, label, column, kind, value, file, files }: FoundName, searched: readonly NamesOf[]): EntityMatch {
  const datasets = datasetsOf(files.flatMap((index) => searched[index] ?? []))
  return { entityId, label, by: { column, kind, value, dataset: searched[file]?.version.dataset ?? '' }, datasets, dataTypes: [...new Set(datasets.map(dataTypeOf))] }
}

function datasetsOf(names: readonly NamesOf[]): string[] {
  return [...new Set(names.map(({ version }) => version.dataset))]
}

function dataTypeOf(dataset: string): string {
  return parseDatasetId(dataset)?.dataType ?? ''
}
