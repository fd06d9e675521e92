import type { VersionsReader } from '../ledger/versions.store.ts'
import type { DatasetProfiles } from '../profiles/dataset-profiles.ts'
import type { Api } from './api.ts'
import { findVersion } from './find-version.ts'

const NEVER = new AbortController().signal

export function profilesController(api: Api, { versions, profiles }: { versions: VersionsReader; profiles: DatasetProfiles }) {
  return {
    profile: api.datasets.profile.handler(({ input, signal }) => profiles.get(findVersion(versions, input), signal ?? NEVER)),
    profileProgress: api.datasets.profileProgress.handler(({ input }) => profiles.progress(findVersion(versions, input).id)),
  }
}
