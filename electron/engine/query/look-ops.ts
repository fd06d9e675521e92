import type { OpContext, OpHandlers } from '../workers/worker-server.ts'
import type { LookOps } from '../workers/look.wire.ts'
import type { WorkerInit } from '../workers/wire.ts'
import { chartData } from './chart-data.ts'
import { distinctValues } from './distinct-values.ts'
import type { Duck } from './duckdb.ts'
import { filterWhere } from './filter-where.ts'
import { createFindCells, type FindCells } from './find-cells.ts'
import { matchRows } from './match-rows.ts'
import { createPivotTables, type PivotTables } from './pivot/pivot-tables.ts'
import type { PlacedRows } from './placed-rows.ts'

interface LookParts {
  /** Gives connections to the reader's instance. */
  connect: (init: WorkerInit) => Promise<Duck>
  placedRowsOf: (context: Pick<OpContext<never>, 'init' | 'log'>) => PlacedRows
}

/** What the reader does for somebody who looks for something. */
export function createLookOps({ connect, placedRowsOf }: LookParts): Pick<OpHandlers<'reader'>, keyof LookOps | 'matchRows' | 'chart' | 'pivot'> {
  let cells: FindCells | null = null
  let pivots: PivotTables | null = null
  return {
    async find(input, context) {
      const { init, signal } = context
      cells ??= createFindCells(() => connect(init), placedRowsOf(context))
      using duck = await connect(init)
      return await cells.find(duck, input, signal)
    },
    async values(input, { init, signal }) {
      using duck = await connect(init)
      return await distinctValues(duck, input, signal)
    },
    async chart(input, { init, signal }) {
      using duck = await connect(init)
      return await chartData(duck, input, signal)
    },
    pivot(input, { init, signal }) {
      pivots ??= createPivotTables(() => connect(init))
      return pivots.page(input, signal)
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
