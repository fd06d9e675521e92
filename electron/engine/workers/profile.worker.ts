import { constants, setPriority } from 'node:os'
import { openDuck } from '../query/duckdb.ts'
import { profiledColumns, profileVersion } from '../query/profile/profile-version.ts'
import { writeNames } from '../query/names/write-names.ts'
import { serveWorker } from './worker-server.ts'

// Nobody who scrolls or waits for a run is to notice it.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

serveWorker<'profile'>({
  async version({ source }, { init, signal, progress }) {
    using duck = await openDuck(init)
    const total = profiledColumns(source).length
    return { columns: await profileVersion(duck, source, { signal, onColumn: ({ name }, index) => progress({ share: index / Math.max(1, total), note: name }) }) }
  },
  async entityNames(input, { init, signal }) {
    using duck = await openDuck(init)
    return await writeNames(duck, input, signal)
  },
})
