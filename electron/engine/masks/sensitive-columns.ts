import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ColumnOrigin } from '../../../shared/contract/column-lineage.contract.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { VersionColumns } from '../lineage/version-columns.ts'
import type { WorkspaceService } from '../parts.ts'
import type { WorkspaceModel } from '../workspace/model.ts'
import type { Layout } from '../zones/layout.ts'
import { whenAbsent } from '../zones/when-absent.ts'

export interface SensitiveParts {
  workspace: WorkspaceService
  versions: VersionsReader
  columns: Pick<VersionColumns, 'of'>
  layout: Pick<Layout, 'root'>
}

/** Which columns of a version are sensitive, and of which that cannot be told. */
export interface Sensitivity {
  /** Names as in the version. */
  columns: string[]
  /** Columns of which its contract says that they are not. */
  open: string[]
  /** Columns without a declaration whose origin is not known, though there is something sensitive in what the version was made from. */
  unknown: string[]
}

const NOTHING: Sensitivity = { columns: [], open: [], unknown: [] }

/**
 * What contracts say now of columns, for every version there ever was; and where one says nothing, what the columns are that its values
 * were copied or computed from.
 */
export function createSensitiveColumns({ workspace, versions, columns, layout }: SensitiveParts): (version: VersionRow) => Promise<Sensitivity> {
  let at: (Declarations & { model: WorkspaceModel; known: Map<number, Promise<Sensitivity>> }) | null = null
  const now = (): NonNullable<typeof at> => {
    const model = workspace.current()
    if (at?.model !== model) at = { model, ...declaredIn(model), known: new Map() }
    return at
  }

  async function find(version: VersionRow): Promise<Sensitivity> {
    const declared = now().declared.get(version.dataset)
    if (declared === undefined && (await speaksOfSensitive(layout.root, version.dataset))) return { columns: version.columns.flatMap(({ name, isProvenance }) => (isProvenance ? [] : [name])), open: [], unknown: [] }
    const inputs = versions.inputsOf(version.id).filter(({ dataset }) => dataset !== version.dataset)
    const above = new Map(await Promise.all(inputs.map(async (input) => [input.dataset, await of(input)] as const)))
    const isTouched = [...above.values()].some((input) => input.columns.length > 0 || input.unknown.length > 0)
    const origins = new Map(isTouched ? (await columns.of([version], undefined)).flatMap((found) => found.columns.map((origin) => [origin.column, origin] as const)) : [])
    const found: Sensitivity = { columns: [], open: [], unknown: [] }
    for (const { name, isProvenance } of version.columns) {
      const list = isProvenance ? null : listOf({ declared: declared?.get(name.toLowerCase()), origin: origins.get(name), above })
      if (list !== null) found[list].push(name)
    }
    return found
  }

  function of(version: VersionRow): Promise<Sensitivity> {
    const { known, isAnything } = now()
    if (!isAnything) return Promise.resolve(NOTHING)
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

interface Known {
  /** By the column's own contract. */
  declared: boolean | undefined
  origin: ColumnOrigin | undefined
  /** Of what the version was made from, by dataset. */
  above: ReadonlyMap<string, Sensitivity>
}

/** Where a column belongs; null: neither is it sensitive, nor can it be so. */
function listOf({ declared, origin, above }: Known): keyof Sensitivity | null {
  if (declared !== undefined) return declared ? 'columns' : 'open'
  const values = (origin?.sources ?? []).filter(({ ways }) => ways.includes('value'))
  const isFrom = (list: keyof Sensitivity): boolean => values.some(({ dataset, column }) => above.get(dataset)?.[list].some((name) => name.toLowerCase() === column.toLowerCase()) === true)
  if (isFrom('columns')) return 'columns'
  return (origin?.unknown.length ?? 0) > 0 || isFrom('unknown') ? 'unknown' : null
}

interface Declarations {
  /** By dataset and lower case name: what its contract says; nothing of one that has none, or none that can be read. */
  declared: Map<string, Map<string, boolean>>
  /** False: nothing can be sensitive, so nothing need be looked up. */
  isAnything: boolean
}

function declaredIn({ dataTypes, findings }: WorkspaceModel): Declarations {
  const wrong = new Set(findings.flatMap(({ severity, file }) => (severity === 'error' ? [file] : [])))
  const declared = new Map(
    dataTypes
      .flatMap(({ steps }) => steps)
      .flatMap(({ dataset, contract }) => (contract === null || wrong.has(contract.file) ? [] : [[dataset, new Map(contract.columns.flatMap(({ name, sensitive }) => (sensitive === null ? [] : [[name.toLowerCase(), sensitive] as const])))] as const])),
  )
  const isAnything = wrong.size > 0 || [...declared.values()].some((columns) => [...columns.values()].includes(true))
  return { declared, isAnything }
}

/** A contract with a mistake in it, `sensitive: yes` for example, or none that can be read, where its file has the word: then all is masked until it is mended. */
async function speaksOfSensitive(root: string, dataset: string): Promise<boolean> {
  const [dataType = '', zone = '', name = ''] = dataset.split('.')
  const text = await readFile(path.join(root, 'pipelines', dataType, zone, `${name}.yaml`), 'utf8').catch(whenAbsent(''))
  return /\bsensitive\b/.test(text)
}
