import type { EngineEvent, RunDetail, RunRef } from '../../shared/contract/runs.contract.ts'
import type { Overview } from '../../shared/contract/workspace.contract.ts'

/** What a batch of events means for what the window remembers: topics to ask again, and progress to write in place. */
export interface EventEffects {
  topics: ReadonlySet<Topic>
  progress: readonly ProgressPatch[]
}

/** `run:<data type>#<n>` concerns one run, the others a whole list. */
export type Topic = 'overview' | 'runs' | 'datasets' | 'lineage' | 'entities' | 'exports' | 'storage' | 'workspace' | `run:${string}` | `run-entities:${string}` | `run-log:${string}`

export interface ProgressPatch extends RunRef {
  dataset: string
  share: number | null
  note: string | null
}

const TOPICS_OF_KIND: Readonly<Record<EngineEvent['kind'], readonly Topic[]>> = {
  run: ['overview', 'runs'],
  plan: [],
  step: ['overview'],
  entities: [],
  progress: [],
  log: [],
  publish: ['overview', 'datasets', 'lineage', 'entities', 'runs', 'storage'],
  export: ['exports'],
  storage: ['storage', 'overview', 'datasets'],
  workspace: ['workspace', 'overview', 'datasets', 'lineage'],
}

export function effectsOf(events: readonly EngineEvent[]): EventEffects {
  const topics = new Set<Topic>()
  const progress = new Map<string, ProgressPatch>()
  for (const event of events) {
    for (const topic of TOPICS_OF_KIND[event.kind]) topics.add(topic)
    if (event.dataType === null || event.runNumber === null) continue
    const run = { dataType: event.dataType, runNumber: event.runNumber }
    const name = runKey(run)
    if (event.kind === 'progress') {
      if (event.dataset !== null) progress.set(`${name} ${event.dataset}`, { ...run, dataset: event.dataset, share: event.share, note: event.text })
    } else if (event.kind === 'log') topics.add(`run-log:${name}`)
    else {
      topics.add(`run:${name}`)
      if (event.kind !== 'publish' && event.kind !== 'plan') topics.add(`run-entities:${name}`)
    }
  }
  return { topics, progress: [...progress.values()] }
}

export function runKey({ dataType, runNumber }: RunRef): string {
  return `${dataType}#${runNumber}`
}

/** The run's detail with the progress written into its steps; the same object when nothing changed. */
export function withProgress(detail: RunDetail, patches: readonly ProgressPatch[]): RunDetail {
  const mine = patches.filter((patch) => patch.dataType === detail.run.dataType && patch.runNumber === detail.run.runNumber)
  if (mine.length === 0) return detail
  return {
    ...detail,
    steps: detail.steps.map((step) => {
      const patch = mine.find((candidate) => candidate.dataset === step.dataset)
      return patch === undefined ? step : { ...step, share: patch.share, note: patch.note ?? step.note }
    }),
  }
}

/** The zone map with the progress written into the cards of living runs. */
export function withLiveProgress(overview: Overview, patches: readonly ProgressPatch[]): Overview {
  return {
    ...overview,
    cards: overview.cards.map((card) => {
      const patch = patches.find((candidate) => candidate.dataset === card.dataset && candidate.runNumber === card.live?.runNumber)
      return patch === undefined || card.live === null ? card : { ...card, live: { ...card.live, share: patch.share } }
    }),
  }
}
