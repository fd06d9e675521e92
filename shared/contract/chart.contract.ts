import { z } from 'zod'
import { chartDataSchema, chartSpecSchema } from '../domain/chart.ts'
import { tableQuerySchema } from '../domain/table-query.ts'
import { procedure } from './common.contract.ts'
import { datasetRefSchema } from './datasets.contract.ts'

export const chartContract = {
  /** What a chart of the rows that pass the filters draws: grouped, binned or sampled, and what of the rows that shows. */
  chart: procedure
    .input(datasetRefSchema.extend({ filter: tableQuerySchema.shape.filter, spec: chartSpecSchema }))
    .output(chartDataSchema.extend({ version: z.int(), fromCache: z.boolean(), tookMs: z.number() })),
}
