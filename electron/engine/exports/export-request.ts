import type { DiffKind } from '../../../shared/contract/compare.contract.ts'
import type { ExportFormat } from '../../../shared/contract/exports.contract.ts'
import type { PivotSpec } from '../../../shared/domain/pivot.ts'
import type { TableQuery } from '../../../shared/domain/table-query.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { Look } from '../masks/masks.ts'
import type { DiffSpec } from '../workers/wire.ts'

export interface Difference {
  from: VersionRow
  key: string[]
  kinds: DiffKind[]
  /** Lower case names of the columns that it shows as masks. */
  masked: string[]
  /** Names of the sensitive columns whose values it holds, because they were revealed. */
  revealed: string[]
  /** How to compare; asked for when the files are about to be read. */
  spec: () => DiffSpec
}

export interface ExportRequest {
  version: VersionRow
  format: ExportFormat
  query: TableQuery
  columns?: string[] | undefined
  /** Writes what differs from an older version, in place of the rows. */
  difference: Difference | null
  /** Writes groups of the rows, in place of the rows. */
  pivot?: PivotSpec | undefined
  path?: string | undefined
  overwrite: boolean
}

export interface ExportTarget extends ExportRequest {
  file: string
  /** The version as the one who asked may see it. */
  look: Look
}
