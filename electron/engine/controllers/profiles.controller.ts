import type { ColumnProfile, DatasetProfile } from '../../../shared/contract/profile.contract.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import type { VersionsReader } from '../ledger/versions.store.ts'
import type { Masks } from '../masks/masks.ts'
import type { DatasetProfiles } from '../profiles/dataset-profiles.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'

const NEVER = new AbortController().signal

export function profilesController(api: Api, { versions, masks, profiles }: { versions: VersionsReader; masks: Masks; profiles: DatasetProfiles }) {
  return {
    profile: api.datasets.profile.handler(async ({ input, context: { actor }, signal }) => {
      const version = findVersion(versions, input)
      const profile = await profiles.get(version, signal ?? NEVER)
      return maskedProfile(profile, await masks.columns(version, { actor, signal }))
    }),
    profileProgress: api.datasets.profileProgress.handler(({ input }) => profiles.progress(findVersion(versions, input).id)),
  }
}

/** Of a masked column, how many values there are, and how many different ones, says nothing of any; everything else is made of values. */
function maskedProfile(profile: DatasetProfile, columns: readonly Column[]): DatasetProfile {
  const byName = new Map(columns.map((column) => [column.name, column]))
  return { ...profile, columns: profile.columns.map((entry) => told({ ...entry, column: byName.get(entry.column.name) ?? entry.column })) }
}

function told(entry: ColumnProfile): ColumnProfile {
  if (entry.column.isMasked !== true) return entry
  const trend = entry.trend.map((point) => ({ ...point, mean: null }))
  return { ...entry, min: null, max: null, mean: null, quantiles: null, lengths: null, empty: null, notFinite: 0, histogram: null, top: null, trend }
}
