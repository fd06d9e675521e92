import { closestName } from '../../../shared/domain/naming.ts'
import { isTimeZone } from '../../../shared/domain/zoned-time.ts'
import { cronProblem } from '../schedules/cron-times.ts'
import type { FindingList, Place } from './finding-list.ts'
import type { ScheduleSpec, TriggerSpec } from './model.ts'
import type { ScheduleFile, TriggersFile } from './pipeline-file.schema.ts'
import { listOf } from './source-spec.ts'
import type { YamlDocument } from './yaml-document.ts'

interface At {
  document: YamlDocument
  findings: FindingList
}

/** When a data type runs by itself; null when it says nothing, or nothing that can be kept. */
export function readSchedule(schedule: ScheduleFile | undefined, { document, findings }: At): ScheduleSpec | null {
  if (schedule === undefined) return null
  const timeZone = schedule.time_zone ?? localTimeZone()
  const wrongCron = cronProblem(schedule.cron)
  const isZone = isTimeZone(timeZone)
  if (wrongCron !== null) {
    findings.add({
      code: 'invalid-value', file: document.file, at: document.place(['schedule', 'cron']), message: `"${schedule.cron}" ${wrongCron}`,
      suggestion: 'Write minute, hour, day of month, month, day of week: "0 6 * * 1" is every Monday at 06:00',
    })
  }
  if (!isZone) {
    const meant = closestName(timeZone, Intl.supportedValuesOf('timeZone'))
    findings.add({
      code: 'invalid-value', file: document.file, at: document.place(['schedule', 'time_zone']), message: `"${timeZone}" is no time zone`,
      suggestion: meant === null ? 'Write a name such as Europe/Berlin or UTC' : `Did you mean ${meant}?`,
    })
  }
  return wrongCron === null && isZone ? { cron: schedule.cron, timeZone, missed: schedule.missed ?? 'run_once' } : null
}

/** Data types named under `after`, with the place of each, to be looked up when all are known. */
export interface TriggerDraft extends TriggerSpec {
  afterPlaces: Map<string, { file: string; at: Place }>
}

export const NO_TRIGGERS: TriggerDraft = { files: [], after: [], afterPlaces: new Map() }

/** What else starts a data type. `files: true` stands for every source. */
export function readTriggers(triggers: TriggersFile | undefined, sources: readonly string[], { document, findings }: At): TriggerDraft {
  if (triggers === undefined) return NO_TRIGGERS
  const files = triggers.files === undefined || triggers.files === false ? [] : triggers.files === true ? [...sources] : listOf(triggers.files)
  const known = files.filter((name) => sources.includes(name))
  for (const name of files.filter((candidate) => !known.includes(candidate))) {
    const meant = closestName(name, [...sources])
    findings.add({
      code: 'unknown-source', file: document.file, at: document.place(['triggers', 'files']), message: `Unknown source "${name}"`,
      suggestion: meant === null ? (sources.length === 0 ? 'Declare it under sources' : `Sources: ${sources.join(', ')}`) : `Did you mean ${meant}?`,
    })
  }
  if (triggers.files === true && sources.length === 0) {
    findings.add({ code: 'invalid-value', file: document.file, at: document.place(['triggers', 'files']), message: 'There is no source whose files could be watched', suggestion: 'Remove files' })
  }
  const after = triggers.after === undefined ? [] : listOf(triggers.after)
  const placeOf = (index: number): Place => document.place(typeof triggers.after === 'string' ? ['triggers', 'after'] : ['triggers', 'after', index])
  return { files: known, after, afterPlaces: new Map(after.map((name, index) => [name, { file: document.file, at: placeOf(index) }])) }
}

interface Triggered {
  name: string
  triggers: TriggerDraft
}

/** `after` must name other data types, and must not lead back: runs would start each other for ever. */
export function checkAfter(dataTypes: readonly Triggered[], findings: FindingList): void {
  const byName = new Map(dataTypes.map((dataType) => [dataType.name, dataType]))
  for (const { name, triggers } of dataTypes) {
    for (const [after, { file, at }] of triggers.afterPlaces) {
      if (!byName.has(after)) {
        const meant = closestName(after, [...byName.keys()])
        findings.add({ code: 'unknown-data-type', file, at, message: `Unknown data type "${after}"`, suggestion: meant === null ? `Data types: ${[...byName.keys()].join(', ')}` : `Did you mean ${meant}?` })
      } else if (leadsTo(after, name, byName)) {
        findings.add({ code: 'cycle', file, at, message: `${name} runs after ${after}, and ${after} runs after ${name}: they would start each other for ever`, suggestion: 'Remove one of the two' })
      }
    }
  }
}

function leadsTo(from: string, target: string, byName: ReadonlyMap<string, Triggered>): boolean {
  const seen = new Set<string>()
  const open = [from]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === target) return true
    if (seen.has(name)) continue
    seen.add(name)
    open.push(...(byName.get(name)?.triggers.after ?? []))
  }
  return false
}

function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}
