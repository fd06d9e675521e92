import { constants, setPriority } from 'node:os'
import { copyRows } from '../query/copies/copy-rows.ts'
import { writeKeyFile } from '../query/copies/key-file.ts'
import { openDuck } from '../query/duckdb.ts'
import { serveWorker } from './worker-server.ts'

// Nobody who scrolls or waits for a run is to notice it.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL)

serveWorker<'copy'>({
  async rows(input, { init, signal, progress }) {
    using duck = await openDuck(init)
    return await copyRows(duck, input, { signal, onProgress: (share) => progress({ share, note: null }) })
  },
  async keys(input, { init, signal }) {
    using duck = await openDuck(init)
    return await writeKeyFile(duck, { ...input, signal })
  },
})
