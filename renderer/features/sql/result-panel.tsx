import { KeyName } from '../../ui/kbd.tsx'
import { useState } from 'react'
import type { QueryPlan } from '../../../shared/contract/query.contract.ts'
import type { Problem } from '../../../shared/domain/problem.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { formatCount } from '../../ui/format.ts'
import { StatusMark, type StatusName } from '../../ui/status.tsx'
import { type Tab, TabPanel, Tabs } from '../../ui/tabs.tsx'
import { PlanTable } from './plan-table.tsx'
import { QueryProgress } from './query-progress.tsx'
import { ResultGrid } from './result-grid.tsx'
import type { QueryRun } from './use-query-runs.ts'

/** A plan that was asked for, or why there is none. */
export interface ShownPlan {
  plan: QueryPlan | null
  problem: Problem | null
}

interface ResultPanelProps {
  runs: readonly QueryRun[]
  plan: ShownPlan | null
  /** A statement to begin with; null where there is nothing to read. */
  example: string | null
  onExample: (sql: string) => void
  onCancel: () => void
  onGoTo: (offset: number) => void
  /** Again, without the limit. */
  onAll: (run: QueryRun) => void
  onMeasure: () => void
}

const MARKS: Readonly<Record<QueryRun['state'], StatusName>> = { waiting: 'queued', running: 'running', done: 'succeeded', failed: 'failed', cancelled: 'cancelled' }

/** What the statements gave, a tab each, and how the engine goes about one. */
export function ResultPanel(props: ResultPanelProps) {
  const { runs, plan } = props
  const [chosen, setChosen] = useState<string | null>(null)
  const tabs = tabsOf(runs, plan)
  if (tabs.length === 0) return <Beginning {...props} />
  const at = tabs.some(({ id }) => id === chosen) ? (chosen ?? '') : newestTab(runs, plan)
  const run = runs.find(({ queryId }) => queryId === at)
  return (
    <>
      <Tabs label='Results' tabs={tabs} value={at} onChange={setChosen} />
      <TabPanel id={at}>
        {run !== undefined && <RunBody {...props} key={run.queryId} run={run} />}
        {at === PLAN && plan !== null && <PlanBody {...props} shown={plan} />}
      </TabPanel>
    </>
  )
}

const PLAN = 'plan'

/** A plan is what was asked for last; else the statement that came furthest. */
function newestTab(runs: readonly QueryRun[], plan: ShownPlan | null): string {
  const run = runs.findLast(({ state }) => state !== 'waiting') ?? runs[0]
  return plan !== null || run === undefined ? PLAN : run.queryId
}

function Beginning({ example, onExample }: ResultPanelProps) {
  return (
    <EmptyState title='Ask the data' actions={example === null ? undefined : <Button onClick={() => onExample(example)}>Begin with an example</Button>}>
      Write a SELECT over datasets, which are named data_type.zone.name, and run it with <KeyName of='sql.run' />. Of a selection, only that is run.
    </EmptyState>
  )
}

function tabsOf(runs: readonly QueryRun[], plan: ShownPlan | null): Tab<string>[] {
  const results = runs.map((run, i): Tab<string> => ({ id: run.queryId, label: runs.length === 1 ? 'Result' : `Result ${i + 1}`, count: <TabCount run={run} /> }))
  return plan === null ? results : [...results, { id: PLAN, label: 'Plan' }]
}

function TabCount({ run: { state, result } }: { run: QueryRun }) {
  if (result !== null) return <>{`${formatCount(result.rowCount)}${result.isCut ? '+' : ''}`}</>
  return <StatusMark status={MARKS[state]} size={12} />
}

function RunBody({ run, onCancel, onGoTo, onAll }: ResultPanelProps & { run: QueryRun }) {
  switch (run.state) {
    case 'done':
      return run.result === null ? null : <ResultGrid result={run.result} limit={run.limit} onAll={() => onAll(run)} />
    case 'failed':
      return run.problem === null ? null : <Failure problem={run.problem} onGoTo={onGoTo} />
    case 'cancelled':
      return <EmptyState title='Stopped'>Nothing of it is kept. The text is as it was.</EmptyState>
    default:
      return <QueryProgress run={run} onCancel={onCancel} />
  }
}

function Failure({ problem, onGoTo }: { problem: Problem; onGoTo: (offset: number) => void }) {
  const offset = problem.details['offset']
  // The message says where; the rest of the details is for machines.
  const { errors: _errors, offset: _offset, line: _line, column: _column, sql: _sql, kind: _kind, ...details } = problem.details
  return (
    <div className='scroll grow'>
      <ErrorState problem={{ ...problem, details }} actions={typeof offset === 'number' ? <Button small onClick={() => onGoTo(offset)}>Go to the place</Button> : undefined}>
        Nothing was changed: a query only reads.
      </ErrorState>
    </div>
  )
}

function PlanBody({ shown: { plan, problem }, onGoTo, onMeasure }: ResultPanelProps & { shown: ShownPlan }) {
  if (problem !== null) return <Failure problem={problem} onGoTo={onGoTo} />
  return plan === null ? null : <PlanTable plan={plan} onMeasure={onMeasure} />
}
