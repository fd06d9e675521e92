import type { PlanReason } from '../../../shared/contract/plan.contract.ts'
import type { StepEnd } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { StepModel } from '../workspace/model.ts'
import type { Recipe } from '../zones/recipe.ts'
import type { SourceFile } from './source-files.ts'

export const NEVER_MADE: PlanReason = { kind: 'new', text: 'Was never made' }

/** What is different from the version that readers see, or from the last one that was made. */
export function recipeReasons(step: StepModel, recipe: Recipe, before: VersionRow | null): PlanReason[] {
  if (before === null) return [NEVER_MADE]
  if (before.recipe === null) return [{ kind: 'unrecorded', text: `v${before.number} is of more than one making, or does not say what it was made from` }]
  const { engine, code, options, sift } = before.recipe
  const reasons: PlanReason[] = []
  if (engine !== recipe.engine) reasons.push({ kind: 'engine', text: `Strata ${recipe.engine} makes it anew, v${before.number} is by Strata ${engine}` })
  if (code !== recipe.code) reasons.push({ kind: 'code', text: `${codeName(step)} changed since #${before.runNumber}` })
  if (options !== recipe.options) reasons.push({ kind: 'options', text: step.kind === 'extract' ? `The source is declared differently since #${before.runNumber}` : `Its key or input changed since #${before.runNumber}` })
  if (sift !== recipe.sift) reasons.push({ kind: 'quarantine', text: `What goes to its quarantine, or was decided there, changed since #${before.runNumber}` })
  return [...reasons, ...parameterReasons(recipe, before.recipe), ...inputReasons(recipe, before.recipe)]
}

function codeName({ kind, zone, name }: StepModel): string {
  return kind === 'entity' ? `${zone}/${name}.ts or what it imports` : `${zone}/${name}.sql`
}

function parameterReasons({ parameters }: Recipe, { parameters: earlier }: Recipe): PlanReason[] {
  const names = new Set([...Object.keys(parameters), ...Object.keys(earlier)])
  return [...names]
    .filter((name) => parameters[name] !== earlier[name])
    .map((name) => ({ kind: 'parameter', text: `${name} is ${parameters[name] ?? 'not used'}, was ${earlier[name] ?? 'not used'}` }))
}

function inputReasons({ inputs }: Recipe, { inputs: earlier }: Recipe): PlanReason[] {
  return Object.entries(inputs).flatMap(([dataset, { version, contentHash }]): PlanReason[] => {
    const was = earlier[dataset]
    if (was === undefined) return [{ kind: 'input', text: `Reads ${dataset}, which it did not before` }]
    return was.contentHash === contentHash ? [] : [{ kind: 'input', text: `${dataset} is v${version}, was v${was.version}` }]
  })
}

const FILES_NAMED = 3

/** What was delivered since the last extraction. */
export function fileReasons(files: readonly SourceFile[], before: readonly { fileName: string; sizeBytes: number; modifiedAt: string }[]): PlanReason[] {
  const earlier = new Map(before.map((file) => [file.fileName, file]))
  const names = new Set(files.map(({ name }) => name))
  const fresh = files.filter(({ name }) => !earlier.has(name)).map(({ name }) => name)
  const changed = files.filter(({ name, sizeBytes, modifiedAt }) => {
    const was = earlier.get(name)
    return was !== undefined && (was.sizeBytes !== sizeBytes || was.modifiedAt !== modifiedAt)
  })
  const gone = before.filter(({ fileName }) => !names.has(fileName)).map(({ fileName }) => fileName)
  return [
    ...fileReason(fresh, 'new'),
    ...fileReason(changed.map(({ name }) => name), 'changed'),
    ...fileReason(gone, 'gone'),
  ]
}

function fileReason(names: readonly string[], what: string): PlanReason[] {
  if (names.length === 0) return []
  const more = names.length > FILES_NAMED ? ` and ${names.length - FILES_NAMED} more` : ''
  return [{ kind: 'files', text: `${names.slice(0, FILES_NAMED).join(', ')}${more} ${names.length === 1 ? 'is' : 'are'} ${what}` }]
}

/** Why a step is to be done again that did not come through when it was last tried. */
export function failureReasons(end: StepEnd | null): PlanReason[] {
  if (end === null) return []
  const { state, runNumber, problem, entitiesFailed } = end
  if (state === 'failed') return [{ kind: 'failed', text: `Failed in #${runNumber}${problem === null ? '' : `: ${problem.message}`}` }]
  if (entitiesFailed > 0) return [{ kind: 'failed', text: `${entitiesFailed.toLocaleString('en')} ${entitiesFailed === 1 ? 'entity' : 'entities'} failed in #${runNumber}` }]
  if (state === 'skipped' || state === 'cancelled') return [{ kind: 'failed', text: `Was not reached in #${runNumber}` }]
  return []
}
