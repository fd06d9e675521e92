import type { OpHandlers } from '../workers/worker-server.ts'
import type { LookOps } from '../workers/look.wire.ts'
import type { WorkerInit } from '../workers/wire.ts'
import { distinctValues } from './distinct-values.ts'
import type { Duck } from './duckdb.ts'
import { filterWhere } from './filter-where.ts'
import { matchRows } from './match-rows.ts'

/** What the reader does for somebody who looks for something; `connect` gives connections to its instance. */
export function createLookOps(connect: (init: WorkerInit) => Promise<Duck>): Pick<OpHandlers<'reader'>, keyof LookOps | 'matchRows'> {
  return {
    async values(input, { init, signal }) {
      using duck = await connect(init)
      return await distinctValues(duck, input, signal)
    },
    async judge({ columns, filter }, { init, signal }) {
      using duck = await connect(init)
      await filterWhere(duck, [filter], { columns, signal })
      return {}
    },
    async matchRows(input, { init, signal }) {
      using duck = await connect(init)
      return await matchRows(duck, input, signal)
    },
  }
}
