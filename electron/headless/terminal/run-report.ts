import type { CheckResult, PlanChange, Run, RunDetail, RunStep } from '../../../shared/contract/runs.contract.ts'
import { flagText } from '../../../shared/domain/run-flags.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { planChangeHead } from '../../../shared/domain/plan-changes.ts'
import { describeOptions } from '../../../shared/domain/run-options.ts'
import { LEAST_WAIT_MS, waitedSoFarMs, workedMs } from '../../../shared/domain/run-duration.ts'
import { retryText } from '../../../shared/domain/retry-wait.ts'
import { formatBytes, formatCount, formatDuration, formatShare } from './figures.ts'
import type { Paint } from './paint.ts'
import { plainText } from './plain-text.ts'
import { stateCell } from './state-mark.ts'
import { type Cell, formatTable, type TableColumn } from './table.ts'

const STEP_COLUMNS: readonly TableColumn[] = [
  { header: 'dataset' },
  { header: 'state' },
  { header: 'rows', align: 'right' },
  { header: 'quarantined', align: 'right' },
  { header: 'size', align: 'right' },
  { header: 'took', align: 'right' },
  { header: 'note', maxWidth: 70 },
]

/** "prevalence #41  ✓ succeeded  61,204 rows  4.2 s", as the head of everything about a run. */
export function runHead(run: Run, paint: Paint, now: number): string {
  const cell = stateCell(run.state, run.degraded)
  const state = typeof cell === 'string' ? cell : paint(cell.text, cell.style)
  const tookMs = workedMs(run, now)
  const waited = waitedSoFarMs(run, now)
  return [
    paint(`${run.dataType} #${run.runNumber}`, 'bold'),
    state,
    tookMs === null ? '' : formatDuration(tookMs),
    waited < LEAST_WAIT_MS ? '' : `waited ${formatDuration(waited)}`,
    run.attempt > 1 ? `attempt ${run.attempt}` : '',
    plainText(describeOptions(run.options)),
    paint(plainText(run.summary), 'dim'),
  ].filter((part) => part !== '').join('  ')
}

/** What was unusual, by the runs before it. */
export function flagLines({ flags }: Run, paint: Paint): string[] {
  return flags.map((flag) => paint(`! ${flag.dataset === null ? '' : `${flag.dataset}: `}${flagText(flag)}`, 'yellow'))
}

/** What was other, before a pass began, than could be expected. */
export function planChangeLines(planChanges: readonly PlanChange[], paint: Paint): string[] {
  return planChanges.flatMap((change) => [paint(`! ${planChangeHead(change)}`, 'yellow'), ...change.changes.map((sentence) => `    ${plainText(sentence)}`)])
}

/** A table with a line for each step. */
export function stepLines(steps: readonly RunStep[], paint: Paint, now: number): string[] {
  return formatTable(STEP_COLUMNS, steps.map((step) => stepCells(step, now)), paint)
}

function stepCells(step: RunStep, now: number): Cell[] {
  const tookMs = step.durationMs ?? (step.startedAt === null || step.finishedAt !== null ? null : now - Date.parse(step.startedAt))
  return [
    step.dataset,
    stateCell(step.state, step.degraded),
    formatCount(step.rowsOut),
    step.quarantined > 0 ? { text: formatCount(step.quarantined), style: 'yellow' } : '',
    formatBytes(step.sizeBytes),
    tookMs === null ? '' : formatDuration(tookMs),
    step.problem === null ? stepNote(step, now) : { text: step.problem.message, style: 'red' },
  ]
}

function stepNote({ share, note, state, entities, retry, degraded }: RunStep, now: number): Cell {
  if (retry !== null) return { text: retryText(retry, now), style: 'yellow' }
  if (degraded) return { text: note ?? '', style: 'yellow' }
  if (state === 'running') return [formatShare(share), note ?? ''].filter((part) => part !== '').join('  ')
  if (entities !== null && entities.failed > 0) return { text: `${formatCount(entities.failed)} of ${formatCount(entities.total)} entities failed`, style: 'yellow' }
  if (entities !== null && entities.quarantined > 0) return { text: `${formatCount(entities.quarantined)} of ${formatCount(entities.total)} entities in quarantine`, style: 'yellow' }
  return note ?? ''
}

/** Checks that did not hold, the deliveries and the run's problem: what a person reads after the steps. */
export function afterwordLines(detail: RunDetail, paint: Paint): string[] {
  const broken = detail.checks.filter(({ passed }) => !passed)
  const { state, dataType, runNumber } = detail.run
  const passed = detail.checks.length - broken.length
  return [
    ...(detail.checks.length > 0 ? ['', `${passed} of ${detail.checks.length} checks passed`] : []),
    ...broken.map((check) => checkLine(check, paint)),
    ...problemLines(detail.run, paint),
    ...(state === 'waiting' ? ['', `It waits for somebody: strata approve ${dataType}#${runNumber}, or strata reject ${dataType}#${runNumber} --reason ...`] : []),
  ]
}

function checkLine({ dataset, rule, severity, failingRows, message, override }: CheckResult, paint: Paint): string {
  const rows = failingRows === null ? '' : `  ${formatCount(failingRows)} ${failingRows === 1 ? 'row' : 'rows'}`
  if (override !== null) return `${paint('! overridden', 'yellow')}  ${dataset}  ${rule}${rows}  ${plainText(message)}  (${actorText(override.actor)}: ${plainText(override.reason)})`
  return `${paint(severity === 'block' ? '✗ blocks' : severity === 'quarantine' ? '▣ quarantines' : '! warns', severity === 'block' ? 'red' : 'yellow')}  ${dataset}  ${rule}${rows}  ${plainText(message)}`
}

function problemLines({ problem }: Run, paint: Paint): string[] {
  if (problem === null) return []
  return ['', paint(plainText(problem.message), 'red'), ...(problem.hint === null ? [] : [`  try: ${plainText(problem.hint)}`])]
}

const MAX_FILES = 20

/** Files that were taken in, with the sum that must hold: read = loaded + quarantined + skipped. */
export function deliveryLines({ deliveries }: RunDetail, paint: Paint): string[] {
  if (deliveries.length === 0) return []
  return [
    '',
    ...formatTable(
      [{ header: 'file' }, { header: 'into' }, { header: 'read', align: 'right' }, { header: 'loaded', align: 'right' }, { header: 'quarantined', align: 'right' }, { header: 'skipped', align: 'right' }, { header: 'size', align: 'right' }, { header: 'sha256' }],
      deliveries.slice(0, MAX_FILES).map((file) => [
        file.fileName,
        file.dataset,
        formatCount(file.records),
        formatCount(file.loaded),
        file.quarantined > 0 ? { text: formatCount(file.quarantined), style: 'yellow' as const } : '0',
        formatCount(file.skipped),
        formatBytes(file.sizeBytes),
        file.sha256.slice(0, 12),
      ]),
      paint,
    ),
    ...(deliveries.length > MAX_FILES ? [paint(`and ${formatCount(deliveries.length - MAX_FILES)} more files; all with --json`, 'dim')] : []),
  ]
}
