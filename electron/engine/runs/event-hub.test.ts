import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { EngineEvent } from '../../../shared/contract/runs.contract.ts'
import { createEventsStore, type EventsStore } from '../ledger/events.store.ts'
import { type Ledger, openLedger } from '../ledger/ledger.ts'
import { createEventHub, type EventHub } from './event-hub.ts'

let dir: string
let ledger: Ledger
let events: EventsStore
let hub: EventHub

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'strata-hub-'))
  ledger = await openLedger(path.join(dir, 'ledger.sqlite'))
  events = createEventsStore(ledger)
  hub = createEventHub({ ledger, events, clock: () => 0 })
})

afterEach(async () => {
  hub.close()
  ledger.close()
  await rm(dir, { recursive: true })
})

const append = (text: string): void => ledger.write(() => events.append({ kind: 'run', text }, 0))

async function take(stream: AsyncGenerator<EngineEvent[]>, count: number): Promise<EngineEvent[]> {
  const taken: EngineEvent[] = []
  while (taken.length < count) {
    const next = await stream.next()
    if (next.done === true) break
    taken.push(...next.value)
  }
  return taken
}

it('replays what was missed, then goes on live, without a gap and without a repeat', async () => {
  for (const text of ['a', 'b', 'c']) append(text)
  const stream = hub.subscribe(1, undefined)
  const missed = take(stream, 2)
  expect((await missed).map((event) => event.text)).toEqual(['b', 'c'])
  const live = take(stream, 2)
  append('d')
  append('e')
  expect((await live).map((event) => [event.seq, event.text])).toEqual([[4, 'd'], [5, 'e']])
})

it('starts with what comes next when no number is given', async () => {
  append('old')
  const stream = hub.subscribe(undefined, undefined)
  const live = take(stream, 1)
  append('new')
  expect((await live).map((event) => event.text)).toEqual(['new'])
})

it('keeps only the newest progress of a dataset for a slow reader, and gives it the last durable number', async () => {
  append('a')
  const stream = hub.subscribe(1, undefined)
  const first = take(stream, 1)
  append('b')
  await first
  for (let step = 1; step <= 50; step += 1) hub.progress({ dataType: 'drugs', runNumber: 1, dataset: 'drugs.raw.a', share: step / 50, text: null })
  const batch = await stream.next()
  expect(batch.value).toMatchObject([{ kind: 'progress', share: 1, seq: 2 }])
})

it('ends every subscription when it closes, and one when its signal aborts', async () => {
  const cancel = new AbortController()
  const [cancelled, other] = [hub.subscribe(0, cancel.signal), hub.subscribe(0, undefined)]
  const ends = [cancelled.next(), other.next()]
  cancel.abort()
  expect((await ends[0])?.done).toBe(true)
  hub.close()
  expect((await ends[1])?.done).toBe(true)
})
