import { existsSync } from 'node:fs'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import type { RunOptions } from '../../../shared/domain/run-options.ts'
import type { ParameterValues } from '../../../shared/domain/run-parameters.ts'
import type { CursorsReader } from '../ledger/cursors.store.ts'
import type { DecisionsReader } from '../ledger/decisions.store.ts'
import type { EntitiesReader } from '../ledger/entities.store.ts'
import type { StepEnd, StepsReader } from '../ledger/steps.store.ts'
import type { VersionMetricsReader } from '../ledger/version-metrics.store.ts'
import type { VersionRow, VersionsReader } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import type { CheckSpec, DataTypeModel, StepModel } from '../workspace/model.ts'
import type { Recipe } from '../zones/recipe.ts'
import type { CheckFacts } from '../contracts/check-facts.ts'
import { checkReads, isLaterCheck } from './check-timing.ts'
import { nameOf, withReaders } from './select-steps.ts'
import { hashChecks, makeRecipe } from './step-recipe.ts'

/** Planning reads; the types say so. */
export interface PlanningParts extends Pick<EngineParts, 'layout' | 'engineVersion' | 'clock'> {
  metrics: VersionMetricsReader
  versions: VersionsReader
  steps: StepsReader
  entities: EntitiesReader
  cursors: CursorsReader
  decisions: DecisionsReader
}

export interface PlannedRun {
  /** Null for a run that is not there yet. */
  id: number | null
  entities: readonly string[] | null
  options: RunOptions
  /** Every declared parameter. */
  parameters: ParameterValues
}

export interface PlannerOptions {
  parts: PlanningParts
  dataType: DataTypeModel
  run: PlannedRun
  signal: AbortSignal
}

/** Rules of a version: their hash, and the step whose results hold for them already; not kept means they must be evaluated. */
export interface CheckState {
  hash: string | null
  keptFrom: number | null
  isKept: boolean
  /** Their names. */
  rules: string[]
  /** The rules themselves: those of the contract and, where columns changed, the one about them. */
  checks: CheckSpec[]
}

export interface ChecksOfVersion {
  step: StepModel
  version: VersionRow
  checks: readonly CheckSpec[]
  which: 'checksHash' | 'laterChecksHash'
}

export const NO_CHECKS: CheckState = { hash: null, keptFrom: null, isKept: true, rules: [], checks: [] }

/** What the names of a pipeline mean while its steps are decided one after the other. */
export class PlanningWorld {
  readonly parts: PlanningParts
  readonly dataType: DataTypeModel
  readonly run: PlannedRun
  readonly signal: AbortSignal
  readonly #own: ReadonlySet<DatasetId>
  readonly #pins: ReadonlyMap<DatasetId, VersionRow>
  /** This run's versions so far; 'unknown' for what has yet to run. */
  readonly #known = new Map<DatasetId, VersionRow | 'unknown' | null>()
  readonly #ends = new Map<DatasetId, StepEnd | null>()
  /** Null: the run does nothing again on purpose, or everything. */
  readonly #redone: ReadonlySet<DatasetId> | null

  constructor({ parts, dataType, run, signal }: PlannerOptions) {
    this.parts = parts
    this.dataType = dataType
    this.run = run
    this.signal = signal
    this.#own = new Set(dataType.steps.map(({ dataset }) => dataset))
    this.#pins = new Map(run.id === null ? [] : parts.versions.pins(run.id).map((version) => [version.dataset, version]))
    const from = run.options.redo?.from ?? null
    this.#redone = from === null ? null : withReaders(dataType.steps, [nameOf(dataType, from)])
  }

  /** What a dataset means that this run does not make. Other data types mean what was pinned when the run was planned; for a plan, what is current. */
  standing(dataset: DatasetId): VersionRow | null {
    const pinned = this.#pins.get(dataset)
    if (pinned !== undefined) return pinned
    return this.#own.has(dataset) || this.run.id === null ? this.parts.versions.current(dataset) : null
  }

  resolve(dataset: DatasetId): VersionRow | 'unknown' | null {
    const found = this.#known.get(dataset)
    return found === undefined ? this.standing(dataset) : found
  }

  learnt(dataset: DatasetId): VersionRow | null {
    const known = this.#known.get(dataset)
    return known === undefined || known === 'unknown' ? null : known
  }

