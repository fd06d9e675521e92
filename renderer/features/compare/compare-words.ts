import type { ComparedCheck, ComparedStep, RunDiff } from '../../../shared/contract/compare.contract.ts'
import type { Run, RunStep } from '../../../shared/contract/runs.contract.ts'
import { formatAbsolute, formatCount, formatDuration } from '../../ui/format.ts'
import { triggerWord } from '../../ui/trigger-word.ts'

/** One line of two runs side by side. */
export interface FactLine {
  name: string
  from: string
  to: string
  /** "same", or how the newer differs. */
  difference: string
  differs: boolean
}

/** The lines of the head of a comparison, in the order of interest. */
export function factLines(diff: RunDiff): FactLine[] {
  const { from, to, steps, checks, deliveries, options } = diff
  return [
    { ...line('Started', [startedText(from), startedText(to)], laterText(from, to)), differs: false },
    line('Duration', [durationText(from), durationText(to)], durationDifference(from.durationMs, to.durationMs)),
    ...options.map((option) => line(option.name, [option.from ?? 'not given', option.to ?? 'not given'], 'changed')),
    line('Code', [stepCount(steps, 'from'), stepCount(steps, 'to')], codeDifference(steps)),
    line('Files', [fileCount(steps, 'from'), fileCount(steps, 'to')], deliveries.length === 0 ? SAME : `${formatCount(deliveries.length)} of new content, added or gone`),
    line('Rows out', [formatCount(from.rowsOut), formatCount(to.rowsOut)], countDifference(from.rowsOut, to.rowsOut)),
    line('Quarantined', [formatCount(from.quarantined), formatCount(to.quarantined)], countDifference(from.quarantined, to.quarantined)),
    line('Checks', [checkText(checks, 'from'), checkText(checks, 'to')], checkDifference(checks)),
    ...entityLine(steps),
  ]
}

const SAME = 'same'

function line(name: string, [from, to]: readonly [string, string], difference: string): FactLine {
  return { name, from, to, difference, differs: difference !== SAME && difference !== '' }
}

function startedText(run: Run): string {
  return `${formatAbsolute(run.startedAt ?? run.queuedAt)}, ${triggerWord(run.trigger).toLowerCase()}`
}

function laterText(from: Run, to: Run): string {
  const ms = Date.parse(to.queuedAt) - Date.parse(from.queuedAt)
  const word = ms < 0 ? 'earlier' : 'later'
  const days = Math.round(Math.abs(ms) / 86_400_000)
  return days >= 2 ? `${days} days ${word}` : `${formatDuration(Math.abs(ms))} ${word}`
}

function durationText({ durationMs }: Run): string {
  return durationMs === null ? 'not over' : formatDuration(durationMs)
}

/** "3.4 s faster (−7 %)"; differences below a twentieth are none. */
export function durationDifference(from: number | null, to: number | null): string {
  if (from === null || to === null || from === 0) return ''
  const change = (to - from) / from
  if (Math.abs(change) < 0.05 || Math.abs(to - from) < 50) return SAME
  const percent = `${change < 0 ? '−' : '+'}${formatCount(Math.round(Math.abs(change) * 100))} %`
  return `${formatDuration(Math.abs(to - from))} ${change < 0 ? 'faster' : 'slower'} (${percent})`
}

/** "+242", "−3", "same". */
export function countDifference(from: number | null, to: number | null): string {
  if (from === null || to === null) return ''
  if (from === to) return SAME
  return `${to > from ? '+' : '−'}${formatCount(Math.abs(to - from))}`
}

type SideName = 'from' | 'to'

function sidesOf(steps: readonly ComparedStep[], side: SideName): RunStep[] {
  return steps.flatMap((step) => step[side] ?? [])
}

function stepCount(steps: readonly ComparedStep[], side: SideName): string {
  const count = sidesOf(steps, side).length
  return `${formatCount(count)} ${count === 1 ? 'step' : 'steps'}`
}

function codeDifference(steps: readonly ComparedStep[]): string {
  const changed = steps.filter((step) => step.code !== 'same' && step.code !== 'unknown').length
  if (changed > 0) return `${formatCount(changed)} ${changed === 1 ? 'step' : 'steps'} changed`
  return steps.some((step) => step.code === 'unknown') ? 'not recorded' : SAME
}

function fileCount(steps: readonly ComparedStep[], side: SideName): string {
  const extracts = sidesOf(steps, side).filter((step) => step.kind === 'extract')
  const read = extracts.reduce((sum, step) => sum + (step.rowsIn ?? 0), 0)
  return extracts.length === 0 ? 'none' : `${formatCount(read)} records of ${formatCount(extracts.length)} ${extracts.length === 1 ? 'source' : 'sources'}`
}

function checkText(checks: readonly ComparedCheck[], side: SideName): string {
  const evaluated = checks.flatMap((check) => check[side] ?? [])
  return evaluated.length === 0 ? 'none' : `${evaluated.filter((check) => check.passed).length} of ${evaluated.length} hold`
}

function checkDifference(checks: readonly ComparedCheck[]): string {
  const worse = checks.filter(({ from, to }) => to?.passed === false && from?.passed !== false).length
  const better = checks.filter(({ from, to }) => from?.passed === false && to?.passed === true).length
  const parts = [worse > 0 ? `${worse} broken now` : '', better > 0 ? `${better} mended` : ''].filter((part) => part !== '')
  return parts.length === 0 ? SAME : parts.join(', ')
}

function entityLine(steps: readonly ComparedStep[]): FactLine[] {
  const sum = (side: SideName, name: 'total' | 'failed'): number => sidesOf(steps, side).reduce((total, step) => total + (step.entities?.[name] ?? 0), 0)
  if (sum('from', 'total') + sum('to', 'total') === 0) return []
  const text = (side: SideName): string => `${formatCount(sum(side, 'total'))}, ${formatCount(sum(side, 'failed'))} failed`
  return [line('Entities', [text('from'), text('to')], countDifference(sum('from', 'failed'), sum('to', 'failed')) === SAME ? countDifference(sum('from', 'total'), sum('to', 'total')) : `${countDifference(sum('from', 'failed'), sum('to', 'failed'))} failed`)]
}
