import { appendFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { EngineEvent } from '../../../../shared/contract/runs.contract.ts'
import { toProblem } from '../../../../shared/domain/problem.ts'
import { FINISHED_RUN_STATES, type RunState } from '../../../../shared/domain/run-status.ts'
import type { RunRow } from '../../ledger/runs.store.ts'
import type { EngineParts } from '../../parts.ts'
import type { VersionColumns } from '../version-columns.ts'
import { facetMaker, type LineageEvent } from './facets.ts'
import { openOutbox, type Outbox, type OutboxState } from './outbox.ts'
import { endEvents, hasBegun, type RunEventsParts, startEvent } from './run-events.ts'

/** Tells others of runs, in the words of OpenLineage, if the workspace says so. Nothing that goes wrong here touches a run. */
export interface LineageFollower {
  /** The events of a run, made anew from the ledger; of its newest attempt. */
  eventsOf(run: RunRow, signal?: AbortSignal): Promise<LineageEvent[]>
  state(): Promise<OutboxState>
  close(): Promise<void>
}

/** What a command line waits for a server at its end. */
const GRACE_MS = 3_000

export type FollowerParts = EngineParts & { columns: VersionColumns }

/** @param isWriter whether this engine makes the runs; another one only reads */
export async function followRuns(parts: FollowerParts, { isWriter }: { isWriter: boolean }): Promise<LineageFollower> {
  const { log } = parts
  const outbox = isWriter ? await openOutbox({ dir: parts.layout.lineageDir, target: () => targetOf(parts), clock: parts.clock, warn: (text) => log('warn', text) }) : null
  let inLine: Promise<void> = Promise.resolve()
  const hear = (event: EngineEvent): void => {
    if (!concerns(parts, event)) return
    inLine = inLine
      .then(() => tell(parts, outbox, event))
      .catch((error: unknown) => log('warn', `OpenLineage: the events of ${event.dataType ?? ''} #${event.runNumber ?? 0} could not be made: ${toProblem(error).message}`))
  }
  if (isWriter) parts.ledger.onEvents((events) => events.forEach(hear))
  return {
    async eventsOf(run, signal) {
      const made = eventParts(parts)
      const start = startEvent(made, run)
      return [...(start === null ? [] : [start]), ...(await endEvents(made, run, signal))]
    },
    state: async () => (outbox === null ? { waitingBytes: 0, sent: 0, refused: 0, lastSentAt: null, problem: null } : outbox.state()),
    async close() {
      await inLine
      await outbox?.close(GRACE_MS)
    },
  }
}

function concerns({ workspace }: EngineParts, { kind, text }: EngineEvent): boolean {
  const { lineageSink } = workspace.current()
  return kind === 'run' && lineageSink !== null && (text === 'planning' || FINISHED_RUN_STATES.has(text as RunState))
}

async function tell(parts: FollowerParts, outbox: Outbox | null, { dataType, runNumber, text }: EngineEvent): Promise<void> {
  const sink = parts.workspace.current().lineageSink
  const run = dataType === null || runNumber === null ? null : parts.runs.find(dataType, runNumber)
  if (sink === null || run === null) return
  const made = eventParts(parts)
  // A run that goes on behind a gate has begun before.
  const start = text === 'planning' && !hasBegun(made, run) ? startEvent(made, run) : null
  const events = text === 'planning' ? (start === null ? [] : [start]) : await endEvents(made, run)
  if (sink.file !== null) await appendTo(path.join(parts.layout.root, sink.file), events)
  if (sink.endpoint !== null) await outbox?.add(events)
}

async function appendTo(file: string, events: readonly LineageEvent[]): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await appendFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
}

function eventParts(parts: FollowerParts): RunEventsParts {
  const producer = `urn:strata:${parts.engineVersion}`
  const { name, lineageSink } = parts.workspace.current()
  return { ...parts, producer, facet: facetMaker(producer), namespace: lineageSink?.namespace ?? `strata://${name}` }
}

const SECRET = /\{secret:([a-z][a-z0-9_]*)\}|^secret:([a-z][a-z0-9_]*)$/g

async function targetOf({ workspace, secrets }: EngineParts): Promise<{ url: URL; headers: Record<string, string> } | null> {
  const endpoint = workspace.current().lineageSink?.endpoint ?? null
  if (endpoint === null) return null
  const names = Object.values(endpoint.headers).flatMap((value) => [...value.matchAll(SECRET)].flatMap(([, inside, whole]) => inside ?? whole ?? []))
  const values = await secrets.resolve([...new Set(names)])
  const fill = (value: string): string => value.replaceAll(SECRET, (_match, inside?: string, whole?: string) => values[inside ?? whole ?? ''] ?? '')
  return { url: new URL(endpoint.url), headers: Object.fromEntries(Object.entries(endpoint.headers).map(([name, value]) => [name, fill(value)])) }
}
