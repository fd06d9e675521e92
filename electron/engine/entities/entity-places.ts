import { LRUCache } from 'lru-cache'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { currentOrAsOf, refuseRemoved } from '../controllers/find-version.ts'
import type { EventsReader } from '../ledger/events.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { WorkspaceService } from '../parts.ts'
import type { WorkspaceModel } from '../workspace/model.ts'
import { entityColumns } from './entity-columns.ts'

/** A column of a version that names entities. */
export interface EntityPlace {
  version: VersionRow
  keyColumn: string
  /** Its other columns that name entities. */
  references: string[]
}

export interface EntityPlaces {
  places: EntityPlace[]
  /** The same as long as the same rows are meant. */
  key: string
}

export interface PlacesInput {
  dataTypes?: string[] | undefined
  asOf?: RunRef | undefined
}

interface PlacesParts {
  versions: VersionsReader
  events: EventsReader
  workspace: WorkspaceService
}

const KEPT_PLACES = 20

/** Where entities can be found, looked up anew only when something was published or the files of the workspace were read again. */
export function knownPlaces(parts: PlacesParts): (input: PlacesInput) => EntityPlaces {
  const kept = new LRUCache<string, EntityPlaces>({ max: KEPT_PLACES })
  let at: { seq: number; model: WorkspaceModel } | null = null
  return (input) => {
    const now = { seq: parts.events.lastSeq(), model: parts.workspace.current() }
    if (at?.seq !== now.seq || at.model !== now.model) kept.clear()
    at = now
    const wanted = JSON.stringify([input.dataTypes, input.asOf])
    const places = kept.get(wanted)
    if (places !== undefined) return places
    const found = findPlaces(parts, input)
    const answer = { places: found, key: JSON.stringify(found.map(({ version, keyColumn, references }) => [version.id, keyColumn, references])) }
    kept.set(wanted, answer)
    return answer
  }
}

/**
 * Where an entity can be found: every dataset that has a column named like the entity key of any data type, or one that a declared
 * relationship leads from to such a column. So one disease leads to its trials, though the trials' own key is another.
 * @throws VERSION_REMOVED when files of one are gone
 */
function findPlaces({ versions, workspace }: PlacesParts, { dataTypes, asOf }: PlacesInput): EntityPlace[] {
  const wanted = currentOrAsOf(versions, asOf).filter(({ dataset }) => dataTypes === undefined || dataTypes.includes(dataset.split('.', 1)[0] ?? ''))
  const places = placesIn(workspace.current(), wanted)
  refuseRemoved(places.map(({ version }) => version))
  return places
}

export function placesIn(model: WorkspaceModel, versions: readonly VersionRow[]): EntityPlace[] {
  const columnsOf = entityColumns(model)
  return versions.flatMap((version) => {
    const columns = columnsOf(version)
    return columns.map((keyColumn) => ({ version, keyColumn, references: columns.filter((column) => column !== keyColumn) }))
  })
}
