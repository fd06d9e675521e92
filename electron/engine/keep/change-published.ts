import type { Publication, PublicationChange, PublishChange, PublishPreview } from '../../../shared/contract/publish.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { type Actor, actorText } from '../../../shared/domain/actor.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { Promotion, PublicationRow } from '../ledger/publications.store.ts'
import type { Publishing } from '../ledger/publish-changes.ts'
import type { RunRow } from '../ledger/runs.store.ts'
import type { VersionRow } from '../ledger/versions.store.ts'
import type { EngineParts } from '../parts.ts'
import { removedProblem } from './removed-problem.ts'

type Parts = Pick<EngineParts, 'ledger' | 'versions' | 'runs' | 'steps' | 'publications' | 'audit' | 'clock'>

interface Plan {
  kind: Publishing['kind']
  dataType: string
  run: RunRow | null
  /** What it is done to, as people name it. */
  target: string
  changes: { dataset: string; from: VersionRow | null; to: VersionRow | null }[]
  /** The publication that is taken back. */
  undone: PublicationRow | null
}

/** What a change would do. @throws as the change itself would */
export function previewChange(parts: Parts, change: PublishChange): PublishPreview {
  const plan = planChange(parts, change)
  const changed = new Set(plan.changes.map(({ dataset }) => dataset))
  const later = plan.undone === null ? [] : parts.publications.laterOn(plan.undone.id, [...changed])
  const leaving = plan.changes.flatMap(({ from }) => (from === null ? [] : [from]))
  const readers = leaving.flatMap((version) => parts.versions.madeFrom(version.id)).filter((version) => version.isCurrent && !changed.has(version.dataset))
  return {
    changes: plan.changes.map(toChange),
    alsoUndone: later.map((publication) => publicationName(parts, publication)),
    madeFrom: [...new Set(readers.map(({ dataset }) => dataset))].sort(),
  }
}

/** Changes what is current in one transaction, with its reason in the audit trail. */
export function applyChange(parts: Parts, change: PublishChange, by: { actor: Actor; reason: string }): Publication {
  return parts.ledger.write(() => {
    const { kind, dataType, run, target, changes } = planChange(parts, change)
    const at = parts.clock()
    const { actor, reason } = by
    const id = parts.publications.publish({
      kind, dataType, runId: run?.id ?? null, actor: actorText(actor), reason, at, changes: changes.map(({ dataset, to }) => ({ dataset, to: to?.id ?? null })),
    })
    const names = (end: 'from' | 'to'): Record<string, string | null> => Object.fromEntries(changes.map((entry) => [entry.dataset, entry[end] === null ? null : `v${entry[end].number}`]))
    parts.audit.append({ actor, action: kind, target, details: { reason }, before: names('from'), after: names('to') }, at)
    return parts.publications.byId(id)
  })
}

function planChange(parts: Parts, change: PublishChange): Plan {
  const plan = planOf(parts, change)
  const gone = plan.changes.flatMap(({ to }) => (to === null || to.removedAt === null ? [] : [to]))
  if (gone.length > 0) throw removedProblem(gone)
  return plan
}

function planOf(parts: Parts, change: PublishChange): Plan {
  switch (change.kind) {
    case 'rollback_dataset':
      return datasetBack(parts, change)
    case 'rollback_run':
      return runBack(parts, change.run)
    case 'promote_run':
      return runAgain(parts, change.run)
  }
}

function datasetBack(parts: Parts, { dataset, version }: { dataset: string; version?: number | undefined }): Plan {
  const { versions } = parts
  const from = versions.current(dataset)
  if (from === null) throw new ProblemError('NOT_FOUND', `${dataset} has no published version`, { hint: 'There is nothing to roll back', details: { dataset } })
  const to = version === undefined ? versionBefore(parts, from) : versions.find(dataset, version)
  if (to === null) throw new ProblemError('NOT_FOUND', `${dataset} has no version ${version ?? ''}`, { details: { dataset, version } })
  if (to.publishedAt === null) {
    throw new ProblemError('CONFLICT', `${dataset} v${to.number} was never published`, { hint: 'Only a version that was current before can be rolled back to', details: { dataset, version: to.number } })
  }
  if (to.id === from.id) throw new ProblemError('CONFLICT', `${dataset} v${to.number} is current already`, { details: { dataset, version: to.number } })
  return { kind: 'rollback', dataType: dataset.split('.', 1)[0] ?? '', run: null, target: `${dataset} v${to.number}`, changes: [{ dataset, from, to }], undone: null }
}

