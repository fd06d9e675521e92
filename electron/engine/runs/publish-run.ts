import { ENGINE_ACTOR } from '../../../shared/domain/actor.ts'
import { DONE_STEP_STATES } from '../../../shared/domain/run-status.ts'
import type { EngineParts } from '../parts.ts'
import type { RunContext } from './run-context.ts'

/**
 * Everything the run made becomes current together with the run's success, or nothing does. Newer data are never replaced by older ones
 * in passing: a run that waited, or was resumed, while a later one published, ends with its versions made and not current. Who wants
 * them all the same promotes the run, with a reason.
 */
export function publishRun({ parts, run, log }: RunContext): void {
  const { ledger, steps, versions, runs, publications, clock, audit, marks, entities } = parts
  const name = `${run.dataType} #${run.runNumber}`
  const newer = ledger.write(() => {
    const rows = steps.ofRun(run.id)
    const made = rows.flatMap((row) => (row.versionId === null || !DONE_STEP_STATES.has(row.state) ? [] : [versions.byId(row.versionId)]))
    const fresh = made.filter((version) => !version.isCurrent)
    const replaced = fresh.flatMap(({ dataset }) => versions.current(dataset) ?? [])
    const inTheWay = publications.overtakenBy(run.id)
    if (inTheWay === null) versions.promote(run.id, fresh.map((version) => version.id), clock())
    const { quarantined } = runs.byId(run.id)
    const { failed: entitiesFailed = 0, quarantined: entitiesQuarantined = 0 } = entities.countsOfRun(run.id)
    const { overridden, leftOut } = marks.exceptionsOf(run.id)
    const stoodIn = rows.filter((row) => row.isDegraded).length
    const degraded = inTheWay !== null || quarantined + entitiesFailed + entitiesQuarantined + overridden + leftOut + stoodIn > 0
    const rowCount = made.reduce((sum, version) => sum + version.rowCount, 0)
    const summary = summarise({ datasets: made.length, fresh: fresh.length, rows: rowCount, quarantined, entitiesFailed, entitiesQuarantined, overridden, leftOut, stoodIn }, inTheWay)
    runs.transition(run.id, 'succeeded', { finishedAt: clock(), degraded, summary })
    noteDown({ audit, clock }, { run, name, before: namesOf(replaced), after: namesOf(fresh), inTheWay })
    return inTheWay
  })
  if (newer === null) log.write('info', `${name} is published: ${runs.byId(run.id).summary}`)
  else log.write('warn', `${name} is done and not published: #${newer} has published newer data since. "strata promote" makes it current all the same`)
}

interface Published {
  run: RunContext['run']
  name: string
  before: Record<string, string>
  after: Record<string, string>
  inTheWay: number | null
}

function noteDown({ audit, clock }: Pick<EngineParts, 'audit' | 'clock'>, { run, name, before, after, inTheWay }: Published): void {
  const act = inTheWay === null ? { action: 'publish', details: { trigger: run.trigger } } : { action: 'publish_withheld', details: { trigger: run.trigger, newer: `#${inTheWay}` } }
  audit.append({ actor: ENGINE_ACTOR, target: name, ...act, before, after }, clock())
}

function namesOf(rows: readonly { dataset: string; number: number }[]): Record<string, string> {
  return Object.fromEntries(rows.map(({ dataset, number }) => [dataset, `v${number}`]))
}

type PublishCounts = Record<'datasets' | 'fresh' | 'rows' | 'quarantined' | 'entitiesFailed' | 'entitiesQuarantined' | 'overridden' | 'leftOut' | 'stoodIn', number>

function summarise({ datasets, fresh, rows, ...exceptions }: PublishCounts, inTheWay: number | null): string {
  const withheld = inTheWay === null ? [] : [`Not published: #${inTheWay} has published newer data since`]
  const where = `in ${number(datasets)} ${datasets === 1 ? 'dataset' : 'datasets'}`
  const parts = [...withheld, fresh === 0 ? `Nothing new ${where}` : `${number(rows)} ${rows === 1 ? 'row' : 'rows'} ${where}`]
  return [...parts, ...EXCEPTIONS.flatMap(([key, one, several]) => (exceptions[key] === 0 ? [] : [`${number(exceptions[key])} ${exceptions[key] === 1 ? one : several}`]))].join('; ')
}

const EXCEPTIONS = [
  ['quarantined', 'record quarantined', 'records quarantined'],
  ['entitiesFailed', 'entity failed', 'entities failed'],
  ['entitiesQuarantined', 'entity quarantined', 'entities quarantined'],
  ['overridden', 'check overridden', 'checks overridden'],
  ['leftOut', 'step left out', 'steps left out'],
  ['stoodIn', 'optional source from an earlier run', 'optional sources from an earlier run'],
] as const

function number(value: number): string {
  return value.toLocaleString('en')
}
