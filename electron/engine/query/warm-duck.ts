import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import type { WorkerInit } from '../workers/wire.ts'
import { type Duck, openDuck } from './duckdb.ts'

/**
 * An instance that small steps of one worker use one after the other: opening one takes longer than many a step does. What a step has
 * left in it (attached catalogs, variables) is gone before the next gets it. After large work, or a failure, the instance is closed,
 * so that its memory is given back.
 */
export interface WarmDuck {
  /** `use` has the instance for itself; its answer says whether the instance may be kept. */
  lend<T>(init: WorkerInit, use: (duck: Duck) => Promise<T>, isSmall: (result: T) => boolean): Promise<T>
}

const LEFT_BEHIND = `SELECT database_name AS name FROM duckdb_databases() WHERE NOT internal AND database_name <> 'memory'`

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
        using duck = await lent.duck.another()
        const result = await use(duck)
        isKept = isSmall(result) && kept === null
        return result
      } finally {
        if (isKept) isKept = await isClean(lent.duck)
        if (isKept) kept = lent
        else lent.duck[Symbol.dispose]()
      }
    },
  }
}

/** Takes away what was attached; false when something cannot be taken away. */
async function isClean(duck: Duck): Promise<boolean> {
  for (const { name } of await duck.rows(LEFT_BEHIND)) await duck.run(`DETACH ${quoteIdentifier(String(name))}`)
  const [left] = await duck.rows(`SELECT count(*)::INTEGER AS n FROM duckdb_tables() WHERE NOT internal`)
  return Number(left?.['n']) === 0
}
