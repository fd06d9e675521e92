import { z } from 'zod'
import type { Duck } from './duckdb.ts'

interface PlanNode {
  name: string
  children?: PlanNode[] | undefined
}

const planNodeSchema: z.ZodType<PlanNode> = z.lazy(() => z.object({ name: z.string(), children: z.array(planNodeSchema).optional() }))
const planSchema = z.array(planNodeSchema)

/** Operators that pass rows on as they come, or that read files in their order. */
const STREAMING = new Set(['PROJECTION', 'FILTER', 'UNION', 'READ_PARQUET', 'UNNEST', 'EMPTY_RESULT', 'DUMMY_SCAN'])

/**
 * Whether a SELECT only passes rows on: with insertion order preserved, the same input then makes the same file for the same number of
 * threads. Joins, groups, windows and sorts do not promise that.
 */
export async function keepsOrder(duck: Duck, select: string): Promise<boolean> {
  const [row] = await duck.rows(`EXPLAIN (FORMAT json) ${select}`)
  const plan = planSchema.safeParse(JSON.parse(String(row?.['explain_value'])))
  return plan.success && plan.data.every(isStreaming)
}

function isStreaming({ name, children = [] }: PlanNode): boolean {
  return STREAMING.has(name.trim()) && children.every(isStreaming)
}
