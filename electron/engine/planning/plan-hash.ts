import { createHash } from 'node:crypto'
import type { PlanStep, RunPlan } from '../../../shared/contract/plan.contract.ts'
import type { StepDecision } from './step-decision.ts'

/**
 * A plan as one text: a hash over everything, then five characters a step (what becomes of it, and four digits of why). So a plan
 * can be compared with a later one, and the difference named, without anybody keeping it.
 */
export function hashPlan(head: readonly unknown[], decisions: readonly StepDecision[]): string {
  const steps = decisions.map((decision) => `${letterOf(decision)}${hash(essenceOf(decision)).slice(0, 4)}`)
  const whole = hash([head, decisions.map(essenceOf)]).slice(0, 16)
  return `${whole}:${steps.join('')}`
}

function letterOf({ action, certain }: StepDecision): string {
  if (action === 'run') return certain ? 'r' : 'm'
  return action === 'reuse' ? 'u' : 's'
}

function essenceOf({ step, action, certain, reasons, version, recipe, checks }: StepDecision): unknown[] {
  return [step.dataset, action, certain, reasons.map(({ kind, text }) => [kind, text]), version?.id ?? null, recipe?.fingerprint ?? null, checks.isKept]
}

const WORDS: Readonly<Record<string, string>> = { r: 'to run', m: 'to run if needed', u: 'to be reused', s: 'to be left out' }
const CHANGES_NAMED = 5

/** What is other now than in the plan with that hash, a sentence each; empty when nothing is. */
export function planChanges(before: string, now: RunPlan): string[] {
  if (before === now.hash) return []
  const [, earlier = ''] = before.split(':', 2)
  const [, later = ''] = now.hash.split(':', 2)
  if (earlier.length !== later.length) return ['The pipeline has other steps now']
  const changed = now.steps.flatMap((step, i) => {
    const [was, is] = [earlier, later].map((text) => text.slice(i * 5, i * 5 + 5))
    return was === is ? [] : [sentenceOf(step, { was: was?.charAt(0) ?? '', is: is?.charAt(0) ?? '' })]
  })
  if (changed.length === 0) return ['What was selected, or a parameter, is other now']
  return changed
}

/** As many as a message has room for. */
export function firstChanges(changes: readonly string[]): string[] {
  return changes.length <= CHANGES_NAMED ? [...changes] : [...changes.slice(0, CHANGES_NAMED), `${changes.length - CHANGES_NAMED} more steps`]
}

function sentenceOf({ dataset, reasons }: PlanStep, { was, is }: { was: string; is: string }): string {
  const why = reasons.map(({ text }) => text).join('; ')
  return was === is ? `${dataset} is ${WORDS[is]} for another reason: ${why}` : `${dataset} was ${WORDS[was]}, and is now ${WORDS[is]}: ${why}`
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
