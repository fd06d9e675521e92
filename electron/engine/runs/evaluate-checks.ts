import { randomUUID } from 'node:crypto'
import { mkdir, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { DatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { EngineParts } from '../parts.ts'
import type { StepRow } from '../ledger/steps.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import { checkReads } from '../planning/check-timing.ts'
import type { CheckFinding, EvaluatedCheck, KeepRows } from '../workers/checks.wire.ts'
import { whenAbsent } from '../zones/when-absent.ts'
import type { CheckSpec, StepModel } from '../workspace/model.ts'
import type { RunContext } from './run-context.ts'
import { versionSource } from './version-source.ts'

/** Somebody let the version that a step has made pass in spite of every rule that blocks it: it is not to be made again. */
export function isLetPass({ checks, marks }: Pick<EngineParts, 'checks' | 'marks'>, { versionId }: StepRow): boolean {
  if (versionId === null || marks.overridden(versionId).size === 0) return false
  return checks.ofVersion(versionId).every(({ passed, severity, override }) => passed || severity !== 'block' || override !== null)
}

export interface CheckRequest {
  step: StepModel
  stepId: number
  version: VersionRow
  checks: readonly CheckSpec[]
  /** Results of other rules of the step, which stay beside the new ones. Null: the step has none. */
  earlier: readonly CheckFinding[] | null
}

/**
 * Evaluates rules of a version before it can be published and keeps the results.
 * @throws CHECK_BLOCKED when a rule with severity `block` does not hold and nobody has overridden it for this version
 */
export async function evaluateChecks(context: RunContext, { step, stepId, version, checks, earlier }: CheckRequest): Promise<CheckFinding[]> {
  const { parts, run, signal, log } = context
  if (checks.length === 0) return [...(earlier ?? [])]
  const missing = (check: CheckSpec): DatasetId | undefined => checkReads(check).find((dataset) => dataset !== step.dataset && context.resolve(dataset) === null)
  const evaluable = checks.filter((check) => missing(check) === undefined)
  const unanswered = checks.flatMap((check) => {
    const dataset = missing(check)
    return dataset === undefined ? [] : [withoutTarget(step, check, dataset)]
  })
  const reads = [...new Set(evaluable.flatMap(checkReads))].filter((dataset) => dataset !== step.dataset).map((dataset) => context.source(dataset, step.dataset))
  const target = versionSource(parts.layout, parts.versions, version)
  const request = async () => ({ target, dataType: run.dataType, reads, checks: [...evaluable], variables: context.variables, facts: context.planner.factsOf(version, evaluable), keep: await placeForRows(parts, version) })
  const answered = evaluable.length === 0 ? [] : await context.worker().call('checks', await request(), { signal })
  const evaluated = [...answered, ...unanswered]
  const results = [...(earlier ?? []), ...evaluated]
  parts.checks.save({ stepId, versionId: version.id, at: parts.clock(), isFirst: earlier === null }, evaluated)
  parts.metrics.save(version.id, Object.assign({}, ...evaluated.map(({ metrics }) => metrics)))
  await removeOldRows(parts, version)
  for (const result of evaluated) {
    if (!result.passed) log.write(result.severity === 'block' ? 'error' : 'warn', `${result.rule}: ${result.message}`, step.dataset)
  }
  refuseBlocked(step, results, new Set(parts.marks.overridden(version.id).keys()))
  return results
}

async function placeForRows({ layout }: EngineParts, { dataset, number }: VersionRow): Promise<KeepRows> {
  const dir = layout.failingDir(dataset, number)
  await mkdir(dir, { recursive: true })
  return { dir, prefix: randomUUID() }
}

/** Rows that no result names any more. */
async function removeOldRows({ layout, checks, durable }: EngineParts, { id, dataset, number }: VersionRow): Promise<void> {
  const dir = layout.failingDir(dataset, number)
  const named = new Set(checks.keptFiles(id))
  const files = await readdir(dir).catch(whenAbsent([]))
  for (const file of files) if (!named.has(file)) await durable.remove(path.join(dir, file))
  if (named.size === 0) await durable.remove(dir)
}

function withoutTarget(step: StepModel, check: CheckSpec, dataset: DatasetId): EvaluatedCheck {
  return {
    dataset: step.dataset,
    rule: check.rule,
    column: 'column' in check ? check.column : null,
    severity: check.severity,
    passed: false,
    failingRows: null,
    message: `${dataset} has no published version to check against. Run ${dataset.split('.', 1)[0] ?? ''} first`,
    measure: null,
    kept: null,
    metrics: {},
    durationMs: 0,
  }
}

function refuseBlocked(step: StepModel, results: readonly CheckFinding[], overridden: ReadonlySet<string>): void {
  const blocking = results.filter((result) => !result.passed && result.severity === 'block' && !overridden.has(result.rule))
  const [first] = blocking
  if (first === undefined) return
  const others = blocking.length === 1 ? '' : ` and ${blocking.length - 1} more`
  throw new ProblemError('CHECK_BLOCKED', `${step.dataset} breaks ${first.rule}${others}: ${first.message}. Nothing was published`, {
    hint: 'Mend the data or the step, then resume. Or let it pass with a reason: "strata override"',
    details: { dataset: step.dataset, rules: blocking.map((result) => result.rule), errorClass: 'bad_data' },
  })
}
