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
  /** For workers; made when it is asked for. */
  readonly source: SeenSource
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
  const seen = async (version: VersionRow, { actor }: Looker): Promise<Pick<Look, 'columns' | 'masked' | 'revealed'>> => {
    const { columns: sensitive } = await sensitiveOf(version)
    if (sensitive.length === 0) return { columns: version.columns, masked: [], revealed: [] }
    const masked = sensitive.filter((name) => reveals.until(actor, version.dataset, name) === null)
    const revealed = sensitive.filter((name) => !masked.includes(name))
    return { columns: version.columns.map((column) => (sensitive.includes(column.name) ? marked(column, masked.includes(column.name)) : column)), masked, revealed }
  }
  return {
    reveals,
    masked: async (version, by) => (await seen(version, by)).masked,
    columns: async (version, by) => (await seen(version, by)).columns,
    sensitive: sensitiveOf,
    inClear: (version) => clearSources({ ...parts, masks: { sensitive: sensitiveOf } }, version),
    async look(version, by) {
      const look = await seen(version, by)
      return {
        ...look,
        // A kept answer needs only what is masked, and asks the ledger nothing.
        get source() {
          const source = versionSource(parts.layout, parts.versions, version)
          return { ...source, columns: seenColumns(source.columns, look.masked) }
        },
      }
    },
  }
}
