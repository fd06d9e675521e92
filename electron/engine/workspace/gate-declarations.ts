import { type DatasetId, datasetId, didYouMean, NAME_PATTERN, parseDatasetId } from '../../../shared/domain/naming.ts'
import type { FindingList, Place } from './finding-list.ts'
import type { GateSpec } from './model.ts'
import type { GateFile } from './pipeline-file.schema.ts'
import type { YamlDocument } from './yaml-document.ts'

interface Named {
  text: string
  at: Place
}

/** A gate as pipeline.yaml has it, before its datasets are looked up. */
export interface GateDraft {
  name: string
  file: string
  at: Place
  shows: Named[]
  before: Named
  message: string | null
}

export function readGates(gates: Record<string, GateFile>, { document, findings }: { document: YamlDocument; findings: FindingList }): GateDraft[] {
  return Object.entries(gates).flatMap(([name, { shows, before, message }]) => {
    const at = document.place(['gates', name], 'key')
    if (!NAME_PATTERN.test(name)) {
      findings.add({ code: 'bad-name', file: document.file, at, message: `Gate "${name}" must start with a letter and hold only a-z, 0-9 and _ (at most 63)` })
      return []
    }
    const list = typeof shows === 'string' ? [shows] : shows
    const named = list.map((text, i): Named => ({ text, at: document.place(typeof shows === 'string' ? ['gates', name, 'shows'] : ['gates', name, 'shows', i]) }))
    return [{ name, file: document.file, at, shows: named, before: { text: before, at: document.place(['gates', name, 'before']) }, message: message ?? null }]
  })
}

/**
 * Gates with their datasets' whole names. A gate can only show what is made before it.
 * @param order datasets of the data type in the order in which their steps run
 */
export function linkGates(drafts: readonly GateDraft[], { dataType, order, findings }: { dataType: string; order: readonly DatasetId[]; findings: FindingList }): GateSpec[] {
  const short = order.map((id) => shortName(id))
  const look = ({ text, at }: Named, { file, name }: GateDraft): DatasetId | null => {
    const id = toId(text, dataType)
    if (id !== null && order.includes(id)) return id
    findings.add({ code: 'unknown-dataset', file, at, message: `Gate "${name}" names ${text}, which ${dataType} does not make`, suggestion: didYouMean(text, short) })
    return null
  }
  return drafts.flatMap((draft) => {
    const shows = draft.shows.flatMap((shown) => look(shown, draft) ?? [])
    const before = draft.before.text === 'publish' ? 'publish' : look(draft.before, draft)
    if (before === null || shows.length < draft.shows.length) return []
    for (const [i, id] of shows.entries()) {
      if (before === 'publish' || order.indexOf(id) < order.indexOf(before)) continue
      findings.add({
        code: 'gate-order',
        file: draft.file,
        at: draft.shows[i]?.at ?? draft.at,
        message: `Gate "${draft.name}" cannot show ${shortName(id)}: it is not made before ${shortName(before)}`,
        suggestion: 'Show something that is made earlier, or write before: publish',
      })
    }
    return [{ name: draft.name, shows: [...new Set(shows)], before, message: draft.message }]
  })
}

function toId(text: string, dataType: string): DatasetId | null {
  const parsed = parseDatasetId(text.split('.').length === 3 ? text : `${dataType}.${text}`)
  return parsed === null ? null : datasetId(parsed)
}

function shortName(id: DatasetId): string {
  return id.split('.').slice(1).join('.')
}
