import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { type ColumnOrigin, columnOriginSchema, type DatasetColumns } from '../../../shared/contract/column-lineage.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import type { AnalysesStore } from '../ledger/analyses.store.ts'
import type { CodeReader } from '../ledger/code.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { MadeBySql } from '../query/column-lineage/made-by-sql.ts'
import type { WorkerPool } from '../workers/worker-pool.ts'

export interface VersionColumnsParts {
  versions: VersionsReader
  code: CodeReader
  analyses: AnalysesStore
  workers: WorkerPool
}

/** What the columns of versions come from, by the code with which each was made. Versions never change, so neither do the answers. */
export interface VersionColumns {
  of(versions: readonly VersionRow[], signal: AbortSignal | undefined): Promise<DatasetColumns[]>
  /** The statement that made a version; null where none did, or it was not kept. */
  statementOf(version: VersionRow): string | null
}

/** Raise when the analysis itself changes, so that answers of the old one are not used. */
const ANALYSIS_VERSION = 2
const KEPT_VERSIONS = 5_000

export function createVersionColumns(parts: VersionColumnsParts): VersionColumns {
  const kept = new LRUCache<number, DatasetColumns>({ max: KEPT_VERSIONS })
  return {
    statementOf(version) {
      const made = howMade(parts, version)
      return 'sql' in made ? made.sql : null
    },
    async of(versions, signal) {
      const missing = versions.filter(({ id }) => !kept.has(id))
      const followed: { version: VersionRow; statement: MadeBySql }[] = []
      for (const version of missing) {
        const made = howMade(parts, version)
        if ('columns' in made) kept.set(version.id, answer(version, made.columns))
        else followed.push({ version, statement: made })
      }
      const origins = await originsOf(parts, followed.map(({ statement }) => statement), signal)
      for (const { version, statement } of followed) kept.set(version.id, answer(version, origins.get(statement.id) ?? unknownColumns(version, 'its statement could not be read')))
      return versions.flatMap(({ id }) => kept.get(id) ?? [])
    },
  }
}

function answer({ dataset, number }: VersionRow, columns: ColumnOrigin[]): DatasetColumns {
  return { dataset, version: number, columns }
}

function unknownColumns({ columns }: VersionRow, reason: string): ColumnOrigin[] {
  return columns.map(({ name }) => ({ column: name, sources: [], unknown: [reason] }))
}

/** The statement to follow, or what is known without one. */
function howMade({ versions, code }: VersionColumnsParts, version: VersionRow): MadeBySql | { columns: ColumnOrigin[] } {
  if (version.sourceHash !== null) return { columns: version.columns.map(({ name }) => ({ column: name, sources: [], unknown: [] })) }
  const file = code.ofVersion(version.id).find((one) => /\.(?:sql|ts)$/.test(one.file))
  const text = file === undefined ? null : code.text(file.sha256)
  if (file === undefined || text === null) return { columns: unknownColumns(version, 'the code that made it was not kept') }
  if (file.file.endsWith('.ts')) return { columns: unknownColumns(version, 'a processor in TypeScript made it, which is not read') }
  const reads = versions.inputsOf(version.id).flatMap(({ dataset, columns }) => {
    const name = parseDatasetId(dataset)
    return name === null || dataset === version.dataset ? [] : [{ dataset: name, columns: columns.map((column) => column.name) }]
  })
  return { id: String(version.id), sql: text, dataType: version.dataset.split('.', 1)[0] ?? '', reads, outputs: version.columns.map(({ name }) => name) }
}

const originsSchema = z.array(columnOriginSchema)

/** By the id of the statement; what was found out before comes from the ledger, so that an old workspace needs no worker. */
async function originsOf({ analyses, workers }: VersionColumnsParts, statements: readonly MadeBySql[], signal: AbortSignal | undefined): Promise<Map<string, ColumnOrigin[]>> {
  const found = new Map<string, ColumnOrigin[]>()
  const unknown = new Map<string, MadeBySql>()
  for (const statement of statements) {
    const key = keyOf(statement)
    const known = originsSchema.safeParse(analyses.get(key))
    if (known.success) found.set(statement.id, known.data)
    else unknown.set(key, statement)
  }
  if (unknown.size === 0) return found
  const answers = await workers.shared('analyst').call('columnLineage', { statements: [...unknown.values()] }, { signal })
  const byId = new Map(answers.map(({ id, columns }) => [id, columns]))
  analyses.setAll(new Map([...unknown].flatMap(([key, { id }]) => (byId.has(id) ? [[key, byId.get(id)] as const] : []))))
  for (const [id, columns] of byId) found.set(id, columns)
  return found
}

function keyOf({ id: _id, ...statement }: MadeBySql): string {
  return createHash('sha256').update(`column lineage ${ANALYSIS_VERSION}\n${JSON.stringify(statement)}`).digest('hex')
}
