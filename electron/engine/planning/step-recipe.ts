import { createHash } from 'node:crypto'
import type { ParameterValues } from '../../../shared/domain/run-parameters.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { CheckSpec, StepModel } from '../workspace/model.ts'
import { parametersOf as parametersOfRemote } from '../workspace/remote-model.ts'
import type { Recipe } from '../zones/recipe.ts'
import { type CheckFacts, datedChecks, factsBehind } from '../contracts/check-facts.ts'
import { checkReads, siftRules } from './check-timing.ts'
import { hashProcessor } from './processor-code.ts'
import { hashDeclaration } from './source-files.ts'

export interface RecipeFacts {
  root: string
  engineVersion: string
  /** Every declared parameter of the run. */
  parameters: ParameterValues
  /** The versions it reads. */
  inputs: readonly VersionRow[]
  sift: SiftFacts
}

/** What becomes of rows that do not belong in the version. */
export interface SiftFacts {
  /** Stands for the decisions about the dataset's quarantine; null: there are none. */
  decisions: string | null
  /** Content hash of a dataset that a rule looks at. */
  contentOf(dataset: string): string
  /** For rules that move with the calendar, ms since the epoch. */
  now: number
}

/** What a step would make its version from, with the versions that this run reads. */
export async function makeRecipe(step: StepModel, { root, engineVersion, parameters, inputs, sift }: RecipeFacts): Promise<Recipe> {
  const recipe = {
    engine: engineVersion.split('.', 1)[0] ?? '',
    code: await codeOf(step, root),
    options: optionsOf(step),
    sift: siftOf(step, parameters, sift),
    parameters: parametersOf(step, parameters),
    inputs: Object.fromEntries(inputs.map(({ dataset, number, contentHash }) => [dataset, { version: number, contentHash }])),
  }
  return { ...recipe, fingerprint: fingerprintOf(step, recipe) }
}

/** Numbers of versions are left out: an input that came out the same again is the same input. */
function fingerprintOf(step: StepModel, { engine, code, options, sift, parameters, inputs }: Omit<Recipe, 'fingerprint'>): string {
  const contents = Object.entries(inputs).map(([dataset, { contentHash }]) => [dataset, contentHash])
  return hash([step.kind, engine, code, options, byName(Object.entries(parameters)), byName(contents), ...(sift === '' ? [] : [sift])])
}

function codeOf(step: StepModel, root: string): Promise<string> | string {
  switch (step.kind) {
    case 'extract':
      return ''
    case 'sql':
      return step.fingerprint
    case 'entity':
      return hashProcessor(step.processorPath, root)
  }
}

/** Tries, waits and concurrency change how a result comes about, not what it is. */
function optionsOf(step: StepModel): string {
  const key = step.contract?.key ?? []
  switch (step.kind) {
    case 'extract':
      return hashDeclaration(step.source)
    case 'sql':
      return hash(step.entity === null ? [key] : [key, step.entity.key])
    case 'entity':
      return hash([step.input, step.key, key])
  }
}

function siftOf(step: StepModel, parameters: ParameterValues, { decisions, contentOf, now }: SiftFacts): string {
  const rules = datedChecks(siftRules(step.contract), now)
  if (rules.length === 0 && decisions === null) return ''
  const others = [...new Set(rules.flatMap(checkReads))].filter((dataset) => dataset !== step.dataset)
  const used = Object.entries(parameters).filter(([name]) => rules.some((rule) => rule.kind === 'sql' && rule.sql.includes(name)))
  return hash([rules, decisions, byName(others.map((dataset) => [dataset, contentOf(dataset)])), byName(used), rules.length > 0 ? (step.contract?.key ?? []) : []])
}

/** A processor may look at any of them. */
function parametersOf(step: StepModel, values: ParameterValues): ParameterValues {
  if (step.kind === 'extract') return step.source.remote === undefined ? {} : pick(values, parametersOfRemote(step.source.remote))
  if (step.kind === 'entity') return values
  return pick(values, step.parameters)
}

function pick(values: ParameterValues, names: readonly string[]): ParameterValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)))
}

export interface CheckedVersion {
  contentHash: string
  parameters: ParameterValues
  /** Content hash of the version that a dataset means which a rule looks at; empty when there is none. */
  contentOf(dataset: string): string
  facts: CheckFacts
}

/** Hash of rules and of everything they are held against: equal hashes, equal results. */
export function hashChecks(checks: readonly CheckSpec[], { contentHash, parameters, contentOf, facts }: CheckedVersion): string {
  const targets = [...new Set(checks.flatMap(checkReads))].map((dataset) => [dataset, contentOf(dataset)])
  const used = Object.entries(parameters).filter(([name]) => checks.some((check) => check.kind === 'sql' && check.sql.includes(name)))
  const dated = datedChecks(checks, facts.now)
  return hash([dated, contentHash, byName(targets), byName(used), ...factsBehind(checks, facts)])
}

function byName<T extends readonly unknown[]>(entries: readonly T[]): T[] {
  return entries.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1))
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
