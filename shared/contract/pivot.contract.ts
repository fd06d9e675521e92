import { z } from 'zod'
import { MOST_LEVELS, pivotPageSchema, pivotSpecSchema } from '../domain/pivot.ts'
import { tableQuerySchema } from '../domain/table-query.ts'
import { pageRequest, procedure } from './common.contract.ts'
import { datasetRefSchema } from './datasets.contract.ts'

export const pivotContract = {
  /**
   * Groups of all rows that pass the filters, a level at a time: `path` leads to the group whose groups are asked for, `levels` takes several groupings at once.
   * Sub-totals and the total are computed of the rows, not of the groups.
   */
  pivot: procedure
    .input(
      datasetRefSchema.extend({
        filter: tableQuerySchema.shape.filter,
        spec: pivotSpecSchema,
        path: z.array(z.string().nullable()).max(MOST_LEVELS).default([]),
        levels: z.int().min(1).max(MOST_LEVELS).default(1),
        /** By names of groupings and columns, as the answer has them; names of groupings of other levels are passed over. */
        sort: tableQuerySchema.shape.sort,
        ...pageRequest,
      }),
    )
    .output(pivotPageSchema.extend({ version: z.int(), fromCache: z.boolean(), tookMs: z.number() })),
}
