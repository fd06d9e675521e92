import type { PlanStep, RunPlan } from '../../../shared/contract/plan.contract.ts'
import { formatBytes, formatCount, formatDuration } from './figures.ts'
import type { Paint } from './paint.ts'
import { type Cell, formatTable, type TableColumn } from './table.ts'

const COLUMNS: readonly TableColumn[] = [
  { header: 'dataset' },
  { header: 'action' },
  { header: 'rows', align: 'right' },
  { header: 'takes', align: 'right' },
  { header: 'known from', align: 'right' },
  { header: 'why', maxWidth: 110 },
]

/** A line a step, then what it comes to. */
export function planLines({ steps, totals, parameters }: RunPlan, paint: Paint): string[] {
  const values = Object.entries(parameters).map(([name, value]) => `${name} = ${value}`)
  return [
    ...formatTable(COLUMNS, steps.map(stepCells), paint),
    '',
    totalsLine(totals),
    ...contactLine(steps),
    ...(values.length === 0 ? [] : [paint(`With ${values.join(', ')}`, 'dim')]),
  ]
}

function stepCells({ dataset, reasons, entities, checksAgain, expected, ...step }: PlanStep): Cell[] {
  const why = [...reasons.map(({ text }) => text), ...(entities === null ? [] : [`${formatCount(entities.todo)} of ${formatCount(entities.total)} entities`])]
  return [
    dataset,
    actionCell(step),
    expected === null ? '' : `≈ ${formatCount(expected.rows.median)}`,
    expected === null ? '' : `≈ ${formatDuration(expected.ms.median)}`,
    expected === null ? '' : `${expected.runs} ${expected.runs === 1 ? 'run' : 'runs'}`,
    `${why.join('; ')}${checksAgain ? '; checked again' : ''}`,
  ]
}

function actionCell({ action, certain, version }: Pick<PlanStep, 'action' | 'certain' | 'version'>): Cell {
  if (action === 'run') return certain ? { text: 'run', style: 'bold' } : { text: 'run if changed', style: 'yellow' }
  return { text: action === 'reuse' ? `reuse v${version ?? ''}` : 'skip', style: 'dim' }
}

function contactLine(steps: readonly PlanStep[]): string[] {
  const hosts = [...new Set(steps.flatMap((step) => step.hosts))]
  return hosts.length === 0 ? [] : [`Would contact ${hosts.join(', ')}`]
}

function totalsLine({ run, maybe, reuse, skip, ms, rows, bytes, withoutHistory }: RunPlan['totals']): string {
  const counts = [`${run} to run`, maybe > 0 ? `${maybe} to run if what they read changes` : '', `${reuse} to reuse`, skip > 0 ? `${skip} left out` : ''].filter((part) => part !== '')
  const expected = run > withoutHistory ? `; about ${formatDuration(ms)}, ${formatCount(rows)} rows, ${formatBytes(bytes)}` : ''
  const unknown = withoutHistory > 0 ? `; ${withoutHistory === 1 ? 'one step has' : `${withoutHistory} steps have`} never run` : ''
  return `${counts.join(', ')}${expected}${unknown}`
}
