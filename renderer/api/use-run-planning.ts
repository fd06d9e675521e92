import { keepPreviousData, skipToken, useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import type { PlanRequest, RunPlan } from '../../shared/contract/plan.contract.ts'
import type { StartedGroup } from '../../shared/contract/groups.contract.ts'
import type { RunRef } from '../../shared/contract/runs.contract.ts'
import { orderDataTypes } from '../../shared/domain/data-type-order.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import type { RunPriority } from '../../shared/domain/run-priority.ts'
import type { RunSelection } from '../../shared/domain/run-options.ts'
import type { ParameterValues } from '../../shared/domain/run-parameters.ts'
import { useApi } from './api.tsx'
import { problemOf } from './problem-of.ts'
import { usePagedRows } from './use-paged-rows.ts'

interface Request {
  dataType: string | null
  entities: readonly string[] | null
  selection?: Partial<RunSelection>
  parameters?: ParameterValues
  priority?: RunPriority
}

interface Say {
  onQueued: (run: RunRef) => void
  onGroupQueued: (group: StartedGroup) => void
  onLeftOut: (dataTypes: readonly string[]) => void
  onProblem: (problem: Problem) => void
}

/** Everything that the run dialog needs of the engine. */
export interface RunPlanning {
  plan: { plan: RunPlan | null; isPlanning: boolean; problem: Problem | null; replan: () => void }
  plans: { dataType: string; plan: RunPlan | null; problem: Problem | null }[]
  entities: PlannedEntities
  onRequest: (request: Request | null) => void
  onStart: (request: Request, planHash: string | null) => Promise<Problem | null>
}

/** While somebody types, the last plan stays; a moment after, the next is made. */
const SETTLE_MS = 200

/** Plans what is chosen, and starts exactly that. */
export function useRunPlanning(say: Say): RunPlanning {
  const { client, queries } = useApi()
  const queryClient = useQueryClient()
  const [asked, setAsked] = useState<Request | null>(null)
  const [settled, setSettled] = useState<Request | null>(null)
  useEffect(() => {
    const isFirst = asked === null || settled === null || asked.dataType !== settled.dataType
    const timer = setTimeout(() => setSettled(asked), isFirst ? 0 : SETTLE_MS)
    return () => clearTimeout(timer)
  }, [asked, settled])
  const input = settled === null ? null : planInput(settled)
  const query = useQuery(queries.runs.plan.queryOptions({ input: input ?? skipToken, placeholderData: keepPreviousData, gcTime: 0, staleTime: 0 }))
  const plans = useAllPlans(settled !== null && settled.dataType === null)
  const entities = usePlannedEntities(input)
  const plan = useEntityCounts(settled === null ? null : (query.data ?? null), input)
  const onRequest = useCallback((request: Request | null) => setAsked(request), [])
  return {
    plan: {
      plan,
      isPlanning: query.isFetching || query.isPlaceholderData || asked !== settled,
      problem: query.error === null || query.isFetching ? null : problemOf(query.error),
      replan: () => void queryClient.invalidateQueries({ queryKey: queries.runs.plan.key() }),
    },
    plans,
    entities,
    onRequest,
    async onStart(request, planHash) {
      const wanted = planInput(request)
      try {
        if (wanted === null) {
          const shown = Object.fromEntries(plans.flatMap(({ dataType, plan: known }) => (known === null ? [] : [[dataType, known.hash]])))
          const started = await client.runs.startAll({ commandId: crypto.randomUUID(), plans: shown, ...(request.priority === undefined ? {} : { priority: request.priority }) })
          say.onGroupQueued(started)
          if (started.leftOut.length > 0) say.onLeftOut(started.leftOut.map(({ dataType }) => dataType))
          return null
        }
        say.onQueued(await client.runs.start({ ...wanted, commandId: crypto.randomUUID(), ...(request.priority === undefined ? {} : { priority: request.priority }), ...(planHash === null ? {} : { planHash }) }))
        return null
      } catch (error) {
        return problemOf(error)
      } finally {
        void queryClient.invalidateQueries({ queryKey: queries.workspace.overview.key() })
        void queryClient.invalidateQueries({ queryKey: queries.runs.list.key() })
      }
    },
  }
}

/** A plan of each data type that can run, in the order in which they read each other. */
function useAllPlans(isAsked: boolean): RunPlanning['plans'] {
  const { queries } = useApi()
  const workspace = useQuery(queries.workspace.get.queryOptions())
  const outlines = workspace.data?.dataTypes ?? []
  const runnable = new Set(outlines.flatMap((type) => (type.runnable ? [type.name] : [])))
  const names = isAsked ? orderDataTypes(outlines).flatMap(({ name }) => (runnable.has(name) ? [name] : [])) : []
  const plans = useQueries({ queries: names.map((dataType) => queries.runs.plan.queryOptions({ input: { dataType }, gcTime: 0, staleTime: 0, retry: false })) })
  return names.map((dataType, i) => {
    const { data, error } = plans[i] ?? {}
    return { dataType, plan: data ?? null, problem: error === null || error === undefined ? null : problemOf(error) }
  })
}

/** Pages of the entities that one step of the plan would work on. */
export interface PlannedEntities {
  dataset: string | null
  look: (dataset: string | null) => void
  counts: { todo: number; total: number } | null
  isKnown: boolean
  isPending: boolean
  rowAt: (index: number) => { entityId: string; reason: string } | undefined
  onRange: (first: number, last: number) => void
}

const ENTITY_PAGE = 200

function usePlannedEntities(input: PlanRequest | null): PlannedEntities {
  const { queries } = useApi()
  const [looked, setLooked] = useState<{ dataset: string; dataType: string } | null>(null)
  // Of another data type: the dialog has gone on to something else.
  const dataset = looked !== null && looked.dataType === input?.dataType ? looked.dataset : null
  const rows = usePagedRows({
    pageSize: ENTITY_PAGE,
    page: (offset) => queries.runs.planEntities.queryOptions({ input: dataset === null || input === null ? skipToken : { ...input, dataset, offset, limit: ENTITY_PAGE }, gcTime: 0, staleTime: Infinity, retry: false }),
    read: ({ todo, entities }) => ({ total: todo, rows: entities }),
  })
  return {
    dataset,
    look: (next) => setLooked(next === null || input === null ? null : { dataset: next, dataType: input.dataType }),
    counts: rows.answer === undefined ? null : { todo: rows.answer.todo, total: rows.answer.total },
    isKnown: rows.answer?.known ?? false,
    isPending: rows.isPending,
    rowAt: rows.rowAt,
    onRange: rows.onRange,
  }
}

/** The plan with the number of entities to do, where that can be known: it takes a look at the rows, and comes a moment later. */
function useEntityCounts(plan: RunPlan | null, input: PlanRequest | null): RunPlan | null {
  const { queries } = useApi()
  const asked = plan === null || input === null || plan.dataType !== input.dataType ? [] : plan.steps.filter(({ byEntity, action, certain, entities }) => byEntity && action === 'run' && certain && entities === null)
  const counts = useQueries({
    queries: asked.map(({ dataset }) => queries.runs.planEntities.queryOptions({ input: input === null ? skipToken : { ...input, dataset, limit: 1 }, gcTime: 0, staleTime: 0, retry: false })),
  })
  if (plan === null) return null
  const known = new Map(asked.map(({ dataset }, i) => [dataset, counts[i]?.data]))
  return {
    ...plan,
    steps: plan.steps.map((step) => {
      const count = known.get(step.dataset)
      return count === undefined || !count.known ? step : { ...step, entities: { total: count.total, todo: count.todo } }
    }),
  }
}

/** The contract's form of a request; null for all data types, each of which has a plan of its own. */
function planInput({ dataType, entities, selection = {}, parameters = {} }: Request): PlanRequest | null {
  if (dataType === null) return null
  return {
    dataType,
    ...selection,
    ...(entities === null ? {} : { entities: [...entities] }),
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: { ...parameters } }),
  }
}
