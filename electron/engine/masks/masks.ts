import type { Actor } from '../../../shared/domain/actor.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { AuditStore } from '../ledger/audit.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { versionSource } from '../runs/version-source.ts'
import type { SeenSource } from '../workers/wire.ts'
import type { Layout } from '../zones/layout.ts'
import { seenColumns } from '../query/seen-columns.ts'
import { type ClearSource, clearSources } from './clear-sources.ts'
import { createReveals, type Reveals } from './reveals.ts'
import { createSensitiveColumns, type SensitiveParts, type Sensitivity } from './sensitive-columns.ts'

/** A version as one actor may see it now. */
export interface Look {
  /** For workers. */
  source: SeenSource
  /** For people: with their own types, and marked. */
  columns: Column[]
  /** Names of the masked columns. Part of the key of whatever is kept of it. */
  masked: string[]
  /** Names of the sensitive columns that are not masked now, because the actor has revealed them. */
  revealed: string[]
}

/** Who asks. */
export interface Looker {
  actor: Actor
  signal?: AbortSignal | undefined
}

/** What stands between sensitive values and whoever looks. Every way to see rows begins here; runs, checks and contracts read the values. */
export interface Masks {
  look(version: VersionRow, by: Looker): Promise<Look>
  /** Names of the columns that are masked from the actor. */
  masked(version: VersionRow, by: Looker): Promise<string[]>
  /** The columns of a version as they are told: marked where they are sensitive, and where they are masked. */
  columns(version: VersionRow, by: Looker): Promise<Column[]>
  sensitive(version: VersionRow): Promise<Sensitivity>
  /** Where values of its sensitive columns can be seen all the same, and nobody said that they may. */
  inClear(version: VersionRow): Promise<ClearSource[]>
  readonly reveals: Reveals
}

/** What stands in a masked column is text, whatever type its values have. */
function marked(column: Column, isMasked: boolean): Column {
  return { ...column, ...(isMasked ? { kind: 'text' as const } : {}), isSensitive: true, isMasked }
}

export interface MasksParts extends SensitiveParts {
  layout: Layout
  audit: AuditStore
  clock: () => number
}

export function createMasks(parts: MasksParts): Masks {
  const sensitiveOf = createSensitiveColumns(parts)
  const reveals = createReveals(parts)
  const masked = async (version: VersionRow, { actor }: Looker): Promise<string[]> =>
    (await sensitiveOf(version)).columns.filter((column) => reveals.until(actor, version.dataset, column) === null)
  const columns = async (version: VersionRow, by: Looker): Promise<Column[]> => {
    const { columns: sensitive } = await sensitiveOf(version)
    if (sensitive.length === 0) return version.columns
    const hidden = await masked(version, by)
    return version.columns.map((column) => (sensitive.includes(column.name) ? marked(column, hidden.includes(column.name)) : column))
  }
  return {
    reveals,
    masked,
    columns,
    sensitive: sensitiveOf,
    inClear: (version) => clearSources({ ...parts, masks: { sensitive: sensitiveOf } }, version),
    async look(version, by) {
      const source = versionSource(parts.layout, parts.versions, version)
      const hidden = await masked(version, by)
      return { source: { ...source, columns: seenColumns(source.columns, hidden) }, columns: await columns(version, by), masked: hidden, revealed: (await sensitiveOf(version)).columns.filter((name) => !hidden.includes(name)) }
    },
  }
}
