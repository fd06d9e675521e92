import { z } from 'zod'

/** What was unusual about a run or one of its steps, measured by the runs before it. */
export const runFlagSchema = z.object({
  kind: z.enum(['slower', 'fewer_rows', 'more_rows']),
  /** The step it is about; null: the run as a whole. */
  dataset: z.string().nullable(),
  /** Value over median: 3.1, or 0.59 for 41 % fewer. */
  ratio: z.number(),
  /** How many earlier values the median is of. */
  of: z.int(),
})
export type RunFlag = z.infer<typeof runFlagSchema>

/** One execution of a step. */
export interface StepMeasure {
  durationMs: number | null
  rows: number | null
}

/** A step that was executed, and its executions before, newest first. */
export interface MeasuredStep extends StepMeasure {
  dataset: string
  earlier: readonly StepMeasure[]
}

/** Earlier values that are looked at. */
export const FLAG_WINDOW = 10
/** With fewer there is nothing usual yet. */
const LEAST_EARLIER = 3
const SLOWER_RATIO = 2
/** Below this, a ratio of times is noise. */
const SLOWER_MS = 1_000
const FEWER_RATIO = 0.8
const MORE_RATIO = 1.5

/** Flags of a run: its executed steps one by one, and all of them together against the sum of their medians. */
export function runFlags(steps: readonly MeasuredStep[]): RunFlag[] {
  return [...wholeRun(steps), ...steps.flatMap(stepFlags)]
}

export function stepFlags({ dataset, durationMs, rows, earlier }: MeasuredStep): RunFlag[] {
  const recent = earlier.slice(0, FLAG_WINDOW)
  return [...slower(dataset, durationMs, valuesOf(recent, 'durationMs')), ...rowFlags(dataset, rows, valuesOf(recent, 'rows'))]
}

function wholeRun(steps: readonly MeasuredStep[]): RunFlag[] {
  const known = steps.flatMap(({ durationMs, earlier }) => {
    const values = valuesOf(earlier.slice(0, FLAG_WINDOW), 'durationMs')
    return durationMs === null || values.length < LEAST_EARLIER ? [] : [{ durationMs, usual: median(values), of: values.length }]
  })
  const usual = known.reduce((sum, step) => sum + step.usual, 0)
  const took = known.reduce((sum, step) => sum + step.durationMs, 0)
  return isSlower(took, usual) ? [{ kind: 'slower', dataset: null, ratio: took / usual, of: Math.max(...known.map((step) => step.of)) }] : []
}

function slower(dataset: string, durationMs: number | null, earlier: readonly number[]): RunFlag[] {
  if (durationMs === null || earlier.length < LEAST_EARLIER) return []
  const usual = median(earlier)
  return isSlower(durationMs, usual) ? [{ kind: 'slower', dataset, ratio: durationMs / usual, of: earlier.length }] : []
}

function isSlower(tookMs: number, usualMs: number): boolean {
  return usualMs > 0 && tookMs >= SLOWER_RATIO * usualMs && tookMs - usualMs >= SLOWER_MS
}

function rowFlags(dataset: string, rows: number | null, earlier: readonly number[]): RunFlag[] {
  const usual = median(earlier)
  if (rows === null || earlier.length < LEAST_EARLIER || usual === 0) return []
  const ratio = rows / usual
  if (ratio <= FEWER_RATIO) return [{ kind: 'fewer_rows', dataset, ratio, of: earlier.length }]
  return ratio >= MORE_RATIO ? [{ kind: 'more_rows', dataset, ratio, of: earlier.length }] : []
}

function valuesOf(measures: readonly StepMeasure[], name: keyof StepMeasure): number[] {
  return measures.flatMap((measure) => measure[name] ?? [])
}

/** The middle value; of an even number of values, the mean of the two in the middle. 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}

/** "3.1 times slower than the median of the last 10", "41 % fewer rows than the median of the last 10". */
export function flagText({ kind, ratio, of }: RunFlag): string {
  const than = `than the median of the last ${of}`
  if (kind === 'slower') return `${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(1)} times slower ${than}`
  if (kind === 'fewer_rows') return `${Math.round((1 - ratio) * 100)} % fewer rows ${than}`
  return `${Math.round((ratio - 1) * 100)} % more rows ${than}`
}
