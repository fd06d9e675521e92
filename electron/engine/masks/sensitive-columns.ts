import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { VersionColumns } from '../lineage/version-columns.ts'
import type { WorkspaceService } from '../parts.ts'
import type { WorkspaceModel } from '../workspace/model.ts'

export interface SensitiveParts {
  workspace: WorkspaceService
  versions: VersionsReader
  columns: Pick<VersionColumns, 'of'>
}

/** Which columns of a version are sensitive, and of which that cannot be told. */
export interface Sensitivity {
  /** Names as in the version. */
  columns: string[]
  /** Columns without a declaration whose origin is not known, though there is something sensitive in what the version was made from. */
  unknown: string[]
}

const NOTHING: Sensitivity = { columns: [], unknown: [] }

/**
 * What contracts say now of columns, for every version there ever was; and where one says nothing, what the columns are that its values
 * were copied or computed from.
 */
export function createSensitiveColumns({ workspace, versions, columns }: SensitiveParts): (version: VersionRow) => Promise<Sensitivity> {
  let at: { model: WorkspaceModel; declared: Map<string, Map<string, boolean>>; known: Map<number, Promise<Sensitivity>> } | null = null
  const now = (): NonNullable<typeof at> => {
    const model = workspace.current()
    if (at?.model !== model) at = { model, declared: declaredIn(model), known: new Map() }
    return at
  }

  async function find(version: VersionRow): Promise<Sensitivity> {
    const declared = now().declared.get(version.dataset) ?? new Map<string, boolean>()
    const inputs = versions.inputsOf(version.id).filter(({ dataset }) => dataset !== version.dataset)
    const above = new Map(await Promise.all(inputs.map(async (input) => [input.dataset, await of(input)] as const)))
    const isTouched = [...above.values()].some((input) => input.columns.length > 0 || input.unknown.length > 0)
    const origins = new Map(isTouched ? (await columns.of([version], undefined)).flatMap((found) => found.columns.map((origin) => [origin.column, origin] as const)) : [])
    const found: Sensitivity = { columns: [], unknown: [] }
    for (const { name, isProvenance } of version.columns) {
      const own = declared.get(name.toLowerCase())
      if (isProvenance || own === false) continue
      const origin = origins.get(name)
      const isFrom = (list: keyof Sensitivity): boolean => (origin?.sources ?? []).some(({ dataset, column, ways }) => ways.includes('value') && (above.get(dataset)?.[list] ?? []).some((one) => one.toLowerCase() === column.toLowerCase()))
      if (own === true || isFrom('columns')) found.columns.push(name)
      else if ((origin?.unknown.length ?? 0) > 0 || isFrom('unknown')) found.unknown.push(name)
    }
    return found
  }

  function of(version: VersionRow): Promise<Sensitivity> {
    const { known, declared } = now()
    if (declared.size === 0) return Promise.resolve(NOTHING)
    const before = known.get(version.id)
    if (before !== undefined) return before
    // No caller can cancel it: others wait for the same.
    const work = find(version)
    known.set(version.id, work)
    work.catch(() => known.delete(version.id))
    return work
  }
  return of
}

/** By dataset and lower case name: what its contract says; none where no contract says that anything is sensitive. */
function declaredIn({ dataTypes }: WorkspaceModel): Map<string, Map<string, boolean>> {
  const declared = new Map(
    dataTypes.flatMap(({ steps }) => steps).map(({ dataset, contract }) => [dataset, new Map((contract?.columns ?? []).flatMap(({ name, sensitive }) => (sensitive === null ? [] : [[name.toLowerCase(), sensitive] as const])))] as const),
  )
  return [...declared.values()].some((columns) => [...columns.values()].includes(true)) ? declared : new Map()
}
