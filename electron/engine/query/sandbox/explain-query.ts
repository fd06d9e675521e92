import { z } from 'zod'
import type { PlanStep, QueryPlan } from '../../../../shared/contract/query.contract.ts'
import type { OpInput, WorkerInit } from '../../workers/wire.ts'
import { inSandbox } from './sandbox.ts'

interface OperatorNode {
  name?: string | undefined
  operator_name?: string | undefined
  operator_timing?: number | undefined
  operator_cardinality?: number | undefined
  extra_info?: Record<string, unknown> | string | undefined
  children?: OperatorNode[] | undefined
}

/** As DuckDB 1.5 writes it: the planned operators, or with ANALYZE those that ran, under a root of their own. */
const operatorSchema: z.ZodType<OperatorNode> = z.object({
  name: z.string().optional(),
  operator_name: z.string().optional(),
  operator_timing: z.number().optional(),
  operator_cardinality: z.number().optional(),
  extra_info: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  get children() {
    return z.array(operatorSchema).optional()
  },
})
const analyzedSchema = z.object({ latency: z.number(), children: z.array(operatorSchema) })

/** The operators of a statement, each before those that it takes its rows from. The statement was checked before EXPLAIN is put in front of it. */
export function explainQuery(input: OpInput<'sandbox', 'explain'>, init: WorkerInit, signal: AbortSignal): Promise<QueryPlan> {
  return inSandbox(input, { init, signal }, async (sandbox, ended) => {
    const explained = async (before: string): Promise<unknown> => {
      const rows = await sandbox.within({ before, after: '' }, (text) => sandbox.duck.rows(text, ended))
      const row = rows.find(({ explain_key: key }) => key === 'physical_plan' || key === 'analyzed_plan')
      return JSON.parse(String(row?.['explain_value'] ?? '[]'))
    }
    const analyzed = input.analyze ? analyzedSchema.safeParse(await explained('EXPLAIN (ANALYZE, FORMAT json) ')) : null
    // What DuckDB answers from statistics alone, it does not run, and has nothing to tell of.
    if (analyzed?.success !== true) return plannedOnly(await explained('EXPLAIN (FORMAT json) '))
    const { latency, children } = analyzed.data
    const roots = children.flatMap((node) => (node.operator_name === 'EXPLAIN_ANALYZE' ? (node.children ?? []) : [node]))
    return { steps: roots.flatMap((node) => stepsOf(node, 0)), tookMs: latency * 1_000 }
  })
}

function plannedOnly(plan: unknown): QueryPlan {
  return { steps: z.array(operatorSchema).parse(plan).flatMap((node) => stepsOf(node, 0)), tookMs: null }
}

const ESTIMATE = 'Estimated Cardinality'

function stepsOf(node: OperatorNode, depth: number): PlanStep[] {
  const info = typeof node.extra_info === 'object' ? node.extra_info : {}
  const estimate = Number(info[ESTIMATE])
  const step: PlanStep = {
    depth,
    operator: (node.operator_name ?? node.name ?? '').trim(),
    details: Object.entries(info).flatMap(([label, value]) => (label === ESTIMATE ? [] : [{ label, text: detailText(value) }])),
    estimatedRows: info[ESTIMATE] === undefined || !Number.isFinite(estimate) ? null : estimate,
    rows: node.operator_cardinality ?? null,
    tookMs: node.operator_timing === undefined ? null : node.operator_timing * 1_000,
  }
  return [step, ...(node.children ?? []).flatMap((child) => stepsOf(child, depth + 1))]
}

function detailText(value: unknown): string {
  if (Array.isArray(value)) return value.map(detailText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
