import type { ChartData, ChartSpec } from '../../../shared/domain/chart.ts'
import type { Filter } from '../../../shared/domain/table-query.ts'
import type { SeenSource } from './version.wire.ts'

export interface ChartOps {
  /** What a chart of the rows that pass the filters draws. */
  chart: { input: { source: SeenSource; filter: Filter[]; spec: ChartSpec }; output: ChartData; ask: never }
}