  learn(dataset: DatasetId, version: VersionRow | 'unknown' | null): void {
    this.#known.set(dataset, version)
  }

  /** How the dataset's step ended in its last run before this one. */
  endOf(dataset: DatasetId): StepEnd | null {
    const known = this.#ends.get(dataset)
    if (known !== undefined) return known
    const end = this.parts.steps.lastEnd(dataset, this.run.id)
    this.#ends.set(dataset, end)
    return end
  }

  isRedone(dataset: DatasetId): boolean {
    return this.#redone?.has(dataset) === true
  }

  isForced(dataset: DatasetId): boolean {
    const { force, redo } = this.run.options
    return force || (redo?.force === true && (this.#redone === null || this.#redone.has(dataset)))
  }

  /** Its files are there and, as far as anybody looked, as they were written. */
  isUsable({ id, dataset, number, removedAt }: VersionRow): boolean {
    return removedAt === null && !this.parts.versions.isDamaged(id) && existsSync(this.parts.layout.versionDir(dataset, number))
  }

  recipeOf(step: StepModel, inputs: readonly VersionRow[]): Promise<Recipe> {
    const { layout, engineVersion } = this.parts
    const contentOf = (dataset: DatasetId): string => {
      const found = this.resolve(dataset)
      return found === null || found === 'unknown' ? '' : found.contentHash
    }
    const sift = { decisions: this.parts.decisions.hashOf(step.dataset), contentOf, now: this.parts.clock() }
    return makeRecipe(step, { root: layout.root, engineVersion, parameters: this.run.parameters, inputs, sift })
  }

  /** Rules that can be evaluated as soon as the step is done. */
  checksNow(step: StepModel): CheckSpec[] {
    return (step.contract?.checks ?? []).filter((check) => !isLaterCheck(this.dataType, step, check))
  }

  /** What rules about a version are held against besides rows. */
  factsOf(version: VersionRow, checks: readonly CheckSpec[]): CheckFacts {
    const { versions, metrics, clock } = this.parts
    const looksBack = Math.max(1, ...checks.map((check) => (check.kind === 'anomaly' ? check.window : 0)))
    const earlier = checks.some(({ kind }) => kind === 'growth' || kind === 'anomaly') ? versions.publishedBefore(version, looksBack) : []
    const measures = metrics.of(earlier.map(({ id }) => id))
    const [before] = earlier
    return {
      now: clock(),
      before: before === undefined ? null : { version: before.number, rowCount: before.rowCount },
      deliveredAt: checks.some(({ kind }) => kind === 'freshness') ? versions.newestDelivery(version.id) : null,
      history: earlier.map(({ rowCount }, i) => ({ ...measures[i], rows: rowCount })),
    }
  }

  /** The rule that the columns of a version stay as they were; none where they did, or may change. */
  driftRule({ drift: policy }: StepModel, version: VersionRow): CheckSpec[] {
    const drift = policy === 'evolve' ? null : this.parts.metrics.driftOf(version.id)
    return drift === null || drift.changes.length === 0 || policy === 'evolve' ? [] : [{ kind: 'drift', rule: 'drift', severity: policy, ...drift }]
  }

  checksOf({ step, version, checks: declared, which }: ChecksOfVersion): CheckState {
    const checks = which === 'checksHash' ? [...declared, ...this.driftRule(step, version)] : [...declared]
    if (checks.length === 0) return NO_CHECKS
    const rules = checks.map(({ rule }) => rule)
    const find = (dataset: DatasetId): VersionRow | 'unknown' | null => (dataset === step.dataset ? version : this.resolve(dataset))
    if (checks.flatMap(checkReads).map(find).includes('unknown')) return { hash: null, keptFrom: null, isKept: false, rules, checks }
    const contentOf = (dataset: DatasetId): string => {
      const found = find(dataset)
      return found === null || found === 'unknown' ? '' : found.contentHash
    }
    const hash = hashChecks(checks, { contentHash: version.contentHash, parameters: this.run.parameters, contentOf, facts: this.factsOf(version, checks) })
    const keptFrom = this.parts.steps.withChecks(version.id, which, hash)
    return { hash, keptFrom, isKept: keptFrom !== null, rules, checks }
  }
}
