import { setTimeout as wait } from 'node:timers/promises'
import type { DatasetRef } from '../../shared/contract/datasets.contract.ts'
import type { DatasetProfile } from '../../shared/contract/profile.contract.ts'
import type { Cli } from './cli-session.ts'
import type { StrataClient } from './client.ts'
import { formatShare } from './terminal/figures.ts'
import { createLiveBlock } from './terminal/live-block.ts'

const POLL_MS = 150

/** Asks for a profile and shows how far it is until it is there. Ctrl+C stops it. */
export async function followProfile({ out, signal }: Cli, client: StrataClient, ref: DatasetRef): Promise<DatasetProfile> {
  const asked = client.datasets.profile(ref, { signal })
  if (!out.isLive) return asked
  const block = createLiveBlock(out)
  try {
    for (;;) {
      const ended = await Promise.race([asked.then((profile) => ({ profile })), wait(POLL_MS, null)])
      if (ended !== null) return ended.profile
      const at = await client.datasets.profileProgress(ref)
      if (at !== null) block.draw([`▸ looking at ${at.note ?? ref.dataset}  ${formatShare(at.share)}`])
    }
  } finally {
    block.end()
  }
}
