import type { Attention } from '../../../shared/contract/workspace.contract.ts'
import { countOf } from '../../ui/format.ts'

/** What waits for a person, once per run and kind; the datasets it is about, when there are several. */
export interface Need extends Attention {
  datasets: readonly string[]
}

const MANY: Partial<Record<Attention['kind'], (datasets: number) => string>> = {
  quarantine: (datasets) => `records of ${countOf(datasets, 'dataset')} are in quarantine`,
  warned_check: (datasets) => `checks warn on ${countOf(datasets, 'dataset')}`,
  blocked_check: (datasets) => `checks block ${countOf(datasets, 'dataset')}`,
}

/** Ten warnings of one run are one thing to look at, not ten. Findings are shown elsewhere. */
export function groupNeeds(attention: readonly Attention[]): Need[] {
  const groups = new Map<string, Attention[]>()
  for (const item of attention) {
    if (item.kind === 'finding') continue
    const key = item.runNumber === null ? `${item.kind} ${item.dataset} ${item.text}` : `${item.kind} ${item.dataType}#${item.runNumber}`
    groups.set(key, [...(groups.get(key) ?? []), item])
  }
  return [...groups.values()].flatMap((items): Need[] => {
    const [first] = items
    if (first === undefined) return []
    const say = MANY[first.kind]
    if (items.length === 1 || say === undefined) return items.map((item) => ({ ...item, datasets: [] }))
    return [{ ...first, dataset: null, text: say(items.length), datasets: items.flatMap((item) => item.dataset ?? []) }]
  })
}
