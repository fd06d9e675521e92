import type { QueryClient, QueryKey } from '@tanstack/react-query'
import type { EngineEvent } from '../../shared/contract/runs.contract.ts'
import type { ApiClient, ApiQueries } from './api-client.ts'
import type { EngineConnection } from './engine-connection.ts'
import { effectsOf, type ProgressPatch, type Topic, withLiveProgress, withProgress } from './event-effects.ts'

interface FeedParts {
  client: ApiClient
  queries: ApiQueries
  queryClient: QueryClient
  connection: EngineConnection
}

/** Least time between two questions about the same things, so that a busy run does not make the engine answer all day. */
const REFRESH_MS = 350
const RESUBSCRIBE_MS = 250

/**
 * The one subscription to what happens in the workspace. Progress is written into the query cache in place; everything else
 * marks what is remembered as old. Resumes from the last event seen, so that a lost connection loses nothing.
 */
export class EventFeed {
  readonly #parts: FeedParts
  readonly #listeners = new Set<(events: readonly EngineEvent[]) => void>()
  readonly #topics = new Set<Topic>()
  #timer: ReturnType<typeof setTimeout> | null = null
  #lastSeq: number | null = null

  constructor(parts: FeedParts) {
    this.#parts = parts
  }

  /** Highest event seen, or null before the first. */
  get lastSeq(): number | null {
    return this.#lastSeq
  }

  readonly subscribe = (listener: (events: readonly EngineEvent[]) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Forgets where it was: another workspace counts its events anew. */
  reset(): void {
    this.#lastSeq = null
  }

  start(): () => void {
    const ended = new AbortController()
    void this.#follow(ended.signal)
    return () => {
      ended.abort()
      if (this.#timer !== null) clearTimeout(this.#timer)
      this.#timer = null
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#listen(signal)
      } catch {
        // The connection says why in its own state; here it only means to subscribe again when it is back.
      }
      await untilReady(this.#parts.connection, signal)
    }
  }

  async #listen(signal: AbortSignal): Promise<void> {
    const input = this.#lastSeq === null ? {} : { afterSeq: this.#lastSeq }
    for await (const batch of await this.#parts.client.runs.events(input, { signal })) this.#take(batch)
  }

  #take(events: readonly EngineEvent[]): void {
    if (events.length === 0) return
    this.#lastSeq = Math.max(this.#lastSeq ?? 0, ...events.map((event) => event.seq))
    const { topics, progress } = effectsOf(events)
    this.#writeProgress(progress)
    for (const topic of topics) this.#topics.add(topic)
    if (topics.size > 0) this.#timer ??= setTimeout(() => this.#refresh(), REFRESH_MS)
    for (const listener of [...this.#listeners]) listener(events)
  }

  #writeProgress(patches: readonly ProgressPatch[]): void {
    if (patches.length === 0) return
    const { queries, queryClient } = this.#parts
    for (const { dataType, runNumber } of patches) {
      const key = queries.runs.get.queryKey({ input: { run: { dataType, runNumber } } })
      queryClient.setQueryData(key, (detail) => (detail === undefined ? undefined : withProgress(detail, patches)))
    }
    queryClient.setQueryData(queries.workspace.overview.queryKey(), (overview) => (overview === undefined ? undefined : withLiveProgress(overview, patches)))
  }

  #refresh(): void {
    this.#timer = null
    const topics = [...this.#topics]
    this.#topics.clear()
    for (const topic of topics) {
      for (const queryKey of this.#keysOf(topic)) void this.#parts.queryClient.invalidateQueries({ queryKey, predicate: isMutable })
    }
  }

  #keysOf(topic: Topic): readonly QueryKey[] {
    const { queries } = this.#parts
    const run = refOfTopic(topic)
    if (run !== null) {
      const input = { run }
      if (topic.startsWith('run-log:')) return [queries.runs.logs.key({ input })]
      if (topic.startsWith('run-entities:')) return [queries.runs.entities.key({ input })]
      return [queries.runs.get.key({ input }), queries.runs.quarantine.key({ input }), queries.interventions.stepMarks.key({ input })]
    }
    switch (topic) {
      case 'overview':
        return [queries.workspace.overview.key(), queries.groups.key()]
      case 'runs':
        return [queries.runs.list.key(), queries.queue.key(), queries.schedules.key(), queries.gates.key(), queries.audit.list.key(), queries.quarantine.key()]
      case 'datasets':
        return [queries.datasets.key(), queries.contracts.key(), queries.checks.key(), queries.query.names.key(), queries.query.check.key()]
      case 'lineage':
        return [queries.lineage.key()]
      case 'entities':
        return [queries.entities.key()]
      case 'exports':
        return [queries.exports.key(), queries.audit.list.key()]
      case 'storage':
        return [queries.storage.key(), queries.publish.key()]
      default:
        return [queries.workspace.get.key(), queries.schedules.key(), queries.secrets.key(), queries.cursors.key(), queries.query.saved.key(), queries.views.key(), queries.pipelines.files.key(), queries.pipelines.read.key(), queries.pipelines.check.key()]
    }
  }
}

/** What was asked with IMMUTABLE stays as it is. */
export function isMutable(query: { meta: Record<string, unknown> | undefined }): boolean {
  return query.meta?.['immutable'] !== true
}

function refOfTopic(topic: Topic): { dataType: string; runNumber: number } | null {
  const match = /^run[a-z-]*:(.+)#(\d+)$/.exec(topic)
  const [, dataType, number] = match ?? []
  return dataType === undefined || number === undefined ? null : { dataType, runNumber: Number(number) }
}

/** Resolves a moment after the connection is ready: at once when it is, else when it has come back. */
function untilReady(connection: EngineConnection, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const check = (): void => {
      if (signal.aborted) return finish()
      if (connection.state.phase === 'ready') timer ??= setTimeout(finish, RESUBSCRIBE_MS)
    }
    const finish = (): void => {
      if (timer !== null) clearTimeout(timer)
      unsubscribe()
      signal.removeEventListener('abort', check)
      resolve()
    }
    const unsubscribe = connection.subscribe(check)
    signal.addEventListener('abort', check)
    check()
  })
}
