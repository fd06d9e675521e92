import { z } from 'zod'
import { datasetIdSchema } from './naming.ts'
import { parameterValueSchema } from './run-parameters.ts'

/** How a run is to go, beyond its data type: kept with the run, so that its page says what was asked for. */

/** A step by its dataset's name, with or without the data type; `+` before it takes what it reads too, `+` after it what reads it. */
const STEP_EXPRESSION = /^\+?[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){1,2}\+?$/
export const stepExpressionSchema = z.string().max(200).regex(STEP_EXPRESSION, 'Write a step as zone.name, +zone.name, zone.name+ or +zone.name+')

export const onlySchema = z.enum(['failed', 'stale'])

/** What a person may choose about a run. */
export const runSelectionSchema = z.object({
  /** Steps to look at; empty means all. */
  steps: z.array(stepExpressionSchema).max(1_000).default([]),
  /** This step and everything that reads it. */
  from: z.string().max(200).nullable().default(null),
  /** failed: what failed in its last run, and what reads it. stale: what is not up to date. */
  only: onlySchema.nullable().default(null),
  /** Selected steps run even where nothing changed. */
  force: z.boolean().default(false),
})
export type RunSelection = z.infer<typeof runSelectionSchema>

export const runOptionsSchema = runSelectionSchema.extend({
  /** As given; what was not given has its default. */
  parameters: z.record(z.string(), parameterValueSchema).default({}),
  /** The plan that a person saw before starting. */
  planHash: z.string().max(20_000).nullable().default(null),
  /** Of a further attempt: the step from which all is done again, and whether that which did not change is too. */
  redo: z.object({ from: datasetIdSchema.nullable(), force: z.boolean() }).nullable().default(null),
})
export type RunOptions = z.infer<typeof runOptionsSchema>

/** A plain run of everything. */
export const PLAIN_RUN: RunOptions = runOptionsSchema.parse({})

/** What was asked for beyond a plain run, in a few words: "only raw.orders+, force, since = 2026-01-01"; empty for a plain run. */
export function describeOptions({ steps, from, only, force, parameters, redo }: RunOptions): string {
  return [
    steps.length > 0 ? `only ${steps.join(' ')}` : '',
    from === null ? '' : `from ${from}`,
    only === null ? '' : `only ${only}`,
    force ? 'force' : '',
    ...Object.entries(parameters).map(([name, value]) => `${name} = ${value}`),
    redo === null || redo.from === null ? '' : `again from ${redo.from}`,
    redo?.force === true ? 'forced again' : '',
  ].filter((part) => part !== '').join(', ')
}
