import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import type { WorkerInit } from '../workers/wire.ts'
import { type Duck, openDuck } from './duckdb.ts'

/**
 * An instance that small steps of one worker use one after the other: opening one takes longer than many a step does. What a step has
 * left in it (attached catalogs, variables, temporary tables) is gone before the next gets it; other tables it must not make. After large
 * work, or a failure, the instance is closed, so that its memory is given back.
 */
export interface WarmDuck {
  /** `use` has the instance for itself; its answer says whether the instance may be kept. */
  lend<T>(init: WorkerInit, use: (duck: Duck) => Promise<T>, isSmall: (result: T) => boolean): Promise<T>
}

const CATALOGS = `SELECT database_name AS name FROM duckdb_databases() WHERE NOT internal AND database_name <> 'memory'`

interface Kept {
  duck: Duck
  limits: string
}

export function createWarmDuck(): WarmDuck {
  let kept: Kept | null = null

  /** A connection of its own, so that settings and variables of the last one are forgotten. */
  const take = async (init: WorkerInit): Promise<Kept> => {
    const limits = JSON.stringify(init)
    const last = kept
    kept = null
    if (last !== null && last.limits === limits) return last
    last?.duck[Symbol.dispose]()
    return { duck: await openDuck(init), limits }
  }
  return {
    async lend(init, use, isSmall) {
      const lent = await take(init)
      let isKept = false
      try {
        const result = await withConnection(lent.duck, use)
        if (isSmall(result)) {
          await clear(lent.duck)
          isKept = kept === null
        }
        return result
      } finally {
        if (isKept) kept = lent
        else lent.duck[Symbol.dispose]()
      }
    },
  }
}

async function withConnection<T>(instance: Duck, use: (duck: Duck) => Promise<T>): Promise<T> {
  using duck = await instance.another()
  return await use(duck)
}

/** Takes away what was attached. */
async function clear(duck: Duck): Promise<void> {
  const catalogs = await duck.rows(CATALOGS)
  if (catalogs.length > 0) await duck.run(catalogs.map(({ name }) => `DETACH ${quoteIdentifier(String(name))}`).join(';'))
}