/** What was current before this version was first published. */
function versionBefore({ versions, publications }: Parts, { id, dataset, number }: VersionRow): VersionRow {
  const earlier = publications.firstPromotionTo(id)?.from ?? null
  if (earlier !== null) return versions.byId(earlier)
  throw new ProblemError('CONFLICT', `${dataset} v${number} is the first that was published; there is nothing before it`, { hint: 'To take it back altogether, roll back its run', details: { dataset } })
}

function runBack(parts: Parts, ref: RunRef): Plan {
  const { versions, publications } = parts
  const run = mustFind(parts, ref)
  const name = runName(ref)
  const standing = publications.standingOfRun(run.id)
  const [undone] = standing
  if (undone === undefined) throw notStanding(parts, run)
  const promotions = beforeAll(standing.flatMap(({ id }) => publications.promotionsOf(id)))
  if (promotions.length === 0) throw new ProblemError('CONFLICT', `${name} published nothing new`, { hint: 'Roll back the run that made the data', details: { ...ref } })
  const changes = promotions.map(({ dataset, from }) => ({ dataset, from: versions.current(dataset), to: from === null ? null : versions.byId(from) }))
  const real = changes.filter(({ from, to }) => from?.id !== to?.id)
  if (real.length === 0) throw new ProblemError('CONFLICT', `${name} is rolled back already`, { details: { ...ref } })
  return { kind: 'rollback', dataType: ref.dataType, run, target: name, changes: real, undone }
}

function notStanding({ publications }: Parts, { id, dataType, runNumber }: RunRow): ProblemError {
  const name = runName({ dataType, runNumber })
  const message = publications.wasPublished(id) ? `${name} is rolled back already` : `${name} was never published`
  return new ProblemError('CONFLICT', message, { hint: 'There is nothing to roll back', details: { dataType, runNumber } })
}

/** What was current before the first of several publications, by dataset. */
function beforeAll(promotions: readonly Promotion[]): Promotion[] {
  return [...Map.groupBy(promotions, ({ dataset }) => dataset).values()].flatMap((ofDataset) => ofDataset[0] ?? [])
}

function runAgain(parts: Parts, ref: RunRef): Plan {
  const { versions, steps } = parts
  const run = mustFind(parts, ref)
  const name = runName(ref)
  if (run.state !== 'succeeded') {
    throw new ProblemError('CONFLICT', `${name} is ${run.state}; only a run that succeeded can be made current`, { hint: run.state === 'failed' ? 'Mend what failed and resume it' : null, details: { ...ref } })
  }
  const made = steps.ofRun(run.id).flatMap((step) => (step.versionId === null || !DONE_STEP_STATES.has(step.state) ? [] : [versions.byId(step.versionId)]))
  const changes = made.filter((version) => !version.isCurrent).map((to) => ({ dataset: to.dataset, from: versions.current(to.dataset), to }))
  if (changes.length === 0) throw new ProblemError('CONFLICT', `Everything that ${name} made is current already`, { details: { ...ref } })
  return { kind: 'promote', dataType: ref.dataType, run, target: name, changes, undone: null }
}

function mustFind({ runs }: Parts, ref: RunRef): RunRow {
  const run = runs.find(ref.dataType, ref.runNumber)
  if (run === null) throw new ProblemError('NOT_FOUND', `There is no run ${runName(ref)}`, { hint: `"strata runs ${ref.dataType}" lists them` })
  return run
}

function publicationName({ runs }: Parts, { kind, dataType, runId }: PublicationRow): string {
  return runId === null ? `${kind} in ${dataType}` : `${kind} of ${runName(runs.byId(runId))}`
}

function runName({ dataType, runNumber }: RunRef): string {
  return `${dataType} #${runNumber}`
}

function toChange({ dataset, from, to }: Plan['changes'][number]): PublicationChange {
  const side = (version: VersionRow | null): PublicationChange['from'] =>
    version === null ? null : { version: version.number, runNumber: version.runNumber, rowCount: version.rowCount }
  return { dataset, from: side(from), to: side(to) }
}
