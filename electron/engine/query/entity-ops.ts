import type { OpHandlers } from '../workers/worker-server.ts'
import type { WorkerInit } from '../workers/wire.ts'
import type { Duck } from './duckdb.ts'
import { createNameFiles } from './names/name-files.ts'
import { searchNames } from './names/search-names.ts'

/** What the reader does for somebody who looks for an entity by its names. */
export function createEntityOps(connect: (init: WorkerInit) => Promise<Duck>): Pick<OpHandlers<'reader'>, 'searchNames'> {
  const openFile = createNameFiles()
  return {
    async searchNames({ files, text, limit }, { init }) {
      using duck = await connect(init)
      return await searchNames(duck, files.map(openFile), { text, limit })
    },
  }
}
