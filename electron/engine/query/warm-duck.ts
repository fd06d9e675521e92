import { quoteIdentifier } from '../../../shared/domain/naming.ts'
import type { SqlVariable, WorkerInit } from '../workers/wire.ts'
import { type Duck, openDuck } from './duckdb.ts'
import { setVariables } from './set-variables.ts'
import type { DefinedNames } from './view-set.ts'

/** What a statement finds in the instance before it says anything. */
export interface DuckSetting {
  /** Whose names may be written short. */
  dataType: string
  variables: readonly SqlVariable[]
}

/**
 * An instance that small steps of one worker use one after the other: opening one takes longer than many a step does. Steps of one data type
 * under the same parameters also share a connection with the names that are defined on it; others get a new one, on which nothing is left of
 * the last (attached catalogs, variables, temporary tables). Other tables a step must not make. After large work, or a failure, the instance
 * is closed, so that its memory is given back.
 */
export interface WarmDuck {
  /** `use` has the instance for itself; whether it may be kept is said by its answer. */
  lend<T>(need: { init: WorkerInit; setting: DuckSetting }, use: (duck: Duck, known: DefinedNames) => Promise<T>, isSmall: (result: T) => boolean): Promise<T>
}

/** Names beyond this many are forgotten: each of them is a view that holds a list of files. */
const MAX_NAMES = 1_000

interface Session {
  duck: Duck
  setting: string
  known: DefinedNames
}

interface Kept {
  instance: Duck
  limits: string
  session: Session | null
}

export function createWarmDuck(): WarmDuck {
  let kept: Kept | null = null

  const take = async (init: WorkerInit): Promise<Kept> => {
    const limits = JSON.stringify(init)
    const last = kept
    kept = null
    if (last !== null && last.limits === limits) return last
    if (last !== null) close(last)
    return { instance: await openDuck(init), limits, session: null }
  }
  return {
    async lend({ init, setting }, use, isSmall) {
      const lent = await take(init)
      let isKept = false
      try {
        const session = await sessionFor(lent, setting)
        const result = await use(session.duck, session.known)
        isKept = isSmall(result) && kept === null
        return result
      } finally {
        if (isKept) kept = lent
        else close(lent)
      }
    },
  }
}

function close({ instance, session }: Kept): void {
  session?.duck[Symbol.dispose]()
  instance[Symbol.dispose]()
}

/** The connection of the last statement where it had the same setting, else a new one without what that left. */
async function sessionFor(kept: Kept, wanted: DuckSetting): Promise<Session> {
  const setting = JSON.stringify([wanted.dataType, wanted.variables])
  const last = kept.session
  if (last !== null && last.setting === setting && last.known.views.size < MAX_NAMES) return last
  if (last !== null) {
    kept.session = null
    last.duck[Symbol.dispose]()
    await detachAll(kept.instance)
  }
  const session = { duck: await kept.instance.another(), setting, known: { containers: new Set<string>(), views: new Map<string, string>() } }
  kept.session = session
  await setVariables(session.duck, wanted.variables)
  return session
}

const CATALOGS = `SELECT database_name AS name FROM duckdb_databases() WHERE NOT internal AND database_name <> 'memory'`

async function detachAll(duck: Duck): Promise<void> {
  const catalogs = await duck.rows(CATALOGS)
  if (catalogs.length > 0) await duck.run(catalogs.map(({ name }) => `DETACH ${quoteIdentifier(String(name))}`).join(';'))
}
